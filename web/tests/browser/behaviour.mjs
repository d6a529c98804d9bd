/** How the embedded page behaves, against a server that is told how to behave. */
import assert from 'node:assert/strict';
import { EVIL } from './fixture.mjs';
import { accessible, clean, noSidewaysScroll, open, settled } from './page.mjs';

const VIEW = '/embed/dashboard#token=plain';

export const cases = {
  async 'one run fills every card, and hostile text stays text'({ browser, fake }) {
    fake.seen.runs.length = 0;
    const { page, faults, end } = await open(browser, fake.origin + VIEW);
    await settled(page);
    assert.equal(fake.seen.runs.length, 1);
    assert.equal(fake.seen.runs[0].items, null);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.ok((await page.textContent('#grid')).includes(EVIL));
    assert.equal(await page.locator('#grid img, #grid script').count(), 0);
    assert.equal(await page.locator('a[href^="javascript:"]').count(), 0);
    const chart = page.locator('.chart').first();
    await chart.hover();
    await page.waitForTimeout(150);
    clean(faults);
    await end();
  },

  async 'a failed card says why and is asked for alone'({ browser, fake }) {
    const { page, faults, end } = await open(browser, fake.origin + VIEW);
    await settled(page);
    const card = page.locator('article', { has: page.locator('#name-away') });
    assert.match(await card.textContent(), /data is away/);
    fake.seen.runs.length = 0;
    fake.plan.healed = true;
    await card.getByRole('button', { name: 'Try again' }).click();
    await card.locator('dd').waitFor();
    fake.plan.healed = false;
    assert.deepEqual(fake.seen.runs[0].items, ['away']);
    clean(faults);
    await end();
  },

  async 'busy is asked again by itself after the time the server names'({ browser, fake }) {
    fake.plan.busy = 1;
    fake.plan.healed = true;
    const { page, end } = await open(browser, fake.origin + VIEW);
    const card = page.locator('article[aria-labelledby="name-away"]');
    await card.getByText('Trying again in 1 s').waitFor({ state: 'attached' });
    await card.locator('dd').waitFor();
    fake.plan.healed = false;
    await end();
  },

  async 'a filter runs the cards that take it, once, and is in the address'({ browser, fake }) {
    const { page, faults, end } = await open(browser, fake.origin + VIEW);
    await settled(page);
    fake.seen.runs.length = 0;
    await page.click('#filter-period');
    await page.getByRole('button', { name: 'Past 7 days' }).click();
    await page.waitForURL(/filter\.period=past7days/);
    await settled(page);
    assert.equal(fake.seen.runs.length, 1);
    assert.equal(fake.seen.runs[0].parameters.period, 'past7days');
    assert.ok(!fake.seen.runs[0].items.includes('none'), 'a card without the filter is left alone');

    // Typing: one run after the last letter, and only for the one card.
    fake.seen.runs.length = 0;
    await page.locator('#filter-name').pressSequentially('ada', { delay: 30 });
    await page.waitForURL(/filter\.name=ada/);
    await settled(page);
    await page.waitForTimeout(500);
    assert.deepEqual(fake.seen.runs.map((run) => [run.items, run.parameters.name]), [[['people'], 'ada']]);

    await page.getByRole('button', { name: 'Reset' }).click();
    await page.waitForURL((url) => !url.hash.includes('filter.'));
    clean(faults);
    await end();
  },

  async 'a list is searched and chosen from with the keyboard'({ browser, fake }) {
    const { page, faults, end } = await open(browser, fake.origin + VIEW);
    await settled(page);
    await page.focus('#filter-course');
    await page.keyboard.press('Enter');
    await page.locator('#filter-course-search').waitFor();
    await page.keyboard.type('course 3');
    await page.getByRole('option', { name: 'Course 39' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/filter\.course=30/);
    await accessible(page);
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => window.deep('#filter-course')[0].matches(':focus')), true);
    assert.equal((await page.textContent('#filter-course .value')).trim(), 'Course 30');
    assert.ok(fake.seen.values.includes('course 3'));
    // A reload knows the choice and its name.
    await page.reload();
    await settled(page);
    await page.waitForFunction(() => window.deep('#filter-course')[0].textContent.includes('30'));
    clean(faults);
    await end();
  },

  async 'tables sort, say so, and turn their pages'({ browser, fake }) {
    const { page, end } = await open(browser, fake.origin + VIEW);
    await settled(page);
    const card = page.locator('article[aria-labelledby="name-people"]');
    assert.equal(await card.locator('tbody tr').count(), 50);
    const first = await card.locator('tbody tr').first().textContent();
    await card.getByRole('button', { name: 'Next page' }).click();
    assert.equal(await card.locator('tbody tr').count(), 50);
    assert.notEqual(await card.locator('tbody tr').first().textContent(), first);
    const grade = card.locator('th', { hasText: 'Grade' });
    await grade.getByRole('button').click();
    assert.equal(await grade.getAttribute('aria-sort'), 'ascending');
    assert.equal(await card.locator('tbody tr').first().locator('td').nth(3).textContent().then((text) => text.trim()), '0');
    await grade.getByRole('button').click();
    assert.equal(await grade.getAttribute('aria-sort'), 'descending');
    assert.equal(await card.locator('tbody tr').first().locator('td').nth(3).textContent().then((text) => text.trim()), '100');
    await end();
  },

  async 'a chart is a table on request, and a card a file'({ browser, fake }) {
    const { page, faults, end } = await open(browser, fake.origin + VIEW);
    await settled(page);
    await page.getByRole('button', { name: 'Show as table: What is used' }).click();
    assert.equal(await page.locator('article[aria-labelledby="name-kinds"] tbody tr').count(), 9);
    await page.getByRole('button', { name: 'Download: What is used' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
    assert.equal(file.suggestedFilename(), 'people.csv');
    await page.getByRole('button', { name: 'Show as chart: What is used' }).click();
    await settled(page);
    clean(faults);
    await end();
  },

  async 'tokens that do not work are explained, and a new one is taken'({ browser, fake }) {
    for (const [token, words] of [['expired', /has expired/], ['invalid', /does not work/], ['gone', /nothing here/], ['', /does not work/]]) {
      const { page, faults, end } = await open(browser, `${fake.origin}/embed/dashboard#token=${token}`);
      await page.getByRole('alert').waitFor();
      assert.match(await page.locator('.cloison').textContent(), words);
      await accessible(page);
      clean(faults);
      if (token === 'expired') {
        await page.evaluate(() => (location.hash = '#token=fresh'));
        await settled(page);
      }
      await end();
    }
  },

  async 'tabs run when they are opened'({ browser, fake }) {
    fake.seen.runs.length = 0;
    const { page, end } = await open(browser, `${fake.origin}/t/alder/embed/card/tabs`);
    await settled(page);
    assert.ok(!fake.seen.runs[0].items.includes('people'));
    await page.getByRole('tab', { name: 'Overview' }).press('ArrowRight');
    await page.locator('article[aria-labelledby="name-people"] tbody tr').first().waitFor();
    assert.deepEqual(fake.seen.runs[1].items, ['people']);
    await accessible(page);
    await end();
  },

  async 'the host page may hide filters and hears the height'({ browser, fake }) {
    const { page, faults, end } = await open(browser, `${fake.origin}/demo/birch`);
    await page.waitForFunction(() => document.querySelector('iframe').style.height !== '');
    assert.ok((await page.locator('iframe').evaluate((frame) => frame.clientHeight)) > 1200);
    clean(faults);
    await end();
    const view = await open(browser, `${fake.origin}${VIEW}&hide=period,course`);
    await settled(view.page);
    assert.equal(await view.page.locator('#filter-period, #filter-course').count(), 0);
    assert.equal(await view.page.locator('#filter-name').count(), 1);
    await view.end();
  },

  async 'every language, both modes, every width: accessible, and nothing sideways'({ browser, fake }) {
    for (const [locale, width, scheme] of [['en-GB', 360, 'light'], ['en-GB', 1440, 'dark'], ['ar', 360, 'dark'], ['ar', 1440, 'light'], ['de', 768, 'light'], ['fr', 768, 'dark'], ['es', 360, 'light']]) {
      const { page, faults, end } = await open(browser, `${fake.origin}/embed/dashboard#token=locale=${locale}`, { width, scheme });
      await settled(page);
      assert.equal(await page.evaluate(() => window.deep('.cloison')[0].dir), locale === 'ar' ? 'rtl' : 'ltr');
      await noSidewaysScroll(page);
      await accessible(page);
      clean(faults);
      await end();
    }
  },

  async 'the API is there to read and to try'({ browser, fake }) {
    for (const [width, scheme] of [[360, 'dark'], [1440, 'light']]) {
      const { page, faults, end } = await open(browser, `${fake.origin}/docs`, { width, scheme });
      await page.locator('#embed_show button').first().click();
      await page.getByLabel('Credential for “Try it”').fill('plain');
      await page.locator('#embed_show').getByRole('button', { name: 'Send' }).click();
      await page.locator('#embed_show pre').waitFor();
      assert.match(await page.locator('#embed_show pre').textContent(), /Alder College/);
      await page.getByLabel('Search').fill('embed_run');
      await page.waitForFunction(() => document.querySelectorAll('article').length === 1);
      await noSidewaysScroll(page);
      await page.getByLabel('Search').fill('');
      await accessible(page);
      clean(faults);
      await end();
    }
  },
};
