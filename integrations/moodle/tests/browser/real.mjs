/** A real Moodle in a browser: `node real.mjs SITE [PICTURES]`. People log in as they do, and their blocks say what plain SQL says. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { cards, compare } from './numbers.mjs';
import { choose, inside, launch, person, read, settled } from './page.mjs';

const site = JSON.parse(readFileSync(process.argv[2]));
const pictures = process.argv[3];
if (pictures) mkdirSync(pictures, { recursive: true });
const browser = await launch();
const titles = { learning: 'My learning', course: 'Course', overview: 'Overview' };
const here = new URL(site.moodle).origin;

/** The block with this title: people's own dashboards hold copies of the site's blocks, with numbers of their own. */
const found = (page, title) => page.evaluate((wanted) => document.querySelector(`.block_cloison [data-title="${wanted}"]`)?.closest('[id^="inst"]').id.slice(4) ?? null, title);

try {
  for (const { who, login, password, pages } of site.people) {
    const context = await person(browser, { viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    // Moodle asks a delivery network for the script that sets formulas; there may be no internet, and nothing here needs it.
    await page.route((url) => url.hostname !== '127.0.0.1', (route) => route.abort());
    await page.goto(`${site.moodle}/login/index.php`);
    // The form's own scripts come late, and one of them empties the password.
    await page.waitForLoadState('networkidle');
    await page.fill('#username', login);
    await page.fill('#password', password);
    await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/login')), page.click('#loginbtn')]);
    for (const { path, dashboard, way, rows } of pages) {
      const place = `${site.release} ${site.slug} as ${who}, ${dashboard} (${way})`;
      const answer = await page.goto(site.moodle + path);
      const instance = await found(page, titles[dashboard]);
      assert.ok(instance, `${place}: there is no block`);
      assert.doesNotMatch(await answer.text(), /eyJ[\w-]+\.eyJ/, `${place}: a token stands in the page`);
      const frame = await inside(page, instance);
      // A frame that is out of sight is not drawn.
      await page.locator(`#inst${instance} iframe, #inst${instance} cloison-dashboard`).evaluate((one) => one.scrollIntoView());
      await settled(frame);
      await choose(page, instance, { period: site.period });
      const seen = await read(page, instance);
      const timezone = await page.getAttribute(`#inst${instance} [data-timezone]`, 'data-timezone');
      const wanted = cards(dashboard);
      assert.deepEqual(Object.keys(seen).sort(), Object.keys(wanted).sort(), place);
      for (const [item, card] of Object.entries(wanted)) compare(place, card, seen[item], rows[card], timezone);
      const said = Object.values(seen).filter((one) => one.rows?.length > 0 || (one.figure && one.figure !== '–')).length;
      assert.ok(said >= 4, `${place} says too little: ${JSON.stringify(seen).slice(0, 600)}`);
      console.log(`ok    ${place}: ${Object.keys(seen).length} cards, ${said} with numbers`);
      if (pictures) {
        await page.locator(`#inst${instance}`).scrollIntoViewIfNeeded();
        await page.screenshot({ path: `${pictures}/${site.slug}-${who}-${dashboard}-${way}.png` });
      }
    }
    await page.goto(`${site.moodle}/my/`);
    assert.equal((await found(page, titles.overview)) !== null, who === 'manager', `${who}: a block for people who see the whole site`);
    await context.close();
  }
  const guest = await person(browser);
  const page = await guest.newPage();
  await page.goto(`${here}/`);
  assert.equal(await page.locator('.block_cloison').count(), 0, 'who is not logged in sees nothing');
  console.log(`ok    ${site.release} ${site.slug}: nothing for who is not logged in`);
} finally {
  await browser.close();
}
