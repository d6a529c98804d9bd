/** Pages that were written for Metabase: its elements by their names, with its attributes and its configuration. */
import assert from 'node:assert/strict';
import { jwt } from './fake.mjs';
import { accessible, clean, noSidewaysScroll, open, settled, until } from './page.mjs';

/** As their documentation has it: a script that is no module, and scripts in the page. */
const page = (fake, { config, body, base = '', before = '', after = '' }) => `
<script defer src="${fake.origin}${base}/app/embed.js"></script>
<script>
  function defineMetabaseConfig(config) {
    window.metabaseConfig = config;
  }
</script>
<script>
  ${before}
  ${config === undefined ? '' : `defineMetabaseConfig(${JSON.stringify(config)});`}
  window.told = [];
  for (const name of ['parameters-change', 'sql-parameters-change']) addEventListener(name, (event) => window.told.push([name, event.detail]), true);
</script>
<main><h1>Portal</h1>${body}</main>
<script>${after}</script>`;

async function visit({ browser, fake, host }, { settle = true, scheme, width, ...rest }) {
  const policy = `default-src 'none'; script-src 'unsafe-inline' ${fake.origin}; connect-src 'self' ${fake.origin}; style-src 'self'; img-src 'self'; trusted-types 'none'; require-trusted-types-for 'script'`;
  host.pages.set('/metabase', { body: page(fake, rest), policy });
  const opened = await open(browser, `${host.origin}/metabase`, { scheme, width });
  if (settle) await settled(opened.page);
  return opened;
}

const mode = (page) => page.locator('.cloison').first().getAttribute('data-mode');
const told = (page) => page.evaluate(() => window.told);
const last = async (page) => (await told(page)).at(-1)[1].parameters;

