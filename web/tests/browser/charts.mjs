/** Every kind of card in a real browser: drawn, read back from the table behind it, used by keys and pointer, taken as a picture. */
import assert from 'node:assert/strict';
import { CARDS, serve } from './charts.fixture.mjs';
import { EVIL } from './fixture.mjs';
import { accessible, clean, noSidewaysScroll, open, settled } from './page.mjs';
import { same } from './snapshot.mjs';

const DRAWN = CARDS.map(([id]) => id).filter((id) => !['scalar', 'trend', 'progress', 'pivot', 'table'].includes(id));

/** A page with these cards, settled. */
async function show(browser, fake, { only = null, width = 1440, scheme = 'light', ...options } = {}) {
  const opened = await open(browser, 'about:blank', { width, scheme });
  await serve(opened.page, { only, ...options });
  await opened.page.goto(`${fake.origin}/embed/dashboard#token=x`);
  await settled(opened.page);
  await opened.page.waitForTimeout(50);
  return opened;
}

const card = (page, id) => page.locator(`article[aria-labelledby="name-${id}"]`);

/** Whether it can be read as XML: in a page of its own, because the policy of ours forbids to read any. */
async function wellFormed(browser, source) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const fine = await page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror') === null, source);
  await context.close();
  return fine;
}

/** The table behind a chart, as rows of texts. */
const behind = (page, id) =>
  card(page, id).locator('.hear table').evaluate((table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent)));

