/** The product on real rows: every kind of card, filters, clicks. What is shown is read back from the page's tables. */
import assert from 'node:assert/strict';
import { CARDS } from './charts.fixture.mjs';
import { accessible, clean, noSidewaysScroll, open, settled, until } from './page.mjs';
import { EVIL, ORDERS, world } from './real-world.mjs';

const card = (page, id) => page.locator(`article[aria-labelledby="name-${id}"]`);
const DRAWN = CARDS.map(([id]) => id).filter((id) => !['scalar', 'trend', 'progress', 'pivot', 'table'].includes(id));
/** The table behind a chart, or the table itself, without its head. */
const rowsOf = (page, id) => card(page, id).locator('table').first().evaluate((table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => {
  // Without what is for screen readers only, such as "opens in a new tab".
  const words = cell.cloneNode(true);
  for (const one of words.querySelectorAll('.hear')) one.remove();
  return words.textContent.trim();
})));
const number = (text) => Number(text.replaceAll(/[^\d.-]/g, ''));
const total = (rows) => rows.reduce((sum, row) => sum + row[3], 0);
const figure = async (page) => number(await card(page, 'total').locator('dd').first().textContent());

/** The dashboard with orders, settled. */
async function sales(browser, demo, rest = '', options = {}) {
  const { address } = await world(demo);
  const opened = await open(browser, address('sales', rest), options);
  await settled(opened.page);
  return opened;
}

async function choose(page, filter, value) {
  await page.locator(`#filter-${filter}`).click();
  await page.getByRole('option', { name: value, exact: true }).click();
  await page.keyboard.press('Escape');
}

