/** The product against hostile names and values, foreign pages, and the end of tokens. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { accessible, clean, noSidewaysScroll, open, settled, until } from './page.mjs';
import { EVIL, FORMULA, LINK, SCRIPT, TURNED, world } from './real-world.mjs';

const card = (page, id) => page.locator(`article[aria-labelledby="name-${id}"]`);

/** A host page of another origin with an element or a frame of the demo's server. */
async function visit(browser, demo, host, path, { body, script = '', embed = `${demo.origin}/embed.js`, ...options }) {
  host.pages.set(path, { body, script: `window.told = [];\n${script}`, embed, policy: host.strict(demo.origin) });
  return open(browser, `${host.origin}${path}`, options);
}

export const cases = {
  async 'real hostile: names and values of the database are text, wherever they stand'({ browser, demo }) {
    const { address } = await world(demo);
    for (const [width, scheme] of [[1440, 'light'], [390, 'dark']]) {
      const { page, faults, end } = await open(browser, address('hostile'), { width, scheme });
      await settled(page);
      // They are there, letter by letter ...
      assert.equal(await page.title(), `${EVIL} - Gallery ${EVIL}`);
      const text = await page.evaluate(() => window.deep('.cloison')[0].textContent);
      for (const one of [EVIL, SCRIPT, LINK, FORMULA, TURNED, '+1+1', '@SUM(A1)']) assert.ok(text.includes(one), one);
      assert.equal(await card(page, 'hostile').getByRole('columnheader').first().textContent().then((name) => name.includes(EVIL)), true);
      // ... and none of them became a part of the page.
      const parts = await page.evaluate(() => ({
        made: window.deep('img, iframe, object, embed, form, style, base, link[rel="import"], .cloison script').length,
        handlers: window.deep('*').flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))).length,
        links: window.deep('a').map((one) => one.getAttribute('href')),
        pwned: window.pwned ?? null,
      }));
      assert.deepEqual([parts.made, parts.handlers, parts.pwned], [0, 0, null]);
      assert.ok(parts.links.length >= 5, String(parts.links.length));
      for (const link of parts.links) assert.match(link, /^https:\/\/(fine|lms|people)\.example(\/|$)/);
      // Pointing at a mark, the list of a filter, the table of a chart: the same texts in other places.
      await card(page, 'hostile-bar').locator('.chart').focus();
      await page.keyboard.press('ArrowRight');
      await page.locator('#filter-country').click();
      await page.getByRole('option', { name: EVIL, exact: true }).click();
      await page.keyboard.press('Escape');
      await settled(page);
      await card(page, 'hostile-bar').getByRole('button', { name: /table/i }).first().click();
      assert.equal(await page.evaluate(() => window.pwned ?? null), null);
      await noSidewaysScroll(page);
      await accessible(page);
      clean(faults);
      await end();
    }
  },

  async 'real hostile: files have no formulas'({ browser, demo }) {
    const { address } = await world(demo);
    const { page, faults, end } = await open(browser, address('hostile'));
    await settled(page);
    await card(page, 'hostile').getByRole('button', { name: /^Download/ }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.menu button').first().click()]);
    const text = await readFile(await file.path(), 'utf8');
    assert.ok(text.includes(`'=HYPERLINK`) && text.includes(`'+1+1`) && text.includes(`'@SUM(A1)`), text);
    assert.doesNotMatch(text, /(^|[,"\n])[=+@]/);
    assert.doesNotMatch(file.suggestedFilename(), /[<>"/\\]/);
    clean(faults);
    await end();
  },

  async 'real tokens: a new one comes before the end, without a flicker; without one the view says that it is over'({ browser, demo, host }) {
    const { key, token } = await world(demo);
    const short = await key({ longest_life_seconds: 10 });
    let given = 0;
    host.answers.set('/token', () => {
      given += 1;
      return given <= 3 ? { body: { token: token('sales', { life: 6, with: short }) } } : { status: 403, body: {} };
    });
    const { page, faults, end } = await visit(browser, demo, host, '/renewal', { body: '<main><h1>Portal</h1><cloison-dashboard token-provider="/token"></cloison-dashboard></main>' });
    await settled(page);
    await page.evaluate(() => {
      window.first = window.deep('article')[0];
      window.blinks = 0;
      new MutationObserver(() => (window.blinks += window.deep('.skeleton, .stale, [role="alert"]').length)).observe(window.deep('.inside')[0], { childList: true, subtree: true, attributes: true });
    });
    await until(() => given >= 3);
    assert.deepEqual(await page.evaluate(() => [window.blinks, window.first.isConnected]), [0, true]);
    // The site gives none any more: what is shown stays until it is asked for something, and then says so.
    await until(() => given >= 4);
    await page.waitForTimeout(6000);
    await page.evaluate(() => document.querySelector('cloison-dashboard').reload());
    await page.getByRole('alert').first().waitFor();
    assert.match(await page.locator('.cloison').textContent(), /expired|ended|over/i);
    await accessible(page);
    clean(faults.filter((one) => !/status of 403/.test(one)));
    await end();
  },

  async 'real frames: messages count from the page around only, and only from origins that the key allows'({ browser, demo, host }) {
    const { key, token } = await world(demo);
    const bound = await key({ origins: [host.origin] });
    const src = `${demo.origin}/embed/dashboard#token=${token('sales', { with: bound })}`;
    const { page, faults, end } = await visit(browser, demo, host, '/frame', {
      embed: null, body: `<main><h1>Portal</h1><iframe title="Sales" width="1100" height="900" src="${src}"></iframe></main>`,
      script: "addEventListener('message', (event) => window.told.push([event.origin, event.data?.type]));",
    });
    const frame = await (await page.locator('iframe').elementHandle()).contentFrame();
    await settled(frame);
    await until(() => page.evaluate(() => window.told.some(([, type]) => type === 'cloison:ready')));
    assert.ok((await page.evaluate(() => window.told)).every(([origin]) => origin === demo.origin));
    const theme = () => frame.locator('.cloison').getAttribute('data-mode');
    const order = { type: 'cloison:set', theme: 'dark' };
    // From itself, from a frame in it, and as a message that somebody else's page would send: nothing.
    await frame.evaluate((data) => postMessage(data, '*'), order);
    await frame.evaluate((data) => dispatchEvent(new MessageEvent('message', { data, origin: 'https://evil.example', source: parent })), order);
    await page.waitForTimeout(300);
    assert.equal(await theme(), 'light');
    await page.evaluate(([data, target]) => document.querySelector('iframe').contentWindow.postMessage(data, target), [order, demo.origin]);
    await until(async () => (await theme()) === 'dark');
    clean(faults);
    await end();
    // A key for other origins: the server sends the page with a policy that the browser keeps to, and the API refuses the origin.
    const foreign = await key({ origins: ['https://portal.example'] });
    const policy = (await fetch(`${demo.origin}/embed/dashboard/${token('sales', { with: foreign })}`)).headers.get('content-security-policy');
    assert.match(policy, /frame-ancestors https:\/\/portal\.example$/);
    const other = await visit(browser, demo, host, '/foreign', { body: `<main><h1>Portal</h1><cloison-dashboard token="${token('sales', { with: foreign })}"></cloison-dashboard></main>` });
    await other.page.getByRole('alert').waitFor();
    assert.equal(await other.page.locator('article').count(), 0);
    await other.end();
  },

  async 'real keyboard: filters, tables, downloads and charts without a pointer, from left to right and from right to left'({ browser, demo }) {
    const { address } = await world(demo);
    for (const locale of ['en', 'ar']) {
      const { page, faults, end } = await open(browser, address('sales', `&locale=${locale}`));
      await settled(page);
      await page.locator('#filter-country').focus();
      await page.keyboard.press('Enter');
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      assert.equal(await page.evaluate(() => window.deep('#filter-country')[0].getRootNode().activeElement?.id), 'filter-country', 'the focus comes back');
      await settled(page);
      await card(page, 'by-country').locator('.chart').focus();
      await page.keyboard.press(locale === 'ar' ? 'ArrowLeft' : 'ArrowRight');
      assert.match(await card(page, 'by-country').locator('[role="status"]').textContent(), /\S/);
      const sort = card(page, 'orders').getByRole('columnheader').last().getByRole('button');
      await sort.focus();
      await page.keyboard.press('Enter');
      assert.match(await card(page, 'orders').getByRole('columnheader').last().getAttribute('aria-sort'), /ascending|descending/);
      await accessible(page);
      clean(faults);
      await end();
    }
  },
};
