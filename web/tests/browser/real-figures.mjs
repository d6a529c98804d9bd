/** What the demo's dashboard costs, as counts: requests, bytes on the wire, long tasks, movements. They are printed, for the notes of a release. */
import assert from 'node:assert/strict';
import { clean, open, settled } from './page.mjs';

/** Opens an address with an empty cache and counts. */
async function count(browser, address, options) {
  const { page, faults, end } = await open(browser, 'about:blank', options);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const sent = new Map();
  session.on('Network.responseReceived', ({ requestId, response }) => sent.set(requestId, { path: new URL(response.url).pathname, bytes: 0 }));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sent.has(requestId) && (sent.get(requestId).bytes = encodedDataLength));
  await page.addInitScript(() => {
    window.long = [];
    new PerformanceObserver((list) => window.long.push(...list.getEntries().map((entry) => Math.round(entry.duration)))).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(address);
  await settled(page);
  await page.waitForTimeout(300);
  const [long, shifts] = await page.evaluate(() => [window.long, window.shifts]);
  clean(faults);
  await end();
  const all = [...sent.values()].filter(({ path }) => path !== 'blank');
  const of = (test) => all.filter(({ path }) => test.test(path));
  const bytes = (list) => list.reduce((sum, one) => sum + one.bytes, 0);
  return { all, requests: all.length, bytes: bytes(all), scripts: bytes(of(/\.js$/)), answers: bytes(of(/^\/v1\//)), asked: of(/^\/v1\//).length, long, shifts };
}

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

export const cases = {
  async 'real figures: the demo’s dashboard in requests, bytes, long tasks and movements'({ browser, demo }) {
    const token = async (client) => (await (await fetch(`${demo.origin}/demo/${client}/token`)).json()).token;
    for (const [client, width] of [['alder', 1440], ['alder', 390], ['birch', 834], ['cedar', 390]]) {
      const found = await count(browser, `${demo.origin}/embed/dashboard#token=${await token(client)}`, { width });
      console.log(`      ${client} at ${width} px: ${found.requests} requests, ${kib(found.bytes)} (scripts ${kib(found.scripts)}, answers ${kib(found.answers)} in ${found.asked}), ${found.long.length} long tasks, ${found.shifts.length} movements`);
      assert.deepEqual(found.shifts, []);
      // One request says what there is, one brings all answers.
      assert.equal(found.asked, 2);
      assert.ok(found.requests <= 26, found.all.map(({ path }) => path).join('\n'));
      assert.ok(found.scripts <= 270 * 1024, kib(found.scripts));
    }
  },
};
