/**
 * Pictures of every kind of card, to look at: `node tools/contact.mjs FOLDER [kind ...]` after a build. Widths, schemes and
 * locales come from the environment: WIDTHS=360,768,1440 SCHEMES=light,dark LOCALES=en-GB. EACH=1 takes every card alone,
 * WEBP=1 writes small files: `WEBP=1 SCHEMES=light,dark node tools/contact.mjs ../docs/images` makes those of docs/cards.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browser as launch } from '../tests/browser/chromium.mjs';
import { serve } from '../tests/browser/charts.fixture.mjs';
import * as fakes from '../tests/browser/fake.mjs';
import { settled } from '../tests/browser/page.mjs';

const [folder = 'contact', ...kinds] = process.argv.slice(2);
const listed = (name, otherwise) => (process.env[name] ?? otherwise).split(',');
await mkdir(folder, { recursive: true });
const [browser, fake] = [await launch(), await fakes.start()];
/** The picture in fewer bytes, by the browser's own encoder. */
async function webp(png) {
  const page = await browser.newPage();
  const text = await page.evaluate(async (data) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, png.toString('base64'));
  await page.close();
  return Buffer.from(text, 'base64');
}

for (const width of listed('WIDTHS', '1440').map(Number)) {
  for (const scheme of listed('SCHEMES', 'light')) {
    for (const locale of listed('LOCALES', 'en-GB')) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: 'reduce', deviceScaleFactor: Number(process.env.SCALE ?? 1) });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.log(`error: ${error.stack}`));
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && console.log(`${message.type()}: ${message.text()}`));
      await page.addInitScript(() => {
        window.deep = (selector, root = document) => [...root.querySelectorAll(selector), ...[...root.querySelectorAll('*')].flatMap((one) => (one.shadowRoot ? window.deep(selector, one.shadowRoot) : []))];
        addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
      });
      await serve(page, { only: kinds.length > 0 ? kinds : null, locale, theme: process.env.THEME ? JSON.parse(process.env.THEME) : {} });
      await page.goto(`${fake.origin}/embed/dashboard#token=x`);
      await settled(page);
      await page.waitForTimeout(400);
      const name = (id) => join(folder, `${id}-${width}-${scheme}${locale === 'en-GB' ? '' : `-${locale}`}`);
      const save = async (id, png) => (process.env.WEBP ? writeFile(`${name(id)}.webp`, await webp(png)) : writeFile(`${name(id)}.png`, png));
      if (process.env.EACH) for (const card of await page.locator('article').all()) await save((await card.getAttribute('aria-labelledby')).replace('name-', ''), await card.screenshot());
      else await save('cards', await page.screenshot({ fullPage: true }));
      await context.close();
    }
  }
}
await browser.close();
fake.close();
