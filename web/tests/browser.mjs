/** A real browser: the pages against a server of our own, then against the product. Words on the command line choose cases. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as behaviour from './browser/behaviour.mjs';
import { browser as launch } from './browser/chromium.mjs';
import * as charts from './browser/charts.mjs';
import * as element from './browser/element.mjs';
import * as filters from './browser/filters.mjs';
import * as fakes from './browser/fake.mjs';
import * as hosts from './browser/host.mjs';
import * as frame from './browser/frame.mjs';
import * as metabase from './browser/metabase.mjs';
import * as playground from './browser/playground.mjs';
import * as guide from './browser/real-docs.mjs';
import * as figures from './browser/real-figures.mjs';
import * as kinds from './browser/real-kinds.mjs';
import * as guests from './browser/real-metabase.mjs';
import * as real from './browser/real.mjs';
import * as safety from './browser/real-safety.mjs';
import * as views from './browser/views.mjs';

const wanted = process.argv.slice(2);
const chosen = (cases) => Object.entries(cases).filter(([name]) => wanted.every((word) => name.includes(word)));
let failed = 0;

async function run(cases, world) {
  for (const [name, check] of chosen(cases)) {
    const started = Date.now();
    try {
      await check(world);
      console.log(`ok    ${name} (${Date.now() - started} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL  ${name}\n${error.stack}`);
      // What a failed case left open must not disturb the next.
      for (const context of world.browser.contexts()) await context.close();
    }
  }
}

const browser = await launch();
try {
  const fake = await fakes.start();
  const host = await hosts.start(fake.origin);
  for (const { cases } of [behaviour, element, frame, filters, views, playground, charts, metabase]) await run(cases, { browser, fake, host });
  host.close();
  fake.close();

  // `none` leaves out the product: for work on the pages alone.
  const binary = process.env.CLOISON_BIN ?? fileURLToPath(new URL('../../target/debug/cloison', import.meta.url));
  if (binary !== 'none' && !existsSync(binary)) throw new Error(`no ${binary}: build it, or say where it is with CLOISON_BIN`);
  const product = [real, guide, kinds, safety, guests, figures].map(({ cases }) => cases);
  if (binary !== 'none' && product.some((cases) => chosen(cases).length > 0)) {
    const demo = await real.start(binary);
    const around = await hosts.start(demo.origin);
    try {
      for (const cases of product) await run(cases, { browser, demo, host: around });
    } finally {
      around.close();
      await demo.close();
    }
  }
} finally {
  await browser.close();
}
if (failed > 0) {
  console.log(`${failed} failed`);
  process.exit(1);
}
