/**
 * Pictures as they were. They are stored small (96 pixels wide) in tests/browser/pictures, with the browser's version beside
 * them: another version draws letters otherwise, so then nothing is compared and it is said. `UPDATE=1` stores them anew.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('pictures/', import.meta.url);
const versionFile = new URL('chromium.txt', folder);
/** The share of a picture's small pixels that may differ by more than a shade. */
const TOLERANCE = 0.02;
let page;
let told = false;

/** A picture made small, as RGB bytes and as a PNG. */
async function small(browser, png) {
  page ??= await (await browser.newContext()).newPage();
  return page.evaluate(async (data) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const width = 96;
    const height = Math.max(1, Math.round((image.height * width) / image.width));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    return { width, height, pixels: [...context.getImageData(0, 0, width, height).data], png: btoa(String.fromCharCode(...bytes)) };
  }, png.toString('base64'));
}

export async function same(browser, name, png) {
  const file = new URL(`${name}.png`, folder);
  const version = browser.version();
  if (process.env.UPDATE) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, Buffer.from((await small(browser, png)).png, 'base64'));
    writeFileSync(versionFile, `${version}\n`);
    return;
  }
  const stored = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : 'none';
  if (stored !== version) {
    if (!told) console.log(`      pictures are of chromium ${stored}, this is ${version}: not compared`);
    told = true;
    return;
  }
  assert.ok(existsSync(file), `no picture of ${name}: run with UPDATE=1`);
  const [was, is] = [await small(browser, readFileSync(file)), await small(browser, png)];
  assert.deepEqual([is.width, is.height], [was.width, was.height], `${name} has another shape`);
  let other = 0;
  for (let at = 0; at < is.pixels.length; at += 4) {
    const far = Math.max(...[0, 1, 2].map((part) => Math.abs(is.pixels[at + part] - was.pixels[at + part])));
    if (far > 24) other += 1;
  }
  const share = other / (is.pixels.length / 4);
  assert.ok(share <= TOLERANCE, `${name} looks otherwise: ${(share * 100).toFixed(1)} % of it`);
}