export const cases = {
  async 'charts: every kind is drawn, accessible, within the policy, at three widths, light and dark'({ browser, fake }) {
    for (const [width, scheme, locale] of [[1440, 'light', 'en-GB'], [1440, 'dark', 'fr'], [768, 'light', 'ar'], [360, 'dark', 'de']]) {
      const { page, faults, end } = await show(browser, fake, { width, scheme, locale });
      for (const id of DRAWN) assert.ok((await card(page, id).locator('.chart svg path').count()) > 0, id);
      assert.equal(await page.evaluate(() => window.pwned), undefined);
      await noSidewaysScroll(page);
      await accessible(page);
      clean(faults);
      await end();
    }
  },

  async 'charts: what is drawn can be read, row by row'({ browser, fake }) {
    const { page, end } = await show(browser, fake);
    for (const id of DRAWN) {
      const [, , , , visualization, columns, rows] = CARDS.find(([name]) => name === id);
      const table = await behind(page, id);
      const shown = columns.filter(({ name }) => !(visualization.hidden ?? []).includes(name));
      assert.equal(table.length, Math.min(100, rows.length) + 1, id);
      assert.equal(table[0].length, shown.length, id);
      // Numbers are compared as numbers: the page writes them as people read them.
      rows.slice(0, 100).forEach((row, at) => {
        columns.forEach((column, place) => {
          if (row[place] === null || column.type !== 'integer' || !/^(enrolments|learners|people|events|certificates)$/.test(column.name)) return;
          assert.equal(Number(table[at + 1][place].replace(/[^\d-]/g, '')), row[place], `${id} ${at} ${column.name}`);
        });
      });
      const label = await card(page, id).locator('.chart').getAttribute('aria-label');
      assert.ok(label.length > 25 && !/[{}]|undefined|NaN/.test(label), `${id}: ${label}`);
    }
    await end();
  },

  async 'charts: arrow keys go from value to value, and say it'({ browser, fake }) {
    const { page, faults, end } = await show(browser, fake);
    for (const id of DRAWN) {
      const chart = card(page, id).locator('.chart');
      await chart.focus();
      await page.keyboard.press('ArrowRight');
      const first = await card(page, id).locator('[role="status"]').textContent();
      assert.match(first, /: .*\S/, id);
      assert.equal(await card(page, id).locator('.tip').count(), 1, id);
      if (id !== 'gauge') {
        await page.keyboard.press('End');
        assert.notEqual(await card(page, id).locator('[role="status"]').textContent(), first, id);
      }
      await page.keyboard.press('Escape');
      assert.equal(await card(page, id).locator('.tip').count(), 0, id);
    }
    clean(faults);
    await end();
  },

  async 'charts: the pointer shows the value under it'({ browser, fake }) {
    const { page, faults, end } = await show(browser, fake);
    for (const id of DRAWN) {
      const chart = card(page, id).locator('.chart');
      await chart.scrollIntoViewIfNeeded();
      const box = await chart.boundingBox();
      let found = 0;
      // Somewhere on a line through the middle there is something.
      for (let step = 1; step < 40 && found === 0; step += 1) {
        const place = { funnel: 0.1, points: 0.5, bubble: 0.35 }[id] ?? 0.6;
        await page.mouse.move(box.x + (box.width * step) / 40, box.y + box.height * place);
        found = await card(page, id).locator('.tip').count();
      }
      assert.equal(found, 1, id);
      const tip = await card(page, id).locator('.tip').boundingBox();
      const frame = await card(page, id).boundingBox();
      assert.ok(tip.x >= frame.x - 1 && tip.x + tip.width <= frame.x + frame.width + 1, `${id}: the tip leaves the card`);
    }
    clean(faults);
    await end();
  },

  async 'charts: series are switched by keyboard, and the look changes without a reload'({ browser, fake }) {
    const { page, faults, end } = await show(browser, fake, { only: ['stacked', 'donut'] });
    const legend = card(page, 'stacked').getByRole('list', { name: 'Series' });
    const fills = () => card(page, 'stacked').locator('.chart svg path').evaluateAll((paths) => [...new Set(paths.map((path) => path.getAttribute('fill')))].length);
    const before = await fills();
    await legend.getByRole('button', { name: 'Expired' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await legend.getByRole('button', { name: 'Expired' }).getAttribute('aria-pressed'), 'false');
    await page.waitForTimeout(50);
    assert.equal(await fills(), before - 1);
    // Alone, and all again.
    await legend.getByRole('button', { name: 'Valid' }).click({ modifiers: ['Shift'] });
    assert.equal(await legend.locator('[aria-pressed="true"]').count(), 1);
    await legend.getByRole('button', { name: 'Valid' }).click({ modifiers: ['Shift'] });
    assert.equal(await legend.locator('[aria-pressed="true"]').count(), 3);
    const ground = () => card(page, 'stacked').locator('.chart svg text').first().getAttribute('fill');
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(100);
    assert.notEqual(await ground(), light);
    await page.setViewportSize({ width: 500, height: 900 });
    await page.waitForTimeout(200);
    const width = await card(page, 'stacked').locator('.chart svg').first().evaluate((svg) => svg.clientWidth);
    assert.ok(width < 480, `${width}`);
    clean(faults);
    await end();
  },

  async 'charts: a mark that is clicked, or chosen by keys, is a filter'({ browser, fake }) {
    const filter = (name, type) => ({ name, label: name, type, required: false, multiple: false, default: null, choices: [], has_values: false });
    const options = { only: ['bar', 'stacked', 'table', 'pie'], parameters: [filter('course', 'text'), filter('state', 'text'), filter('learner', 'text')], clicks: { stacked: [{ action: 'filter', filters: { state: { column: 'state' } } }], table: [{ column: 'learner', action: 'filter', filters: { learner: { column: 'learner' } } }] } };
    const { page, faults, end } = await show(browser, fake, options);
    const address = () => page.evaluate(() => decodeURIComponent(location.hash));
    const bar = card(page, 'bar').locator('.chart');
    const box = await bar.boundingBox();
    await page.mouse.move(box.x + box.width * 0.13, box.y + box.height * 0.6);
    await page.mouse.click(box.x + box.width * 0.13, box.y + box.height * 0.6);
    await page.waitForFunction(() => location.hash.includes('filter.course='));
    assert.match(await address(), /filter\.course=Introduction/);
    await settled(page);
    // By keys: the second place from the left.
    await bar.focus();
    for (const key of ['Home', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.waitForFunction(() => /filter\.course=Statistics/.test(location.hash));
    await settled(page);
    // On a segment of a stack, the series' value.
    const stack = await card(page, 'stacked').locator('.chart').boundingBox();
    await page.mouse.move(stack.x + stack.width * 0.93, stack.y + stack.height * 0.72);
    await page.mouse.click(stack.x + stack.width * 0.93, stack.y + stack.height * 0.72);
    await page.waitForFunction(() => location.hash.includes('filter.state='));
    assert.match(await address(), /filter\.state=(Valid|Expires)/);
    await settled(page);
    await card(page, 'table').getByRole('button', { name: 'Learner 2', exact: true }).click();
    await page.waitForFunction(() => location.hash.includes('filter.learner='));
    // Nothing is wired to the pie: it does not look as if it were.
    assert.equal(await card(page, 'pie').locator('.picks').count(), 0);
    clean(faults);
    await end();
  },

  async 'charts: tables page, sort, dress and link what is safe'({ browser, fake }) {
    const { page, faults, end } = await show(browser, fake, { only: ['table'] });
    const own = card(page, 'table');
    assert.equal(await own.locator('tbody tr').count(), 50);
    assert.match(await own.locator('footer').textContent(), /1 to 50 of 137/);
    await own.getByRole('button', { name: 'Last page' }).click();
    assert.equal(await own.locator('tbody tr').count(), 37);
    // There is no next page: the button stays where it is, and does nothing.
    await own.getByRole('button', { name: 'Next page' }).press('Enter');
    assert.match(await own.locator('footer').textContent(), /101 to 137 of 137/);
    await own.locator('th', { hasText: 'Score' }).getByRole('button').click();
    assert.match(await own.locator('footer').textContent(), /1 to 50/);
    const numbers = await own.locator('tbody tr').evaluateAll((rows) => rows.map((row) => Number(row.cells[3].textContent)));
    assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b));
    assert.equal(await own.locator('a[href^="javascript"]').count(), 0);
    assert.ok((await own.locator('a[href^="https://lms.example/course/view.php?id="]').count()) > 40);
    assert.ok((await own.locator('td', { hasText: 'javascript:alert(1)' }).count()) <= 1);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    // The first column stays when the table is scrolled sideways.
    await page.setViewportSize({ width: 420, height: 900 });
    await own.locator('.scroll').evaluate((element) => (element.scrollLeft = 300));
    const [pinned, frame] = [await own.locator('tbody td').first().boundingBox(), await own.boundingBox()];
    assert.ok(Math.abs(pinned.x - frame.x) < 4, `${pinned.x} ${frame.x}`);
    clean(faults);
    await end();
  },

  async 'charts: a pivot adds up'({ browser, fake }) {
    const { page, end } = await show(browser, fake, { only: ['pivot'] });
    const rows = await card(page, 'pivot').locator('table').evaluate((table) => [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent.replace(/\D/g, '')))));
    const total = rows.at(-1);
    for (let at = 0; at < total.length; at += 1) assert.equal(rows.slice(0, -1).reduce((sum, row) => sum + row[at], 0), total[at]);
    for (const row of rows) assert.equal(row.slice(0, -1).reduce((sum, value) => sum + value, 0), row.at(-1));
    await end();
  },

  async 'charts: pictures are whole, without a request'({ browser, fake }) {
    const { page, faults, end } = await show(browser, fake, { only: ['stacked', 'heatmap', 'map'], cards: CARDS.map((one) => (one[0] === 'stacked' ? [one[0], `Certificates ${EVIL}`, ...one.slice(2)] : one)) });
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    for (const id of ['stacked', 'heatmap', 'map']) {
      for (const kind of ['PNG', 'SVG']) {
        await card(page, id).getByRole('button', { name: /^Download/ }).click();
        const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: kind, exact: false }).last().click()]);
        const { readFile } = await import('node:fs/promises');
        const bytes = await readFile(await file.path());
        if (kind === 'PNG') {
          assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG');
          assert.ok(bytes.length > 8000, `${id}: ${bytes.length}`);
        } else {
          const text = bytes.toString('utf8');
          if (process.env.PICTURES) await file.saveAs(`${process.env.PICTURES}/${id}.svg`);
          assert.match(text, /^<svg /);
          assert.ok(!/<(script|img|foreignObject)|\son\w+=|href="(?!#)/i.test(text.replace(/<text[^>]*>[^<]*<\/text>/g, '')), id);
          assert.ok(await wellFormed(browser, text), `${id}: no XML`);
          if (id === 'stacked') assert.match(text, /&lt;img src=x onerror=/);
        }
        if (process.env.PICTURES) await file.saveAs(`${process.env.PICTURES}/${id}.${kind.toLowerCase()}`);
      }
    }
    assert.deepEqual(asked.filter((url) => !/^(blob:|data:)|\/assets\//.test(url)), []);
    clean(faults);
    await end();
  },

  async 'charts: ten thousand rows, empty and odd answers'({ browser, fake }) {
    const col = (name, type) => ({ name, type });
    const many = Array.from({ length: 10_000 }, (_, index) => [new Date(Date.UTC(2000, 0, 1 + index)).toISOString().slice(0, 10), (index * 7919) % 997]);
    const cards = [
      ['lines', 'Ten thousand days', 12, 5, { type: 'line' }, [col('day', 'date'), col('n', 'integer')], many],
      ['bars', 'Ten thousand bars', 12, 5, { type: 'bar' }, [col('day', 'date'), col('n', 'integer')], many],
      ['cloud', 'Ten thousand points', 12, 5, { type: 'scatter', x: 'a', y: ['b'] }, [col('a', 'integer'), col('b', 'integer')], many.map(([, n], index) => [index, n])],
      ['rows', 'Ten thousand names', 12, 5, { type: 'row' }, [col('name', 'text'), col('n', 'integer')], many.map(([, n], index) => [`Name ${index}`, n])],
      ['guess', 'Nothing said', 12, 5, {}, [col('city', 'text'), col('n', 'integer')], [['Lyon', 4], ['Nice', -3], [null, 2]]],
      ['empty', 'Empty', 12, 5, { type: 'pie' }, [col('k', 'text'), col('n', 'integer')], []],
      ['single', 'One row', 12, 5, { type: 'line' }, [col('day', 'date'), col('n', 'integer')], [['2026-01-01', 5]]],
      ['nulls', 'Nulls', 12, 5, { type: 'bar' }, [col('k', 'text'), col('n', 'integer')], [['a', null], [null, null]]],
      ['table', 'Ten thousand rows', 24, 6, { type: 'table' }, [col('day', 'date'), col('n', 'integer')], many],
    ];
    const { page, faults, end } = await show(browser, fake, { cards });
    assert.match(await card(page, 'empty').textContent(), /No data/);
    assert.match(await card(page, 'rows').textContent(), /200 of 10,000 are drawn/);
    assert.ok((await page.evaluate(() => window.deep('*').length)) < 9000, 'the page stays small');
    await accessible(page);
    clean(faults);
    await end();
  },

  async 'charts: on paper the cards keep to the width, in print style'({ browser, fake }) {
    const { page, end } = await show(browser, fake, { only: ['bar', 'map', 'table'] });
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 720, height: 1000 });
    await page.waitForTimeout(150);
    assert.equal(await card(page, 'bar').locator('.tools').isVisible(), false);
    await noSidewaysScroll(page);
    await end();
  },

  async 'charts: they look as they did'({ browser, fake }) {
    const { page, end } = await show(browser, fake, { locale: 'en-GB' });
    for (const [id] of CARDS) await same(browser, id, await card(page, id).screenshot({ animations: 'disabled' }));
    await end();
  },
};
