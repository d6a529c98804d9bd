/** The iframe page in pages of somebody else: heights, tokens, and who may say and hear what. */
import assert from 'node:assert/strict';
import { jwt } from './fake.mjs';
import * as hosts from './host.mjs';
import { strict } from './host.mjs';
import { accessible, clean, open, settled, until } from './page.mjs';

/** A host page with one frame; it notes every message it gets, and every event of the helper. */
async function visit({ browser, fake, host }, { src, attributes = 'data-cloison', script = '', helper = true, policy }) {
  host.pages.set('/frame', {
    body: `<main><h1>Portal</h1><iframe id="frame" title="Figures" ${attributes} src="${src}"></iframe><p id="after">After</p></main>`,
    script: `window.heard = []; window.events = [];
addEventListener('message', (event) => window.heard.push([event.origin, event.data]));
for (const name of ['ready', 'filter-change', 'drill', 'error', 'height', 'expired']) addEventListener('cloison:' + name, (event) => window.events.push([name, event.detail]));
${script}`,
    embed: helper ? `${fake.origin}/frame.js` : undefined,
    policy,
    style: 'iframe { inline-size: 100%; block-size: 300px; border: 0 }',
  });
  const opened = await open(browser, `${host.origin}/frame`);
  const handle = await opened.page.locator('#frame').elementHandle();
  return { ...opened, frame: await handle.contentFrame() };
}

const heard = (page, type) => page.evaluate((wanted) => window.heard.filter(([, data]) => data.type === wanted), type);

