/** The product itself: the demo's server, three clients, one dashboard. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessible, clean, noSidewaysScroll, open, settled, until } from './page.mjs';

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
    if (answer?.ok && (await answer.json()).length === 3) return { origin, folder: join(folder, 'demo'), close };
    await new Promise((done) => setTimeout(done, 250));
  }
  await close();
  throw new Error(`the demo did not start: ${Buffer.concat(told).toString('utf8').slice(-2000)}`);
}

const CLIENTS = ['alder', 'birch', 'cedar'];

/** A client's own page, and where its cards are: the page itself, or the frame in it. */
async function visit(browser, demo, client, options = {}) {
  const opened = await open(browser, `${demo.origin}/demo/${client}`, options);
  const frame = client === 'birch' ? await (await opened.page.locator('iframe').elementHandle()).contentFrame() : opened.page;
  await settled(frame);
  return { ...opened, frame };
}

const figures = (frame) => frame.locator('dd').allTextContents();

/** The four figures that all three pages have. */
async function four(frame) {
  const found = {};
  for (const item of ['active-learners', 'enrolments', 'completion-rate', 'average-grade']) {
    found[item] = await frame.locator(`article[aria-labelledby="name-${item}"] dd`).first().textContent();
  }
  return found;
}

export const cases = {
  async 'three companies, each with its own page, see one dashboard on three databases'({ browser, demo }) {
    const seen = [];
    for (const client of CLIENTS) {
      const { page, frame, faults, end } = await visit(browser, demo, client);
      assert.equal(await frame.locator('[role="alert"]').count(), 0);
      const look = await page.evaluate(() => {
        const { backgroundColor, fontFamily } = getComputedStyle(document.body);
        return [document.documentElement.lang.slice(0, 2), backgroundColor, fontFamily];
      });
      seen.push({ look, figures: await four(frame), names: await frame.locator('article').getByRole('heading').allTextContents() });
      clean(faults);
      await end();
    }
    for (const part of [(one) => one.look[0], (one) => one.look[1], (one) => one.look[2], (one) => Object.values(one.figures).join(' ')]) {
      assert.equal(new Set(seen.map(part)).size, 3, `three that differ: ${seen.map(part).join(' / ')}`);
    }
    assert.deepEqual(seen.map(({ look }) => look[0]), ['en', 'de', 'fr']);
    assert.ok(seen[0].names.includes('Active learners') && seen[1].names.includes('Aktive Lernende') && seen[2].names.includes('Apprenants actifs'));
  },

  async 'the three are shown side by side, and nobody else may frame them'({ browser, demo }) {
    const { page, faults, end } = await open(browser, `${demo.origin}/demo`);
    const frames = page.frames().filter((frame) => CLIENTS.some((client) => frame.url() === `${demo.origin}/demo/${client}`));
    assert.equal(frames.length, 3);
    for (const frame of frames) await frame.locator('h1').waitFor();
    for (const client of CLIENTS) await page.getByText(`Rows: SQLite file ${client}.db.`).waitFor();
    clean(faults);
    await end();
    for (const client of CLIENTS) {
      const policy = (await fetch(`${demo.origin}/demo/${client}`)).headers.get('content-security-policy');
      assert.match(policy, /frame-ancestors 'self'/);
      assert.doesNotMatch(policy, /unsafe|[*]/);
    }
    assert.equal((await fetch(`${demo.origin}/demo/nobody`)).status, 404);
    assert.equal((await fetch(`${demo.origin}/demo/index`)).status, 404);
    assert.equal((await fetch(`${demo.origin}/demo/nobody/token`)).status, 404);
  },

  async 'a filter asks again, for this client only'({ browser, demo }) {
    const [first, second] = [await visit(browser, demo, 'alder'), await visit(browser, demo, 'birch')];
    const before = [await figures(first.frame), await figures(second.frame)];
    const run = first.page.waitForResponse((response) => response.url().endsWith('/v1/embed/run') && /past7days/.test(response.request().postData() ?? ''));
    await first.frame.locator('#filter-period').click();
    await first.frame.locator('.presets button').nth(3).click();
    assert.equal((await run).status(), 200);
    await settled(first.frame);
    assert.notDeepEqual(await figures(first.frame), before[0]);
    assert.deepEqual(await figures(second.frame), before[1]);

    // The values of the course filter are this client's own.
    const lists = [];
    for (const { frame } of [first, second]) {
      await frame.locator('#filter-course').click();
      await frame.locator('[role="option"]').first().waitFor();
      lists.push(await frame.locator('[role="option"]').allTextContents());
    }
    assert.ok(lists[0].length > 0 && lists[1].length > 0);
    assert.notDeepEqual(lists[0], lists[1]);
    for (const { faults, end } of [first, second]) {
      clean(faults);
      await end();
    }
  },

  async 'a page’s own buttons set the filter of its frame, and its own links another dashboard'({ browser, demo }) {
    const birch = await visit(browser, demo, 'birch');
    const before = await figures(birch.frame);
    assert.equal(await birch.frame.locator('#filter-period').count(), 0, 'the page has the period');
    await birch.page.getByRole('button', { name: '30 Tage' }).click();
    await until(async () => JSON.stringify(await figures(birch.frame)) !== JSON.stringify(before));
    clean(birch.faults);
    await birch.end();
    const alder = await visit(browser, demo, 'alder');
    await alder.page.getByRole('link', { name: 'Assessment' }).click();
    await alder.page.getByRole('heading', { name: 'Quiz results' }).waitFor();
    await settled(alder.page);
    assert.equal(await alder.page.getByRole('heading', { name: 'Learners at risk' }).count(), 0);
    clean(alder.faults);
    await alder.end();
  },

  async 'a file of a card comes from the server'({ browser, demo }) {
    const { page, frame, end } = await visit(browser, demo, 'alder');
    await frame.locator('button[aria-label^="Download"]').last().click();
    const [file] = await Promise.all([page.waitForEvent('download'), frame.locator('.menu button').first().click()]);
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

  async 'every portal, and the API: accessible in both modes, from phone to desk, and nothing sideways'({ browser, demo }) {
    for (const width of [390, 834, 1440]) {
      for (const scheme of ['light', 'dark']) {
        for (const client of CLIENTS) {
          const { page, frame, faults, end } = await visit(browser, demo, client, { width, scheme });
          for (const one of new Set([page, frame])) {
            await noSidewaysScroll(one);
            await accessible(one);
          }
          clean(faults);
          await end();
        }
      }
    }
    for (const [path, width, scheme] of [['/demo', 390, 'dark'], ['/demo', 1440, 'light'], ['/docs', 360, 'dark'], ['/docs', 1440, 'light']]) {
      const { page, faults, end } = await open(browser, `${demo.origin}${path}`, { width, scheme });
      await page.locator(path === '/docs' ? 'article' : '[data-rows="cedar"]:not(:empty)').first().waitFor();
      await noSidewaysScroll(page);
      await accessible(page);
      clean(faults);
      await end();
    }
  },
};
