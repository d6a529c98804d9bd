/**
 * Sites in a browser: each person's blocks say what plain SQL says about that person's rows, and whoever edits the page, the request or the token
 * gets one answer. `node sites.mjs PLAN`: the plan says where the sites are, who looks, and the rows.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cards, compare } from './numbers.mjs';
import { choose, inside, launch, person, read, settled } from './page.mjs';
import { strangers } from './strangers.mjs';
import { renewal } from './renewal.mjs';

const plan = JSON.parse(readFileSync(process.argv[2]));
// A folder for pictures of what was seen, when somebody wants them.
const pictures = process.env.CLOISON_PICTURES;
const browser = await launch();

/** One person, page after page. */
async function visit(site, { who, user, pages }) {
  const context = await person(browser);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${site.moodle}/login?user=${user}`);
  for (const { path, block, dashboard, way, rows } of pages) {
    const place = `${site.slug} as ${who}, ${dashboard} (${way})`;
    const { instance } = site.blocks[block];
    const answer = await page.goto(site.moodle + path);
    assert.ok(!(await answer.text()).includes('eyJ'), `${place}: a token stands in the page`);
    const frame = await inside(page, instance);
    assert.equal(frame !== page, way === 'iframe', place);
    await settled(frame);
    // The block has the title: it does not stand there twice.
    const title = await page.getAttribute(`#inst${instance} [data-title]`, 'data-title');
    assert.ok(!(await frame.evaluate(() => window.deep('[role="heading"]').map((one) => one.textContent.trim()))).includes(title), `${place}: the title is there twice`);
    await choose(page, instance, { period: site.period });
    const seen = await read(page, instance);
    const timezone = await page.getAttribute(`#inst${instance} [data-timezone]`, 'data-timezone');
    const wanted = cards(dashboard);
    assert.deepEqual(Object.keys(seen).sort(), Object.keys(wanted).sort(), place);
    for (const [item, card] of Object.entries(wanted)) compare(place, card, seen[item], rows[card], timezone);
    // What says nothing proves nothing.
    const said = Object.values(seen).filter((one) => one.rows?.length > 0 || (one.figure && one.figure !== '–')).length;
    assert.ok(said >= 4, `${place} says too little: ${JSON.stringify(seen).slice(0, 600)}`);
    if (pictures) await page.screenshot({ path: `${pictures}/${site.slug}-${who}-${dashboard}.png`, fullPage: true });
    console.log(`ok    ${place}: ${Object.keys(seen).length} cards, ${said} with numbers`);
  }
  assert.deepEqual(faults, [], `${site.slug} as ${who}`);
  await context.close();
}

try {
  for (const site of plan.sites) for (const one of site.people) await visit(site, one);
  // No two sites say the same to the same kind of person.
  for (const { who } of plan.sites[0].people) {
    const all = plan.sites.map(({ people }) => JSON.stringify(people.find((one) => one.who === who).pages.map(({ rows }) => rows)));
    assert.equal(new Set(all).size, all.length, who);
  }
  await strangers(browser, plan);
  await renewal(browser, plan.sites[0]);
} finally {
  await browser.close();
}
