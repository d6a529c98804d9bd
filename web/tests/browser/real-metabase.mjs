/** Pages that were written for Metabase against the product: two clients with a database each, tokens signed as such sites sign them. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sqlite from 'sql.js';
import { accessible, clean, noSidewaysScroll, open, settled, until } from './page.mjs';
import { EVIL, keyOf, LINK, SCRIPT, world } from './real-world.mjs';

/** As their documentation signs: a library's header without `kid`, the number of the thing, the locked values, ten minutes. */
function sign(secret, payload, kid) {
  const part = (data) => Buffer.from(JSON.stringify(data)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT', ...(kid ? { kid } : {}) })}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const inTenMinutes = () => Math.round(Date.now() / 1000) + 10 * 60;

/** Names that try to be more than text. */
export const NAMES = [EVIL, SCRIPT, `**bold** [x](${LINK})`, '`code` {{city}} $& \\'];
const ROWS = { ash: [['Lyon', 'North', 11], ['Nice', 'South', 22], ...NAMES.map((name, at) => [name, 'North', 1000 + at])], elm: [['Lyon', 'North', 333], ['Vigo', 'South', 444]] };
let made;

function stage(demo) {
  made ??= make(demo);
  return made;
}

async function make(demo) {
  const { call } = await world(demo);
  for (const [slug, rows] of Object.entries(ROWS)) {
    const { Database } = await sqlite();
    const db = new Database();
    db.run('CREATE TABLE visits (city TEXT, region TEXT, amount INTEGER)');
    for (const row of rows) db.run('INSERT INTO visits VALUES (?, ?, ?)', row);
    await writeFile(join(demo.folder, 'tenants', `${slug}-visits.db`), db.export());
    db.close();
  }
  await call('/v1/sources', { slug: 'visits', name: 'Visits', engine: 'sqlite', template: { file: '{slug}-visits.db' } });
  for (const slug of Object.keys(ROWS)) await call('/v1/tenants', { slug, name: slug, locale: 'en-GB', timezone: 'UTC' });
  const parameters = ['city', 'region'].map((name) => ({ name, type: 'text', column: { sql: name } }));
  const sql = 'SELECT sum(amount) AS amount FROM visits WHERE {{city}} AND {{region}}';
  const embedding = { enable_embedding: true, embedding_params: { city: 'enabled', region: 'locked' } };
  const card = await call('/v1/library/cards', { slug: 'visited', name: 'Visited', source: 'visits', query: { sql, parameters }, visualization: { type: 'scalar' }, ...embedding });
  const dashboard = await call('/v1/library/dashboards', {
    slug: 'visits', name: 'Visits',
    parameters: [{ name: 'city', label: 'City', type: 'text' }, { name: 'region', label: 'Region', type: 'text' }],
    items: [
      { id: 'title', x: 0, y: 0, w: 24, h: 1, show: { kind: 'heading', text: 'Visits in {{region}}[[: {{city}}]]' } },
      { id: 'words', x: 12, y: 1, w: 12, h: 4, show: { kind: 'text', text: '**{{city}}** of {{region}} \n\n- [see](https://crm.example/{{city}}?r={{region}}) [no](https://{{city}}/) `{{city}}`[[ only *{{city}}*]] {{nobody}}' } },
      { id: 'visited', x: 0, y: 1, w: 12, h: 4, show: { kind: 'card', card: 'visited', parameters: { city: 'city', region: 'region' } } },
    ],
    ...embedding,
  });
  await call('/v1/library/dashboards', { slug: 'silent', name: 'Silent', parameters: [{ name: 'region', label: 'Region', type: 'text', locked: true }], items: [{ id: 'words', x: 0, y: 0, w: 12, h: 4, show: { kind: 'text', text: 'Says nothing.' } }] });
  for (const publish of [{ dashboard: 'silent' }, { dashboard: 'visits' }, { card: 'visited' }]) await call('/v1/publications', { publish, audience: { tenants: ['ash', 'elm'] } });
  const keys = {};
  for (const slug of Object.keys(ROWS)) keys[slug] = (await keyOf(demo, slug, { dialect: 'metabase' })).secret;
  return { call, keys, dashboard: dashboard.number, question: card.number };
}

/** A page of theirs on another origin, and nothing in it but what their documentation shows. */
async function visit(browser, demo, host, { tenant = 'ash', config = {}, body, script = '', ...options }) {
  const policy = `default-src 'none'; script-src 'unsafe-inline' ${demo.origin}; connect-src 'self' ${demo.origin}; style-src 'self'; img-src 'self'`;
  host.pages.set('/theirs', { policy, body: `
<script defer src="${demo.origin}/app/embed.js"></script>
<script>
  function defineMetabaseConfig(config) {
    window.metabaseConfig = config;
  }
</script>
<script>
  defineMetabaseConfig(${JSON.stringify({ isGuest: true, instanceUrl: `${demo.origin}/t/${tenant}`, ...config })});
</script>
<main><h1>Portal</h1>
${body}
</main>
<script>${script}</script>` });
  return open(browser, `${host.origin}/theirs`, options);
}

const figure = (page) => page.locator('article dd').first().textContent();

export const cases = {
  async 'real metabase: a page as their documentation has it shows each client its own rows'({ browser, demo, host }) {
    const { keys, dashboard, question } = await stage(demo);
    const seen = {};
    for (const [tenant, width, scheme] of [['ash', 1440, 'light'], ['elm', 390, 'dark']]) {
      const token = (resource) => sign(keys[tenant], { resource, params: { region: ['North'] }, exp: inTenMinutes() });
      for (const [kind, body] of [
        ['dashboard', `<metabase-dashboard token="${token({ dashboard })}" with-title="true" with-downloads="true" initial-parameters="{ 'city': 'Lyon' }"></metabase-dashboard>`],
        ['question', `<metabase-question token="${token({ question })}" initial-sql-parameters='{"city": ["Lyon"]}'></metabase-question>`],
      ]) {
        const { page, faults, end } = await visit(browser, demo, host, { tenant, body, width, scheme, config: { theme: { preset: scheme } } });
        await settled(page);
        seen[`${tenant} ${kind}`] = await figure(page);
        // The locked one is no widget, and its value is nowhere in what the browser got.
        assert.equal(await page.locator('#filter-city').count(), 1);
        assert.equal(await page.locator('#filter-region').count(), 0);
        // A question's name is said once.
        if (kind === 'question') assert.equal(await page.getByText('Visited', { exact: true }).filter({ visible: true }).count(), 1);
        await noSidewaysScroll(page);
        await accessible(page);
        clean(faults);
        await end();
      }
    }
    assert.deepEqual(seen, { 'ash dashboard': '11', 'ash question': '11', 'elm dashboard': '333', 'elm question': '333' });
  },

  async 'real metabase: another client’s token opens nothing, nor does one that has ended, is forged, or turns the lock'({ browser, demo, host }) {
    const { keys, dashboard } = await stage(demo);
    const claims = { resource: { dashboard }, params: { region: ['North'] }, exp: inTenMinutes() };
    const texts = [];
    for (const [tenant, token] of [
      ['elm', sign(keys.ash, claims)],
      ['ash', sign(`${keys.ash}x`, claims)],
      ['nobody', sign(keys.ash, claims)],
      ['ash', sign(keys.ash, { ...claims, exp: Math.round(Date.now() / 1000) - 60 })],
      ['ash', sign(keys.ash, { ...claims, params: {} })],
      ['ash', sign(keys.ash, { ...claims, resource: { dashboard: dashboard === 7 ? 8 : 7 } })],
    ]) {
      const { page, faults, end } = await visit(browser, demo, host, { tenant, body: `<metabase-dashboard token="${token}"></metabase-dashboard>` });
      await page.getByRole('alert').waitFor();
      assert.equal(await page.locator('article').count(), 0);
      texts.push(await page.locator('.cloison').textContent());
      await accessible(page);
      clean(faults.filter((fault) => !/status of (400|403)/.test(fault)));
      await end();
    }
    // Another client's, a forged one and one at nobody's address cannot be told from each other.
    assert.equal(new Set(texts.slice(0, 3)).size, 1, texts.join('\n'));
  },

  async 'real metabase: what the token locks is not the page’s to set, whatever the page says'({ browser, demo, host }) {
    const { keys, dashboard } = await stage(demo);
    const token = sign(keys.ash, { resource: { dashboard }, params: { region: ['South'] }, exp: inTenMinutes() });
    const asked = [];
    const { page, end, faults } = await visit(browser, demo, host, {
      body: `<metabase-dashboard token="${token}" parameters='{"region": "North"}' hidden-parameters='["city"]'></metabase-dashboard>`,
    });
    page.on('request', (request) => asked.push(request.postData() ?? ''));
    await settled(page);
    assert.equal(await figure(page), '22');
    assert.equal(await page.locator('#filter-city, #filter-region').count(), 0);
    await page.evaluate(() => (document.querySelector('metabase-dashboard').parameters = { region: 'North', city: 'Nice' }));
    await until(() => asked.some((body) => body.includes('Nice')));
    await settled(page);
    assert.equal(await figure(page), '22');
    assert.ok(asked.every((body) => !body.includes('North')), asked.join());
    assert.ok(faults.every((fault) => fault.includes('there is no filter "region"')), faults.join());
    await end();
  },

  async 'real metabase: tokens are renewed by the page’s own server, the viewer’s choice stays, and a key that is revoked ends it'({ browser, demo, host }) {
    const { call, dashboard } = await stage(demo);
    const made = await call('/v1/tenants/ash/embed-keys', { name: 'short', dialect: 'metabase' });
    const asked = [];
    host.answers.set('/api/metabase-guest-token', ({ body, method }) => {
      const { entityType, entityId, customContext } = JSON.parse(body);
      asked.push([method, entityType, entityId, customContext]);
      return { body: { jwt: sign(made.secret, { resource: { [entityType]: entityId }, params: { region: customContext.region }, exp: Math.round(Date.now() / 1000) + 6 }) } };
    });
    const { page, faults, end } = await visit(browser, demo, host, {
      config: { guestEmbedProviderUri: '/api/metabase-guest-token' },
      body: `<metabase-dashboard dashboard-id="${dashboard}" custom-context='{"region": ["North"]}'></metabase-dashboard>`,
    });
    await settled(page);
    assert.deepEqual(asked[0], ['POST', 'dashboard', dashboard, { region: ['North'] }]);
    // By keyboard, as anybody may.
    await page.locator('#filter-city').focus();
    await page.keyboard.type('Lyon');
    await page.keyboard.press('Enter');
    await until(async () => (await figure(page)) === '11');
    await page.evaluate(() => {
      window.first = window.deep('article')[0];
      window.blinks = 0;
      new MutationObserver(() => (window.blinks += window.deep('.skeleton, .stale, [role="alert"]').length)).observe(window.deep('.inside')[0], { childList: true, subtree: true, attributes: true });
    });
    const before = asked.length;
    await until(() => asked.length >= before + 2);
    assert.deepEqual(await page.evaluate(() => [window.blinks, window.first.isConnected]), [0, true]);
    assert.equal(await figure(page), '11');
    assert.equal(await page.locator('#filter-city').inputValue(), 'Lyon');
    await call(`/v1/tenants/ash/embed-keys/${made.key?.id ?? made.id}`, null, 'DELETE');
    await until(async () => {
      await page.evaluate(() => document.querySelector('metabase-dashboard').reload());
      return (await page.getByRole('alert').count()) > 0;
    });
    assert.equal(await page.locator('article').count(), 0);
    clean(faults.filter((fault) => !/status of (400|401|403)/.test(fault)));
    await end();
    host.answers.delete('/api/metabase-guest-token');
  },

  async 'real metabase: values in texts are text, whatever they hold, the token’s as the viewer’s'({ browser, demo, host }) {
    const { keys, dashboard } = await stage(demo);
    const own = await keyOf(demo, 'ash');
    for (const evil of NAMES) {
      const claims = { params: { region: evil }, exp: inTenMinutes() };
      for (const body of [
        `<metabase-dashboard token="${sign(keys.ash, { resource: { dashboard }, ...claims })}"></metabase-dashboard>`,
        `<cloison-dashboard server="${demo.origin}" token="${sign(own.secret, { resource: { dashboard: 'visits' }, ...claims }, own.kid)}"></cloison-dashboard>
        <script type="module" src="${demo.origin}/embed.js"></script>`,
      ]) {
        const { page, faults, end } = await visit(browser, demo, host, { body });
        await settled(page);
        const title = page.locator('[role="heading"]', { hasText: 'Visits in' });
        assert.equal(await title.textContent(), `Visits in ${evil}`);
        await page.evaluate((value) => {
          const element = document.querySelector('metabase-dashboard, cloison-dashboard');
          element[element.localName.startsWith('metabase') ? 'parameters' : 'filters'] = { city: value };
        }, evil);
        await until(async () => (await title.textContent()) === `Visits in ${evil}: ${evil}`);
        const words = page.locator('.item.text');
        assert.equal((await words.locator('p').textContent()).trim(), `${evil} of ${evil}`);
        assert.equal((await words.locator('li').textContent()).trim(), `see [no](https://${evil}/) ${evil} only ${evil} {{nobody}}`);
        const parts = await page.evaluate(() => ({
          made: window.deep('.inside img, .inside iframe, .inside script, .item.text strong strong').length,
          strong: window.deep('.item.text strong').length,
          handlers: window.deep('.inside *').flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))).length,
          links: window.deep('.inside a').map((one) => one.getAttribute('href')),
          pwned: window.pwned ?? null,
        }));
        const address = new URL(`https://crm.example/${encodeURIComponent(evil)}?r=${encodeURIComponent(evil)}`).href;
        assert.deepEqual(parts, { made: 0, strong: 1, handlers: 0, links: [address], pwned: null });
        await accessible(page);
        clean(faults);
        await end();
      }
    }
    // What no text names is in no answer.
    const quiet = await (await fetch(`${demo.origin}/v1/embed`, { headers: { authorization: `Bearer ${sign(own.secret, { resource: { dashboard: 'silent' }, params: { region: 'SECRET' }, exp: inTenMinutes() }, own.kid)}` } })).text();
    assert.ok(quiet.includes('Says nothing.') && !quiet.includes('SECRET'), quiet);
  },
};