export const cases = {
  async 'real kinds: each is drawn from the database, and its table has the database’s rows'({ browser, demo }) {
    const { address } = await world(demo);
    const { page, faults, end } = await open(browser, address('kinds'));
    await settled(page);
    assert.equal(await page.locator('article').count(), CARDS.length);
    assert.equal(await page.locator('[role="alert"]').count(), 0);
    let compared = 0;
    for (const id of [...DRAWN, 'table']) {
      const [, , , , visualization, columns, rows] = CARDS.find(([name]) => name === id);
      if (DRAWN.includes(id)) assert.ok((await card(page, id).locator('.chart svg path').count()) > 0, id);
      const there = await rowsOf(page, id);
      assert.equal(there.length, Math.min(id === 'table' ? 50 : 100, rows.length), id);
      const seen = columns.map(({ name }, index) => [name, index]).filter(([name]) => !(visualization.hidden ?? []).includes(name));
      there.forEach((cells, at) => seen.forEach(([name, index], place) => {
        const [value, { type }] = [rows[at][index], columns[index]];
        if (type === 'text' && !/country|website/.test(name)) assert.equal(cells[place], value, `${id} ${at} ${name}`);
        else if (type === 'integer' && /^(enrolments|learners|people|events|certificates|views|active_learners)/.test(name)) assert.equal(value === null ? cells[place] : number(cells[place]), value ?? '–', `${id} ${at} ${name}`);
        else return;
        compared += 1;
      }));
    }
    assert.ok(compared > 900, `${compared} cells`);
    assert.equal(number(await card(page, 'scalar').locator('dd').first().textContent()), 12_480);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    clean(faults);
    await end();
  },

  async 'real kinds: accessible in the dark, on a phone, from right to left, and nothing goes sideways'({ browser, demo }) {
    const { address } = await world(demo);
    for (const [width, scheme, locale] of [[1440, 'dark', 'en'], [390, 'light', 'ar'], [834, 'dark', 'ar']]) {
      const { page, faults, end } = await open(browser, address('kinds', `&locale=${locale}`), { width, scheme });
      await settled(page);
      assert.equal(await page.locator('.cloison').getAttribute('dir'), locale === 'ar' ? 'rtl' : 'ltr');
      assert.equal(await page.locator('.cloison').getAttribute('data-mode'), scheme);
      await noSidewaysScroll(page);
      await accessible(page);
      clean(faults);
      await end();
    }
  },

  async 'real filters: values from the database, linked ones, and the rows that are left'({ browser, demo }) {
    const { page, faults, end } = await sales(browser, demo);
    assert.equal(await figure(page), total(ORDERS));
    await choose(page, 'country', 'Spain');
    const spain = ORDERS.filter(([country]) => country === 'Spain');
    await until(async () => (await figure(page)) === total(spain));
    assert.equal((await rowsOf(page, 'orders')).length, spain.length);
    // The list of towns is Spain's.
    await page.locator('#filter-town').click();
    await page.getByRole('option', { name: 'Madrid' }).waitFor();
    assert.deepEqual((await page.getByRole('option').allTextContents()).map((one) => one.trim()), ['Madrid', 'Vigo']);
    await page.keyboard.press('Escape');
    await choose(page, 'town', 'Vigo');
    await until(async () => (await figure(page)) === total(spain.filter(([, town]) => town === 'Vigo')));
    // A hostile value is a value like another.
    await page.locator('#filter-country').click();
    await page.getByRole('option', { name: 'Spain', exact: true }).click();
    await page.getByRole('option', { name: EVIL, exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Town/ }).first().waitFor();
    assert.match(decodeURIComponent(page.url()), /filter\.country/);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    clean(faults);
    await end();
  },

  async 'real filters: the address keeps the choice, and a locked filter is neither seen nor changed'({ browser, demo }) {
    const { token } = await world(demo);
    const locked = token('sales', { params: { country: ['France'] } });
    const { page, faults, end } = await open(browser, `${demo.origin}/embed/dashboard#token=${locked}&filter.town=Lyon&filter.country=Spain`);
    await settled(page);
    assert.equal(await page.locator('#filter-country').count(), 0);
    assert.equal(await figure(page), total(ORDERS.filter(([, town]) => town === 'Lyon')));
    assert.ok((await rowsOf(page, 'orders')).every(([country]) => country === 'France'));
    clean(faults.filter((one) => !/no filter "country"/.test(one)));
    await end();
  },

  async 'real clicks: a mark filters, back takes it back, a cell opens another dashboard or another address'({ browser, demo, host }) {
    const { token } = await world(demo);
    const asked = [];
    host.answers.set('/token', ({ url }) => {
      const dashboard = url.searchParams.get('dashboard') ?? 'sales';
      asked.push(dashboard);
      return { body: { token: token(dashboard) } };
    });
    host.pages.set('/clicks', { body: '<main><h1>Portal</h1><cloison-dashboard token-provider="/token"></cloison-dashboard></main>', embed: `${demo.origin}/embed.js`, policy: host.strict(demo.origin), script: "window.drills = []; document.querySelector('cloison-dashboard').addEventListener('drill', (event) => { window.drills.push(event.detail); if (event.detail.action === 'visit') event.preventDefault(); });" });
    const { page, faults, end } = await open(browser, `${host.origin}/clicks`);
    await settled(page);
    const all = await figure(page);
    // By keyboard: the first bar, then Enter.
    await card(page, 'by-country').locator('.chart').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const spain = total(ORDERS.filter(([country]) => country === 'Spain'));
    await until(async () => (await figure(page)) === spain);
    await page.getByRole('button', { name: 'Back', exact: false }).first().click();
    await until(async () => (await figure(page)) === all);
    await card(page, 'orders').getByRole('button', { name: /^(130|131|\d{3})$/ }).first().click();
    await until(async () => (await page.evaluate(() => window.drills.at(-1)?.action)) === 'visit');
    const visit = await page.evaluate(() => window.drills.at(-1));
    assert.match(visit.url, /^https:\/\/crm\.example\/[^<>"' ]+\?n=\d+$/);
    await card(page, 'orders').getByRole('button', { name: 'Vigo' }).first().click();
    await page.getByRole('heading', { name: 'One town' }).waitFor();
    await settled(page);
    assert.deepEqual(asked, ['sales', 'one-town']);
    assert.equal(await figure(page), total(ORDERS.filter(([, town]) => town === 'Vigo')));
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    clean(faults);
    await end();
  },
};
