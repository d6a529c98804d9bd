/** Filters of every kind, what a click on the page leads to, and the way back. */
import assert from 'node:assert/strict';
import { jwt } from './fake.mjs';
import { accessible, clean, open, settled, until } from './page.mjs';

const view = (fake, words) => `${fake.origin}/embed/dashboard#token=${words}`;
const last = (fake) => fake.seen.runs.at(-1)?.parameters ?? {};
const runs = (fake, name, value) => until(() => JSON.stringify(last(fake)[name]) === JSON.stringify(value));
const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash));

export const cases = {
  async 'filters: periods by name, by calendar and by count, all by keyboard'({ browser, fake }) {
    const { page, faults, end } = await open(browser, view(fake, 'plain'));
    await settled(page);
    await page.focus('#filter-period');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Period' }).waitFor();
    await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished)));
    await accessible(page);
    // The calendar: two days, the later one first.
    const grid = page.getByRole('grid');
    await grid.locator('[tabindex="0"]').focus();
    for (const key of ['PageUp', 'Home', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    const later = await page.locator('input[type=date]').first().inputValue();
    for (const key of ['ArrowLeft', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
    const [from, to] = [await page.locator('input[type=date]').first().inputValue(), await page.locator('input[type=date]').nth(1).inputValue()];
    assert.equal(to, later);
    assert.equal((Date.parse(to) - Date.parse(from)) / 86_400_000, 8);
    await page.getByRole('button', { name: 'Apply' }).press('Enter');
    await runs(fake, 'period', `${from}~${to}`);
    assert.equal(await page.locator('#filter-period').evaluate((one) => one.matches(':focus')), true, 'the keyboard is back at the button');
    // By count.
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Relative' }).click();
    await page.getByLabel('How many').fill('6');
    await page.getByLabel('Unit').selectOption('week');
    await page.getByLabel('With the current one').uncheck();
    await settled(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Apply' }).click();
    await runs(fake, 'period', 'past6weeks');
    assert.match(await page.locator('#filter-period').textContent(), /Past 6 weeks/);
    // Escape and a click elsewhere change nothing.
    await page.click('#filter-period');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('dialog').count(), 0);
    await page.click('#filter-period');
    await page.getByRole('dialog').waitFor();
    await page.mouse.click(5, 400);
    await until(async () => (await page.getByRole('dialog').count()) === 0);
    // Cleared, it is what it was at first.
    await page.getByRole('button', { name: 'Clear Period' }).click();
    await runs(fake, 'period', 'past12months~');
    clean(faults);
    await end();
  },

  async 'filters: backwards spans and counts that are none cannot be applied'({ browser, fake }) {
    const { page, end } = await open(browser, view(fake, 'plain'));
    await settled(page);
    await page.click('#filter-period');
    await page.locator('input[type=date]').first().fill('2026-03-02');
    await page.locator('input[type=date]').nth(1).fill('2026-03-01');
    assert.equal(await page.getByRole('button', { name: 'Apply' }).isDisabled(), true);
    assert.match(await page.getByRole('dialog').textContent(), /after the last/);
    await page.getByRole('button', { name: 'Relative' }).click();
    await page.getByLabel('How many').fill('0');
    assert.equal(await page.getByRole('button', { name: 'Apply' }).isDisabled(), true);
    await end();
  },

  async 'filters: numbers as the locale writes them, days, and lists that are typed'({ browser, fake }) {
    const { page, faults, end } = await open(browser, view(fake, 'filters,locale=de'));
    await settled(page);
    await page.fill('#filter-amount', '1.234,50');
    await runs(fake, 'amount', '1234.50');
    const before = fake.seen.runs.length;
    await page.fill('#filter-amount', 'zwölf');
    assert.equal(await page.locator('#filter-amount').getAttribute('aria-invalid'), 'true');
    await new Promise((done) => setTimeout(done, 500));
    assert.equal(fake.seen.runs.length, before, 'what is no number is not asked for');
    await settled(page);
    await accessible(page);

    await page.click('#filter-amounts');
    await page.locator('#filter-amounts-add').fill('2,5');
    await page.keyboard.press('Enter');
    await page.locator('#filter-amounts-add').fill('x');
    await page.keyboard.press('Enter');
    assert.match(await page.getByRole('dialog').textContent(), /Zahl, etwa 1234,5/);
    await page.locator('#filter-amounts-add').fill('3');
    await page.keyboard.press('Enter');
    await runs(fake, 'amounts', ['2.5', '3']);
    await page.getByRole('button', { name: '2.5 entfernen' }).click();
    await runs(fake, 'amounts', ['3']);
    await page.keyboard.press('Escape');

    // Several at once, as they come out of a spreadsheet; a comma is a letter like any other.
    await page.click('#filter-city');
    await page.locator('#filter-city-add').evaluate((input) => {
      const data = new DataTransfer();
      data.setData('text/plain', 'Lyon, Rhône\nNice\n\nLyon, Rhône');
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await runs(fake, 'city', ['Lyon, Rhône', 'Nice']);
    await settled(page);
    await accessible(page);
    await page.keyboard.press('Escape');

    await page.click('#filter-due');
    await page.getByRole('dialog').locator('[tabindex="0"]').last().focus();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('Enter');
    await until(() => /^\d{4}-\d\d-\d\d$/.test(last(fake).due));
    // All of it is in the address, and a reload has it.
    const kept = last(fake);
    await page.reload();
    await settled(page);
    assert.deepEqual({ ...last(fake), course: null }, { ...kept, course: null });
    clean(faults);
    await end();
  },

  async 'filters: a list is narrowed by the filter it is linked to'({ browser, fake }) {
    const { page, faults, end } = await open(browser, view(fake, 'filters'));
    await settled(page);
    fake.seen.linked.length = 0;
    await page.click('#filter-town');
    await page.getByRole('option', { name: 'Madrid' }).click();
    await page.getByRole('option', { name: 'Lyon' }).click();
    await runs(fake, 'town', ['Madrid', 'Lyon']);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.click('#filter-country');
    await page.getByRole('option', { name: 'France' }).click();
    // Madrid is in no list of France.
    await runs(fake, 'town', ['Lyon']);
    await page.click('#filter-town');
    await page.getByRole('option', { name: 'Nice' }).waitFor();
    assert.deepEqual(await page.getByRole('listbox').getByRole('option').allTextContents().then((all) => all.map((one) => one.trim())), ['Lyon', 'Nice']);
    assert.deepEqual(fake.seen.linked.filter(([name]) => name === 'town').at(-1), ['town', { country: 'France' }]);
    assert.ok(fake.seen.requests.every((one) => !/France/.test(one.path)), 'values are in no address');
    clean(faults);
    await end();
  },

  async 'filters: a required one is waited for'({ browser, fake }) {
    fake.seen.runs.length = 0;
    const { page, faults, end } = await open(browser, view(fake, 'required'));
    await settled(page);
    const card = page.locator('article[aria-labelledby="name-kinds"]');
    assert.match(await card.textContent(), /Choose a value for “Site”/);
    assert.ok(!fake.seen.runs[0].items.includes('kinds'));
    assert.match(await page.locator('#filter-site').textContent(), /required.*Choose/s);
    await accessible(page);
    await page.click('#filter-site');
    await page.getByRole('option', { name: 'South' }).click();
    await settled(page);
    assert.deepEqual([fake.seen.runs.at(-1).items, last(fake).site], [['kinds', 'people'], 's']);
    assert.equal(await page.getByRole('button', { name: 'Clear Site' }).count(), 0);
    clean(faults);
    await end();
  },

  async 'filters: choices of a moment ago are there at once, and are asked for anew'({ browser, fake }) {
    const { page, end } = await open(browser, view(fake, 'plain'));
    await settled(page);
    const choose = async (name) => {
      await page.click('#filter-period');
      await page.getByRole('button', { name, exact: true }).click();
    };
    await choose('Past 7 days');
    await settled(page);
    const before = fake.seen.runs.length;
    fake.plan.slow = 1500;
    await choose('Past 12 months');
    await runs(fake, 'period', 'past12months~');
    // The answer is still on its way: what is shown is the one of before, and nothing waits.
    assert.equal(await page.evaluate(() => window.deep('[aria-busy="true"]').length), 0);
    assert.equal(fake.seen.runs.length, before + 1);
    fake.plan.slow = 0;
    await end();
  },

  async 'clicks: a cell sets a filter, and back takes it away'({ browser, fake }) {
    const { page, faults, end } = await open(browser, view(fake, 'clicks'));
    await settled(page);
    const card = page.locator('article[aria-labelledby="name-people"]');
    await card.getByRole('button', { name: /1 Mar 2026/ }).first().click();
    await runs(fake, 'period', '2026-03-01~2026-03-31');
    assert.match(await hash(page), /filter\.period=2026-03-01~2026-03-31/);
    await settled(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Back' }).click();
    await runs(fake, 'period', 'past12months~');
    assert.equal(await page.getByRole('button', { name: 'Back' }).count(), 0);
    // A second click on what is set takes it back, too.
    await settled(page);
    await card.getByRole('button', { name: /1 Mar 2026/ }).first().click();
    await runs(fake, 'period', '2026-03-01~2026-03-31');
    await settled(page);
    await card.getByRole('button', { name: /2 Mar 2026/ }).first().click();
    await runs(fake, 'period', 'past12months~');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    await runs(fake, 'period', 'past12months~');
    clean(faults);
    await end();
  },

  async 'clicks: addresses open apart, with values in their places, and never run anything'({ browser, fake }) {
    const { page, faults, end } = await open(browser, view(fake, 'clicks'));
    await page.evaluate(() => {
      window.opened = [];
      window.open = (...all) => window.opened.push(all);
    });
    await settled(page);
    const card = page.locator('article[aria-labelledby="name-people"]');
    // The first name is a script, and the address `{name}` is nothing else than it.
    await card.locator('tbody tr').first().getByRole('button').nth(1).click();
    await card.locator('tbody tr').first().getByRole('button').first().click();
    await card.locator('tbody tr').nth(1).getByRole('button').nth(1).click();
    assert.deepEqual(await page.evaluate(() => window.opened), [
      ['https://crm.example/%3C%2Fscript%3E%3Cscript%3Ewindow.pwned%3D2%3C%2Fscript%3E?p=past12months~', '_blank', 'noopener,noreferrer'],
      ['https://crm.example/Person%202?p=past12months~', '_blank', 'noopener,noreferrer'],
    ]);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    clean(faults);
    await end();
  },

  async 'clicks: another dashboard opens in place with a token of its own, and the way back is kept'(world) {
    const { browser, fake, host } = world;
    const asked = [];
    host.answers.set('/token', ({ url }) => {
      asked.push(url.searchParams.get('dashboard'));
      return { body: { token: jwt({ fake: url.searchParams.get('dashboard') === 'people' ? 'tabs' : 'clicks', resource: { dashboard: url.searchParams.get('dashboard') ?? 'overview' } }) } };
    });
    host.pages.set('/page', {
      body: '<main><h1>Portal</h1><cloison-dashboard token-provider="/token"></cloison-dashboard></main>',
      embed: `${fake.origin}/embed.js`,
      script: `window.told = []; document.querySelector('cloison-dashboard').addEventListener('drill', (event) => { window.told.push(event.detail); if (window.stays) event.preventDefault(); });`,
    });
    const { page, faults, end } = await open(browser, `${host.origin}/page`);
    await settled(page);
    const cell = () => page.locator('article[aria-labelledby="name-people"] tbody tr').nth(1).getByRole('button').nth(2);
    // The host may do it itself.
    await page.evaluate(() => (window.stays = true));
    await cell().click();
    const [detail] = await page.evaluate(() => window.told);
    assert.deepEqual([detail.item, detail.column, detail.value, detail.action, detail.dashboard, detail.filters], ['people', 'course', 'Statistics for Everyone', 'open', 'people', { name: 'Statistics for Everyone', period: 'past12months~' }]);
    assert.equal(detail.values.name, 'Person 2');
    assert.deepEqual(asked, [null]);
    await page.evaluate(() => (window.stays = false));
    await cell().click();
    await page.getByRole('tab', { name: 'Overview' }).waitFor();
    await settled(page);
    assert.deepEqual(asked, [null, 'people']);
    assert.equal(last(fake).period, 'past12months~');
    assert.equal(await page.locator('#filter-name').inputValue(), 'Statistics for Everyone');
    await accessible(page);
    await page.getByRole('button', { name: 'Back: Learning overview' }).click();
    await settled(page);
    assert.equal(await page.getByRole('tab').count(), 0);
    assert.equal(await page.locator('#filter-name').inputValue(), '');
    clean(faults);
    await end();
  },
};
