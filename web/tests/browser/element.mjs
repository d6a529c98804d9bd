/** The elements in pages of somebody else, which are as strict as pages get. */
import assert from 'node:assert/strict';
import { jwt } from './fake.mjs';
import { accessible, clean, noSidewaysScroll, open, settled, until } from './page.mjs';

const DASHBOARD = (attributes) => `<main><h1>Portal</h1><cloison-dashboard ${attributes}></cloison-dashboard></main>`;

/** A page of the host with the element, opened. `script` runs in the page before the element is known to the browser. */
async function visit({ browser, fake, host }, { body, script = '', style, settle = true, ...options }) {
  host.pages.set('/page', { body, script: `window.told = [];\n${script}`, style, embed: `${fake.origin}/embed.js` });
  const opened = await open(browser, `${host.origin}/page`, options);
  if (settle) await settled(opened.page);
  return opened;
}

const listen = (names) => `const element = document.querySelector('cloison-dashboard, cloison-card');
for (const name of ${JSON.stringify(names)}) element.addEventListener(name, (event) => window.told.push([name, event.detail]));`;

const told = (page, name) => page.evaluate((wanted) => window.told.filter(([one]) => one === wanted).map(([, detail]) => detail), name);

export const cases = {
  async 'element: a strict page gets a dashboard and nothing else'(world) {
    const { fake } = world;
    fake.seen.requests.length = 0;
    fake.seen.runs.length = 0;
    const { page, faults, end } = await visit(world, {
      body: DASHBOARD('token="plain"'),
      script: 'window.before = { head: document.head.children.length, names: Object.getOwnPropertyNames(window) };',
    });
    assert.equal(fake.seen.runs.length, 1);
    const left = await page.evaluate(() => ({
      head: document.head.children.length - window.before.head,
      // Playwright and axe write names of their own.
      names: Object.getOwnPropertyNames(window).filter((name) => !window.before.names.includes(name) && !/^(before|told|deep|axe|__playwright.*)$/.test(name)),
      styles: document.querySelectorAll('style, link[rel="stylesheet"]').length,
      inside: window.deep('style, link[rel="stylesheet"]').length,
      sheets: document.adoptedStyleSheets.length,
      kept: [document.cookie, localStorage.length, sessionStorage.length],
      body: [...document.body.children].map((one) => one.localName),
    }));
    assert.deepEqual(left, { head: 0, names: [], styles: 0, inside: 0, sheets: 0, kept: ['', 0, 0], body: ['main'] });
    // No cookie and no referrer reaches the server, and the token is in no address.
    const asked = fake.seen.requests.filter((one) => one.path.startsWith('/v1'));
    assert.ok(asked.length > 0 && asked.every((one) => one.cookie === null && one.referer === null));
    assert.ok(fake.seen.requests.every((one) => !one.path.includes('plain')));
    await noSidewaysScroll(page);
    await accessible(page);
    clean(faults);
    await end();
  },

  async 'element: attributes say how it begins'(world) {
    const { fake } = world;
    fake.seen.runs.length = 0;
    fake.seen.shows.length = 0;
    const { page, faults, end } = await visit(world, {
      body: DASHBOARD(`token="tabs" filters='{"period":"past7days"}' hide="period, course" locale="de" theme="dark" untitled`),
    });
    assert.equal(fake.seen.runs[0].parameters.period, 'past7days');
    assert.deepEqual(fake.seen.shows, ['de']);
    assert.equal(await page.locator('#filter-period, #filter-course').count(), 0);
    assert.equal(await page.getByText('Learning overview').count(), 0);
    assert.equal(await page.locator('.cloison').getAttribute('data-mode'), 'dark');
    assert.equal(await page.locator('.cloison').getAttribute('lang'), 'de');
    assert.match(await page.locator('.filters').getAttribute('aria-label'), /Filter/);
    await accessible(page);
    clean(faults);
    await end();
  },

  async 'element: properties work before and after the browser knows it, and events tell'(world) {
    const { fake } = world;
    fake.seen.runs.length = 0;
    const { page, faults, end } = await visit(world, {
      body: DASHBOARD(''),
      script: `${listen(['ready', 'filter-change', 'height', 'tab-change', 'error'])}
        element.token = 'tabs'; element.filters = { period: 'past7days' }; element.hide = ['course'];`,
    });
    assert.equal(fake.seen.runs[0].parameters.period, 'past7days');
    assert.equal(await page.locator('#filter-course').count(), 0);
    const [ready] = await told(page, 'ready');
    assert.equal(ready.kind, 'dashboard');
    assert.equal(ready.filters.period, 'past7days');
    assert.ok((await told(page, 'height')).at(-1).height > 500);

    // The same filters again, as a framework gives them at each rendering, are no change; others are.
    fake.seen.runs.length = 0;
    await page.evaluate(() => (document.querySelector('cloison-dashboard').filters = { period: 'past7days' }));
    await page.evaluate(() => (document.querySelector('cloison-dashboard').filters = { period: 'past30days' }));
    await until(() => fake.seen.runs.length > 0);
    await settled(page);
    assert.deepEqual(fake.seen.runs.map((run) => run.parameters.period), ['past30days']);
    assert.deepEqual((await told(page, 'filter-change')).map((one) => [one.changed, one.filters.period]), [[['period'], 'past30days']]);

    await page.getByRole('tab', { name: 'People' }).click();
    assert.deepEqual(await told(page, 'tab-change'), [{ tab: 't2' }]);
    assert.equal(await page.evaluate(() => document.querySelector('cloison-dashboard').tab), 't2');
    await page.evaluate(() => document.querySelector('cloison-dashboard').reset());
    await until(async () => (await page.evaluate(() => document.querySelector('cloison-dashboard').filters.period)) === 'past12months~');
    // One card of the fixture fails, and says so.
    assert.deepEqual([...new Set((await told(page, 'error')).map((one) => `${one.code} ${one.item}`))], ['source-unavailable away']);
    clean(faults);
    await end();
  },

  async 'element: one card, and one item of a dashboard'(world) {
    const { fake } = world;
    fake.seen.runs.length = 0;
    const { page, faults, end } = await visit(world, {
      body: '<main><h1>Portal</h1><cloison-card token="plain" item="bars"></cloison-card></main>',
      style: 'cloison-card { display: block; height: 400px }',
    });
    assert.equal(await page.locator('article').count(), 1);
    assert.deepEqual(fake.seen.runs.map((run) => run.items), [['bars']]);
    const [outer, inner] = await page.evaluate(() => [document.querySelector('cloison-card'), window.deep('article')[0]].map((one) => one.getBoundingClientRect().height));
    assert.deepEqual([outer, inner], [400, 400]);
    await accessible(page);
    clean(faults);
    await end();
  },

  async 'element: a token is renewed before it ends, and nothing moves'(world) {
    const { fake, host } = world;
    const given = [];
    host.answers.set('/token', () => {
      given.push(jwt({ life: 5 }));
      return { body: { token: given.at(-1) } };
    });
    fake.seen.runs.length = 0;
    const { page, faults, end } = await visit(world, { body: DASHBOARD('token-provider="/token"'), script: listen(['ready', 'error']) });
    await page.evaluate(() => {
      window.first = window.deep('article')[0];
      window.moves = 0;
      new MutationObserver((list) => (window.moves += list.length)).observe(window.deep('.inside')[0], { childList: true, subtree: true });
    });
    await until(() => given.length >= 3);
    await new Promise((done) => setTimeout(done, 200));
    assert.deepEqual(await page.evaluate(() => [window.moves, window.first.isConnected]), [0, true]);
    assert.equal(fake.seen.runs.length, 1, 'what is shown is not asked for again');
    assert.equal((await told(page, 'ready')).length, 1);
    // Other properties that change leave the provider's token alone, and it can be read.
    await page.evaluate(() => (document.querySelector('cloison-dashboard').hide = ['name']));
    assert.equal(await page.evaluate(() => document.querySelector('cloison-dashboard').token), given.at(-1));
    assert.equal(fake.seen.runs.length, 1);
    // The new one is what the next request has.
    await page.click('#filter-period');
    await page.getByRole('button', { name: 'Past 7 days' }).click();
    await settled(page);
    assert.equal(fake.seen.runs.length, 2);
    assert.equal((await told(page, 'error')).filter((one) => one.item === null).length, 0);
    clean(faults);
    await end();
  },

  async 'element: a token that ended is renewed by the request that finds out'(world) {
    const { fake } = world;
    const { page, faults, end } = await visit(world, {
      body: DASHBOARD(''),
      script: `${listen(['error'])} window.asked = []; element.token = ${JSON.stringify(jwt({ life: -5 }))};
        element.tokenProvider = async (request) => { window.asked.push(request.reason); return ${JSON.stringify(jwt({ life: 600 }))}; };`,
    });
    assert.deepEqual(await page.evaluate(() => window.asked), ['expired']);
    assert.equal((await told(page, 'error')).filter((one) => one.item === null).length, 0);
    assert.ok(fake.seen.runs.length > 0);
    clean(faults);
    await end();
  },

  async 'element: an end without renewal is told, and a click asks again'(world) {
    const { host } = world;
    let fails = true;
    host.answers.set('/token', () => (fails ? { status: 503, body: 'no' } : { type: 'text/plain', body: jwt() }));
    const { page, end } = await visit(world, { body: DASHBOARD('token-provider="/token"'), script: listen(['error']), settle: false });
    await page.getByRole('alert').waitFor();
    assert.deepEqual((await told(page, 'error')).map((one) => [one.code, one.item]), [['token-missing', null]]);
    await accessible(page);
    fails = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await settled(page);
    assert.equal(await page.locator('.whole').count(), 0);
    await end();
  },

  async 'element: another view leaves nothing of the one before, the same view stays'(world) {
    const { fake } = world;
    const { page, faults, end } = await visit(world, { body: DASHBOARD(''), script: `document.querySelector('cloison-dashboard').token = ${JSON.stringify(jwt())};` });
    const give = (token) => page.evaluate((next) => {
      const element = document.querySelector('cloison-dashboard');
      window.first = window.deep('article')[0];
      element.token = next;
      // What is there in the same turn of the browser, before anything was asked.
      return new Promise((done) => queueMicrotask(() => queueMicrotask(() => setTimeout(() => done(window.first.isConnected)))));
    }, token);
    fake.seen.runs.length = 0;
    assert.equal(await give(jwt({ life: 900 })), true, 'only the times differ');
    await settled(page);
    assert.equal(fake.seen.runs.length, 0);
    fake.plan.slow = 300;
    assert.equal(await give(jwt({ params: { course: [1] } })), false, 'locked filters differ');
    await settled(page);
    assert.equal(await give(jwt({ params: { course: [1] }, kid: 'emk_2' })), false, 'another key may be another tenant');
    await settled(page);
    assert.equal(await give(jwt({ params: { course: [1] }, kid: 'emk_2', sub: 'ada' })), false, 'another viewer');
    await settled(page);
    fake.plan.slow = 0;
    assert.equal(fake.seen.runs.length, 3);
    clean(faults);
    await end();
  },

  async 'element: moved it goes on, removed it ends its requests, brought back it begins again'(world) {
    const { fake } = world;
    const { page, faults, end } = await visit(world, { body: DASHBOARD('token="plain"') });
    fake.seen.runs.length = 0;
    await page.evaluate(() => document.body.prepend(document.querySelector('cloison-dashboard')));
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
    assert.equal(fake.seen.runs.length, 0);
    assert.ok((await page.locator('article').count()) > 5);

    fake.plan.slow = 20_000;
    fake.seen.aborted = 0;
    await page.evaluate(() => document.querySelector('cloison-dashboard').reload());
    await until(() => fake.seen.runs.length === 1);
    await page.evaluate(() => (window.kept = document.querySelector('cloison-dashboard')).remove());
    await until(() => fake.seen.aborted === 1);
    fake.plan.slow = 0;
    await page.evaluate(() => document.body.append(window.kept));
    await settled(page);
    assert.ok((await page.locator('article').count()) > 5);
    clean(faults);
    await end();
  },

  async 'element: several on one page, each its own'(world) {
    const { page, faults, end } = await visit(world, {
      body: `<main><h1>Portal</h1><cloison-dashboard token="locale=fr"></cloison-dashboard><cloison-dashboard token="locale=ar" theme="dark"></cloison-dashboard></main>`,
    });
    assert.deepEqual(await page.evaluate(() => window.deep('.cloison').map((one) => [one.lang, one.dir, one.dataset.mode])), [['fr', 'ltr', 'light'], ['ar', 'rtl', 'dark']]);
    await noSidewaysScroll(page);
    await accessible(page);
    clean(faults);
    await end();
  },

  async 'element: the ground of the page decides between light and dark, and its styles stay outside'(world) {
    for (const [style, scheme, mode] of [['', 'dark', 'light'], [':root { color-scheme: light dark }', 'dark', 'dark'], [':root { color-scheme: light dark }', 'light', 'light'], [':root { color-scheme: dark }', 'light', 'dark']]) {
      const { page, faults, end } = await visit(world, { body: DASHBOARD('token="plain"'), style: `${style} * { color: rgb(255, 0, 0); font-size: 40px; letter-spacing: 4px } button { display: none }`, scheme });
      assert.equal(await page.locator('.cloison').getAttribute('data-mode'), mode, style + scheme);
      const look = await page.locator('article').first().evaluate((node) => [getComputedStyle(node).color, getComputedStyle(node).letterSpacing]);
      assert.notEqual(look[0], 'rgb(255, 0, 0)');
      assert.equal(look[1], 'normal');
      assert.equal(await page.locator('#filter-period').isVisible(), true);
      clean(faults);
      await end();
    }
  },

  async 'element: the host’s own custom properties make the look'(world) {
    const { page, faults, end } = await visit(world, {
      body: DASHBOARD('token="plain"'),
      style: 'cloison-dashboard { --cloison-primary: #b45309; --cloison-radius: 2px; --cloison-font: "Liberation Serif"; --text: red; --accent: red }',
    });
    const look = await page.evaluate(() => {
      const style = getComputedStyle(window.deep('.cloison')[0]);
      return ['--accent', '--radius', 'font-family', '--text'].map((name) => style.getPropertyValue(name));
    });
    assert.deepEqual(look, ['#b45309', '2px', '"Liberation Serif"', '#18202c']);
    clean(faults);
    await end();
  },
};
