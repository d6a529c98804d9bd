/** The developers' page: a token is made or pasted, the view is there, and so is the code. */
import assert from 'node:assert/strict';
import { accessible, clean, noSidewaysScroll, open, settled, until } from './page.mjs';

export const cases = {
  async 'playground: signs, shows, renews and says how'({ browser, fake }) {
    fake.seen.requests.length = 0;
    const { page, faults, end } = await open(browser, `${fake.origin}/playground`);
    await accessible(page);
    await page.getByRole('button', { name: 'Show it' }).click();
    assert.match(await page.getByRole('alert').first().textContent(), /emk_/);
    await page.getByLabel('Embed key').fill('emk_7');
    await page.getByLabel('Its secret').fill('very-secret-9');
    await page.getByLabel('Locked filters').fill('{"city": ["Lyon"]}');
    await page.getByLabel('Minutes').fill('0.1');
    await page.getByRole('button', { name: 'Show it' }).click();
    await settled(page);
    assert.match(await page.getByRole('tabpanel').nth(1).textContent(), /'kid' => 'emk_7'[\s\S]*"city":\["Lyon"\]/);
    // Renewal is what it would be with a server.
    const shows = fake.seen.shows.length;
    await until(() => fake.seen.shows.length > shows);
    assert.equal(await page.locator('.whole').count(), 0);
    // The look is the view's and the code's.
    await page.getByLabel('Mode').selectOption('dark');
    await page.getByLabel('Hidden filters').fill('period');
    await page.getByLabel('First filters').fill('{"period": "past7days"}');
    await until(() => fake.seen.runs.at(-1).parameters.period === 'past7days');
    assert.equal(await page.locator('.cloison').getAttribute('data-mode'), 'dark');
    assert.equal(await page.locator('#filter-period').count(), 0);
    assert.match(await page.getByRole('tabpanel').first().textContent(), /theme="dark"[\s\S]*hide="period"/);
    await page.getByRole('tab', { name: 'PHP' }).press('ArrowRight');
    assert.match(await page.getByRole('tabpanel').nth(1).textContent(), /createHmac/);
    await page.getByRole('tab', { name: 'Iframe' }).click();
    const frame = page.frameLocator('iframe');
    await frame.locator('article').first().waitFor();
    assert.equal(await frame.locator('.cloison').getAttribute('data-mode'), 'dark');
    await accessible(page);
    // The secret went nowhere.
    assert.ok(!JSON.stringify(fake.seen.requests).includes('very-secret-9'));
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, location.hash]), [0, 0, '', '']);
    clean(faults);
    await end();
  },

  async 'playground: a pasted token, on a phone, in the dark'({ browser, fake }) {
    const { page, faults, end } = await open(browser, `${fake.origin}/playground`, { width: 390, scheme: 'dark' });
    await page.getByRole('button', { name: 'Paste a token' }).click();
    await page.getByLabel('Embed token').fill('plain');
    await page.getByRole('button', { name: 'Show it' }).click();
    await settled(page);
    await noSidewaysScroll(page);
    await accessible(page);
    clean(faults);
    await end();
  },
};
