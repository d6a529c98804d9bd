/** The product itself: the demo's server, three clients, one dashboard. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessible, clean, noSidewaysScroll, open, settled } from './page.mjs';

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts `cloison demo` in a folder of its own and waits for its portals. */
export async function start(binary) {
  const folder = await mkdtemp(join(tmpdir(), 'cloison-web-'));
  const port = await freePort();
  const child = spawn(binary, ['demo', '--port', String(port), '--dir', join(folder, 'demo'), '--fresh'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const told = [];
  let ended = false;
  child.stderr.on('data', (bytes) => told.push(bytes));
  child.on('error', () => (ended = true));
  child.on('exit', () => (ended = true));
  const origin = `http://127.0.0.1:${port}`;
  const close = async () => {
    if (!ended) {
      child.kill('SIGTERM');
      await Promise.race([new Promise((done) => child.once('exit', done)), new Promise((done) => setTimeout(done, 5000))]);
      if (!ended) child.kill('SIGKILL');
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + 180_000; Date.now() < end; ) {
    if (ended) break;
    const answer = await fetch(`${origin}/demo/portals.json`).catch(() => null);
    if (answer?.ok && (await answer.json()).length === 3) return { origin, close };
    await new Promise((done) => setTimeout(done, 250));
  }
  await close();
  throw new Error(`the demo did not start: ${Buffer.concat(told).toString('utf8').slice(-2000)}`);
}

/** The embedded pages of the portals page, settled. */
async function frames(page) {
  await page.waitForFunction(() => document.querySelectorAll('iframe').length === 3);
  const found = [];
  for (const element of await page.locator('iframe').all()) {
    // Only what is near the screen is drawn at once.
    const frame = await (await element.elementHandle()).contentFrame();
    await settled(frame);
    found.push(frame);
  }
  return found;
}

const figures = (frame) => frame.locator('dd').allTextContents();

export const cases = {
  async 'three clients see one dashboard on three databases'({ browser, demo }) {
    const { page, faults, end } = await open(browser, `${demo.origin}/demo`);
    assert.match(await page.textContent('h1'), /One dashboard, written once/);
    const shown = await frames(page);
    const names = await Promise.all(shown.map((frame) => frame.locator('article').getByRole('heading').allTextContents()));
    assert.ok(names[0].length > 5);
    assert.deepEqual(names[1], names[0]);
    assert.deepEqual(names[2], names[0]);
    const numbers = await Promise.all(shown.map(async (frame) => (await figures(frame)).join(' ')));
    assert.equal(new Set(numbers).size, 3, `different numbers: ${numbers.join(' / ')}`);
    for (const frame of shown) assert.equal(await frame.locator('[role="alert"]').count(), 0);
    clean(faults);
    await end();
  },

  async 'a filter asks again, for this client only'({ browser, demo }) {
    const { page, faults, end } = await open(browser, `${demo.origin}/demo`);
    const [first, second] = await frames(page);
    const before = [await figures(first), await figures(second)];
    const run = page.waitForResponse((response) => response.url().endsWith('/v1/embed/run') && /past7days/.test(response.request().postData() ?? ''));
    await first.locator('#filter-period').click();
    await first.locator('.presets button').nth(3).click();
    assert.equal((await run).status(), 200);
    await settled(first);
    assert.notDeepEqual(await figures(first), before[0]);
    assert.deepEqual(await figures(second), before[1]);

    // The values of the course filter are this client's own.
    await first.locator('#filter-course').click();
    await first.locator('[role="option"]').first().waitFor();
    const own = await first.locator('[role="option"]').allTextContents();
    await second.locator('#filter-course').click();
    await second.locator('[role="option"]').first().waitFor();
    const others = await second.locator('[role="option"]').allTextContents();
    assert.ok(own.length > 0 && others.length > 0);
    assert.notDeepEqual(own, others);
    clean(faults);
    await end();
  },

  async 'a file of a card comes from the server'({ browser, demo }) {
    const { page, end } = await open(browser, `${demo.origin}/demo`);
    const [first] = await frames(page);
    await first.locator('button[aria-label^="Download"]').last().click();
    const [file] = await Promise.all([page.waitForEvent('download'), first.locator('.menu button').first().click()]);
    assert.match(file.suggestedFilename(), /\.csv$/);
    await end();
  },

  async 'a token that was changed opens nothing'({ browser, demo }) {
    const portals = await (await fetch(`${demo.origin}/demo/portals.json`)).json();
    const address = new URL(portals[0].embed_url, demo.origin);
    const [head, body, signature] = new URLSearchParams(address.hash.slice(1)).get('token').split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    const forged = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 60 })).toString('base64url');
    address.hash = `token=${head}.${forged}.${signature}`;
    const { page, faults, end } = await open(browser, address.href);
    await page.getByRole('alert').waitFor();
    assert.match(await page.locator('.cloison').textContent(), /does not work/);
    assert.equal(await page.locator('article').count(), 0);
    clean(faults);
    await end();
  },

  async 'a client’s own page, the portals and the API: accessible in both modes, at both widths'({ browser, demo }) {
    const portals = await (await fetch(`${demo.origin}/demo/portals.json`)).json();
    for (const width of [360, 1440]) {
      for (const scheme of ['light', 'dark']) {
        for (const path of ['/demo', portals[1].portal_url, '/docs']) {
          const { page, faults, end } = await open(browser, new URL(path, demo.origin).href, { width, scheme });
          if (path === '/docs') await page.locator('article').first().waitFor();
          else await page.locator('iframe').first().waitFor();
          const inside = [];
          for (const element of await page.locator('iframe').all()) inside.push(await (await element.elementHandle()).contentFrame());
          for (const frame of inside) await settled(frame);
          for (const frame of [page, ...inside]) {
            await noSidewaysScroll(frame);
            await accessible(frame);
          }
          clean(faults);
          await end();
        }
      }
    }
  },
};