export const cases = {
  async 'frame: gets its height, and tells what happens, to the key’s origin only'(world) {
    const { fake, host } = world;
    fake.plan.origins = [host.origin];
    const { page, frame, faults, end } = await visit(world, { src: `${fake.origin}/embed/dashboard/${jwt()}` });
    await settled(frame);
    await until(async () => (await page.locator('#frame').evaluate((one) => one.clientHeight)) > 1200);
    const [inner, outer] = [await frame.evaluate(() => document.documentElement.scrollHeight), await page.locator('#frame').evaluate((one) => one.clientHeight)];
    assert.ok(Math.abs(inner - outer) <= 1, `${inner} in ${outer}`);
    await frame.locator('#filter-period').click();
    await frame.getByRole('button', { name: 'Past 7 days' }).click();
    await until(async () => (await page.evaluate(() => window.events.filter(([name]) => name === 'filter-change').length)) === 1);
    const events = await page.evaluate(() => window.events);
    assert.equal(events.find(([name]) => name === 'ready')[1].name, 'Learning overview');
    assert.deepEqual(events.find(([name]) => name === 'filter-change')[1].changed, ['period']);
    assert.ok((await page.evaluate(() => window.heard)).every(([origin]) => origin === fake.origin));
    await accessible(page);
    clean(faults);
    await end();
    fake.plan.origins = [];
  },

  async 'frame: asks the page around for tokens, first and later, and nothing moves'(world) {
    const { fake, host } = world;
    fake.plan.origins = [host.origin];
    const given = [];
    host.answers.set('/token', () => {
      given.push(jwt({ life: 5 }));
      return { body: { token: given.at(-1) } };
    });
    const { page, frame, faults, end } = await visit(world, { src: `${fake.origin}/embed/dashboard`, attributes: 'data-cloison data-token-provider="/token"' });
    await settled(frame);
    fake.seen.runs.length = 0;
    await until(() => given.length >= 2);
    await new Promise((done) => setTimeout(done, 200));
    assert.deepEqual(fake.seen.runs, []);
    assert.equal(await frame.evaluate(() => location.hash), '', 'the token is in no address');
    assert.deepEqual(await page.evaluate(() => window.events.filter(([name]) => name === 'expired')), []);
    clean(faults);
    await end();
    fake.plan.origins = [];
  },

  async 'frame: without an answer it says that the link does not work; a new token in the address is taken'(world) {
    const { fake, host } = world;
    const { page, frame, end } = await visit(world, { src: `${fake.origin}/embed/dashboard#token=expired`, helper: false });
    await frame.getByRole('alert').waitFor();
    await until(async () => (await heard(page, 'cloison:expired')).length === 1);
    await page.evaluate((src) => (document.getElementById('frame').src = src), `${fake.origin}/embed/dashboard#token=plain`);
    await settled(frame);
    await end();
    host.pages.delete('/frame');
  },

  async 'frame: a page of another origin is told nothing, and its words are not taken'(world) {
    const { browser, fake, host } = world;
    const other = await hosts.start(fake.origin);
    // The key allows `host`; the frame is in a page of `other`. Its address does not name the key, so the browser lets it load.
    fake.plan.origins = [host.origin];
    fake.seen.runs.length = 0;
    const { page, frame, end } = await visit({ browser, fake, host: other }, {
      src: `${fake.origin}/embed/dashboard#token=plain`,
      helper: false,
      script: `const frame = document.getElementById('frame');
        setInterval(() => { for (const data of [{ type: 'cloison:hello', provides: true }, { type: 'cloison:set', locale: 'fr', filters: { period: 'past7days' } }]) frame.contentWindow?.postMessage(data, '*'); }, 50);`,
    });
    await frame.getByRole('alert').waitFor();
    assert.match(await frame.locator('.cloison').textContent(), /not allowed/);
    assert.equal(await frame.locator('article').count(), 0);
    await new Promise((done) => setTimeout(done, 400));
    assert.deepEqual(await page.evaluate(() => window.heard), []);
    await end();
    other.close();
    fake.plan.origins = [];
  },

  async 'frame: where the address names the key, the browser refuses other pages'(world) {
    const { browser, fake, host } = world;
    const other = await hosts.start(fake.origin);
    fake.plan.origins = [host.origin];
    fake.seen.shows.length = 0;
    const { page, end } = await visit({ browser, fake, host: other }, { src: `${fake.origin}/embed/dashboard/${jwt()}`, helper: false });
    await new Promise((done) => setTimeout(done, 500));
    assert.deepEqual(await page.evaluate(() => window.heard), []);
    assert.equal(fake.seen.shows.length, 0);
    await end();
    other.close();
    fake.plan.origins = [];
  },

  async 'frame: orders come from the parent window alone, and the helper listens to its frame alone'(world) {
    const { fake, host } = world;
    fake.plan.origins = [host.origin];
    const { page, frame, faults, end } = await visit(world, {
      src: `${fake.origin}/embed/dashboard/${jwt()}`,
      script: `
        const other = document.createElement('iframe');
        other.title = 'other';
        document.body.append(other);`,
      policy: strict(fake.origin).replace('frame-src', "frame-src 'self'"),
    });
    // A sibling frame of the allowed origin speaks to the view, and pretends to be the view before the helper.
    host.pages.set('/other', {
      body: '<p>other</p>',
      script: `setInterval(() => {
        window.parent.frames[0].postMessage({ type: 'cloison:set', filters: { period: 'past7days' } }, '*');
        window.parent.postMessage({ type: 'cloison:height', height: 7 }, '*');
        window.parent.postMessage({ type: 'cloison:token-wanted', request: { reason: 'renew' } }, '*');
      }, 40);`,
      policy: `default-src 'self'; frame-ancestors *`,
    });
    await page.evaluate(() => (document.querySelector('iframe[title=other]').src = '/other?again'));
    await settled(frame);
    await until(async () => (await heard(page, 'cloison:height')).some(([, data]) => data.height === 7));
    await new Promise((done) => setTimeout(done, 300));
    assert.notEqual(await page.locator('#frame').evaluate((one) => one.style.height), '7px');
    assert.match(await frame.locator('#filter-period').textContent(), /12 months/);
    // The parent itself is heard.
    await page.evaluate((origin) => document.getElementById('frame').contentWindow.postMessage({ type: 'cloison:set', filters: { period: 'past7days' }, theme: 'dark', hide: ['name'] }, origin), fake.origin);
    await frame.getByText('Past 7 days').waitFor();
    assert.equal(await frame.locator('.cloison').getAttribute('data-mode'), 'dark');
    assert.equal(await frame.locator('#filter-name').count(), 0);
    clean(faults);
    await end();
    fake.plan.origins = [];
  },

  async 'frame: without scripts there is text'({ browser, fake }) {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${fake.origin}/embed/dashboard#token=plain`);
    assert.match(await page.textContent('main'), /allow it for this page/);
    await context.close();
  },
};