export const cases = {
  async 'metabase: attributes say how it begins, in single quotes too'(world) {
    const { fake } = world;
    fake.seen.runs.length = 0;
    fake.seen.shows.length = 0;
    const { page, faults, end } = await visit(world, {
      config: { isGuest: true, instanceUrl: fake.origin },
      body: `<metabase-dashboard token="tabs" with-title="false" with-downloads="false" locale="de" hidden-parameters="['course']"
        initial-parameters="{ 'period': ['past7days'] }"></metabase-dashboard>`,
    });
    assert.equal(fake.seen.runs[0].parameters.period, 'past7days');
    assert.deepEqual(fake.seen.shows, ['de']);
    assert.equal(await page.locator('#filter-period').count(), 1);
    assert.equal(await page.locator('#filter-course').count(), 0);
    assert.equal(await page.getByText('Learning overview').count(), 0);
    assert.equal(await page.locator('article .tools > [aria-haspopup]:visible').count(), 0);
    assert.equal(await page.locator('.cloison').getAttribute('lang'), 'de');
    assert.deepEqual((await told(page)).map(([name, detail]) => [name, detail.source, detail.parameters.period]), [['parameters-change', 'initial-state', 'past7days']]);
    await page.evaluate(() => document.querySelector('metabase-dashboard').setAttribute('with-downloads', 'true'));
    assert.ok((await page.locator('article .tools > [aria-haspopup]:visible').count()) > 0);
    await noSidewaysScroll(page);
    await accessible(page);
    clean(faults);
    await end();
  },

  async 'metabase: parameters that the page holds, what the viewer chooses, and what is told of both'(world) {
    const { fake } = world;
    fake.seen.runs.length = 0;
    const { page, faults, end } = await visit(world, {
      config: { isGuest: true, instanceUrl: fake.origin },
      body: '<metabase-dashboard token="tabs"></metabase-dashboard>',
      after: `const element = document.querySelector('metabase-dashboard');
        element.parameters = { period: 'past7days' };`,
    });
    assert.equal(fake.seen.runs[0].parameters.period, 'past7days', 'set before the browser knew the element');
    await page.evaluate(() => document.querySelector('metabase-dashboard').setAttribute('parameters', '{"period": "past30days"}'));
    await until(() => fake.seen.runs.some((run) => run.parameters.period === 'past30days'));
    // The same again takes back what the viewer chose meanwhile.
    await page.locator('#filter-period').click();
    await page.getByRole('button', { name: 'Past 7 days' }).click();
    await until(async () => (await last(page)).period === 'past7days');
    await page.evaluate(() => { const one = document.querySelector('metabase-dashboard'); one.parameters = one.parameters; });
    await until(async () => (await last(page)).period === 'past30days');
    await page.evaluate(() => (document.querySelector('metabase-dashboard').parameters = { period: null }));
    await until(async () => (await last(page)).period === null);
    await page.evaluate(() => (document.querySelector('metabase-dashboard').parameters = undefined));
    await until(async () => (await last(page)).period === 'past12months~');
    const all = (await told(page)).map(([, detail]) => detail);
    assert.equal(all[0].source, 'initial-state');
    assert.ok(all.slice(1).every((one) => one.source === 'manual-change' && one.defaultParameters.period === 'past12months~'));
    await settled(page);
    clean(faults);
    await end();
  },

  async 'metabase: what a page begins with is not said again over what its viewer chose'(world) {
    const { fake } = world;
    fake.seen.runs.length = 0;
    const { page, faults, end } = await visit(world, {
      config: { instanceUrl: fake.origin },
      body: `<metabase-question token="tabs" initial-sql-parameters='{"period": "past7days"}'></metabase-question>`,
    });
    await page.evaluate(() => document.querySelector('metabase-question').setAttribute('initial-sql-parameters', '{"period": "past30days"}'));
    await page.waitForTimeout(600);
    assert.deepEqual([...new Set(fake.seen.runs.map((run) => run.parameters.period))], ['past7days']);
    assert.deepEqual((await told(page)).map(([name, one]) => [name, one.source, one.parameters.period]), [['sql-parameters-change', 'initial-state', 'past7days']]);
    clean(faults);
    await end();
  },

  async 'metabase: the configuration may come before the script, after it, in parts, and field by field'(world) {
    const { fake } = world;
    const body = '<metabase-dashboard token="plain"></metabase-dashboard>';
    for (const [config, before, later] of [
      [{ isGuest: true, instanceUrl: fake.origin, theme: { preset: 'dark' }, locale: 'fr' }, '', ''],
      [undefined, '', `defineMetabaseConfig({ isGuest: true, instanceUrl: '${fake.origin}', theme: { preset: 'dark' }, locale: 'fr' })`],
      [{ theme: { preset: 'dark' } }, '', `defineMetabaseConfig({ instanceUrl: '${fake.origin}' }); defineMetabaseConfig({ locale: 'fr' })`],
      [{ theme: { preset: 'light' } }, '', `window.metabaseConfig.theme = { preset: 'dark' }; window.metabaseConfig.locale = 'fr'`],
      [undefined, `var metabaseConfig = { theme: { preset: 'dark' }, locale: 'fr', isGuest: true };`, ''],
    ]) {
      const { page, faults, end } = await visit(world, { config, before, body });
      // Once the script is there: before, an assignment is the page's alone.
      await page.evaluate(later);
      await until(async () => (await mode(page)) === 'dark' && (await page.locator('.cloison').getAttribute('lang')) === 'fr');
      await settled(page);
      clean(faults);
      await end();
    }
  },

  async 'metabase: their colours are ours, and can be read'(world) {
    const { fake } = world;
    const theme = { preset: 'light', fontFamily: 'Lato', colors: { brand: 'rgb(255, 230, 0)', background: '#fdf6e3', 'text-primary': '#eee8d5', charts: ['#268bd2', { base: '#d33682' }] } };
    const { page, faults, end } = await visit(world, { config: { isGuest: true, instanceUrl: fake.origin, theme }, body: '<metabase-dashboard token="tabs"></metabase-dashboard>' });
    const style = await page.locator('.cloison').evaluate((one) => ['--background', '--surface', '--font', '--text', '--accent'].map((name) => one.style.getPropertyValue(name)));
    assert.deepEqual(style.slice(0, 3), ['#fdf6e3', '#fdf6e3', 'Lato']);
    assert.notEqual(style[3], '#eee8d5', 'light on light is moved');
    assert.notEqual(style[4], '');
    await accessible(page);
    clean(faults);
    await end();
  },

  async 'metabase: below a tenant’s address the script says where its elements ask, and the configuration says it better'(world) {
    const { fake } = world;
    for (const [base, config, wanted] of [['/t/alder', undefined, '/t/alder/v1/embed'], ['', { instanceUrl: `${fake.origin}/t/birch/` }, '/t/birch/v1/embed'], ['', undefined, '/v1/embed'], ['/t/alder', { instanceUrl: `${fake.origin}/t/birch` }, '/t/birch/v1/embed']]) {
      fake.seen.requests.length = 0;
      const { faults, end } = await visit(world, { base, config, body: '<metabase-dashboard token="plain"></metabase-dashboard>' });
      const asked = [...new Set(fake.seen.requests.map(({ path }) => path).filter((path) => path.includes('/v1/')))];
      assert.ok(asked.length > 0 && asked.every((path) => path === wanted || path.startsWith(`${wanted}/`)), asked.join());
      clean(faults);
      await end();
    }
  },

  async 'metabase: tokens come from the page’s own server, first and later, and nothing moves'(world) {
    const { fake, host } = world;
    const asked = [];
    host.answers.set('/api/metabase-guest-token', ({ body, method, url, headers }) => {
      asked.push({ method, said: JSON.parse(body), response: url.searchParams.get('response'), type: headers['content-type'] });
      return { body: { jwt: jwt({ fake: 'tabs', life: 6, kid: undefined }) } };
    });
    const { page, faults, end } = await visit(world, {
      config: { isGuest: true, instanceUrl: `${fake.origin}/t/alder`, guestEmbedProviderUri: '/api/metabase-guest-token' },
      body: `<metabase-dashboard dashboard-id="10" custom-context='{"page": "home"}' hidden-parameters="['course']"></metabase-dashboard>`,
    });
    assert.deepEqual(asked[0], { method: 'POST', said: { entityType: 'dashboard', entityId: 10, customContext: { page: 'home' } }, response: 'json', type: 'application/json' });
    await page.locator('#filter-period').click();
    await page.getByRole('button', { name: 'Past 7 days' }).click();
    await settled(page);
    await page.evaluate(() => {
      window.first = window.deep('article')[0];
      window.blinks = 0;
      new MutationObserver(() => (window.blinks += window.deep('.skeleton, .stale, [role="alert"]').length)).observe(window.deep('.inside')[0], { childList: true, subtree: true, attributes: true });
    });
    const before = asked.length;
    await until(() => asked.length >= before + 2);
    assert.deepEqual(await page.evaluate(() => [window.blinks, window.first.isConnected]), [0, true]);
    assert.match(await page.locator('#filter-period').textContent(), /7 days/, 'what the viewer chose stays');
    // Another dashboard of the same element is another token.
    await page.evaluate(() => document.querySelector('metabase-dashboard').setAttribute('dashboard-id', 'V1StGXR8_Z5jdHi6B-myT'));
    await until(() => asked.some(({ said }) => said.entityId === 'V1StGXR8_Z5jdHi6B-myT'));
    await settled(page);
    clean(faults);
    await end();
    host.answers.delete('/api/metabase-guest-token');
  },

  async 'metabase: a token that has ended is asked for anew by what it names; a server that gives none is told of'(world) {
    const { fake, host } = world;
    const asked = [];
    let refuses = false;
    host.answers.set('/api/metabase-guest-token', ({ body }) => {
      asked.push(JSON.parse(body));
      return refuses ? { status: 403, body: { error: 'Not allowed' } } : { body: { jwt: jwt({ kid: undefined }) } };
    });
    const config = { isGuest: true, instanceUrl: `${fake.origin}/t/alder`, guestEmbedProviderUri: '/api/metabase-guest-token' };
    const over = jwt({ life: -60, kid: undefined, resource: { dashboard: 7 } });
    const { page, faults, end } = await visit(world, { config, body: `<metabase-dashboard token="${over}" custom-context="plain words"></metabase-dashboard>` });
    assert.deepEqual(asked, [{ entityType: 'dashboard', entityId: 7, customContext: 'plain words' }]);
    assert.ok((await page.locator('article').count()) > 3);
    clean(faults);
    await end();
    refuses = true;
    const second = await visit(world, { config, body: '<metabase-question question-id="5"></metabase-question>', settle: false });
    await second.page.getByRole('alert').waitFor();
    assert.deepEqual(asked.at(-1), { entityType: 'question', entityId: 5 });
    assert.ok(second.faults.some((fault) => fault.includes('guestEmbedProviderUri answered 403')), second.faults.join());
    await accessible(second.page);
    await second.end();
    host.answers.delete('/api/metabase-guest-token');
  },

  async 'metabase: both scripts on one page, each twice, and elements that come and go'(world) {
    const { fake } = world;
    const { page, faults, end } = await visit(world, {
      config: { isGuest: true, instanceUrl: fake.origin },
      body: `<metabase-dashboard token="plain"></metabase-dashboard><cloison-card token="plain" item="bars"></cloison-card>
        <script type="module" src="${fake.origin}/embed.js"></script><script defer src="${fake.origin}/app/embed.js"></script>
        <script type="module" src="${fake.origin}/app/embed.js"></script>`,
    });
    await page.evaluate(async () => {
      const element = document.querySelector('metabase-dashboard');
      element.setAttribute('with-downloads', 'false');
      element.remove();
      await new Promise((done) => setTimeout(done, 50));
      document.querySelector('main').append(element);
    });
    await settled(page);
    assert.equal(await page.locator('metabase-dashboard article .tools > [aria-haspopup]:visible').count(), 0);
    assert.ok((await page.locator('cloison-card article .tools > [aria-haspopup]:visible').count()) > 0);
    clean(faults);
    await end();
  },

  async 'metabase: another client’s address is asked with that client’s token only, though both say the same'(world) {
    const { fake } = world;
    const [alder, birch] = ['1', '2'].map((jti) => jwt({ kid: undefined, fake: 'tabs', jti }));
    const { page, faults, end } = await visit(world, { config: { isGuest: true, instanceUrl: `${fake.origin}/t/alder` }, body: `<metabase-dashboard token="${alder}"></metabase-dashboard>` });
    fake.seen.requests.length = 0;
    await page.evaluate(([server, token]) => {
      const element = document.querySelector('metabase-dashboard');
      window.metabaseConfig = { instanceUrl: server };
      element.setAttribute('token', token);
    }, [`${fake.origin}/t/birch`, birch]);
    await until(() => fake.seen.requests.some(({ path }) => path === '/t/birch/v1/embed/run'));
    await settled(page);
    const tokens = fake.seen.requests.filter(({ path, method }) => path.startsWith('/t/birch/') && method !== 'OPTIONS').map(({ token }) => token);
    assert.deepEqual([...new Set(tokens)], [`Bearer ${birch}`]);
    clean(faults);
    await end();
  },

  async 'metabase: an answer to the token before says nothing of the one that works'(world) {
    const { fake } = world;
    const [alder, birch] = ['1', '2'].map((jti) => jwt({ kid: undefined, fake: 'tabs', jti }));
    const { page, end } = await visit(world, { config: { isGuest: true, instanceUrl: `${fake.origin}/t/alder` }, body: `<metabase-dashboard token="${alder}"></metabase-dashboard>` });
    let release;
    const gate = new Promise((done) => (release = done));
    let held = 0;
    await page.route('**/t/birch/v1/embed', async (route) => {
      held += 1;
      if (held > 1) return route.continue();
      await gate;
      const problem = { status: 401, headers: { 'access-control-allow-origin': '*' }, contentType: 'application/problem+json', body: '{"code":"token-invalid","status":401}' };
      return route.fulfill(problem).catch(() => undefined);
    });
    await page.evaluate((server) => (window.metabaseConfig = { instanceUrl: server }), `${fake.origin}/t/birch`);
    await until(() => held === 1);
    await page.evaluate((token) => document.querySelector('metabase-dashboard').setAttribute('token', token), birch);
    await settled(page);
    release();
    await page.waitForTimeout(500);
    assert.equal(await page.locator('article').count() > 3, true, 'the late refusal of the other token changes nothing');
    await end();
  },
};
