/** The npm package as its users have it: built, type-checked, rendered on a server, bundled into a React application, and run. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { browser as launch } from './browser/chromium.mjs';
import * as fakes from './browser/fake.mjs';
import * as hosts from './browser/host.mjs';
import { accessible, clean, open, settled, until } from './browser/page.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cloison-package-'));
const done = (what) => console.log(`ok    ${what}`);
const node = (...args) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

try {
  const home = join(folder, 'node_modules/@cloison/embed');
  mkdirSync(home, { recursive: true });
  for (const file of ['package.json', 'README.md']) cpSync(join(web, 'package', file), join(home, file));
  process.env.WEB_PACKAGE = join(home, 'dist');
  await build({ configFile: join(web, 'vite.package.ts'), logLevel: 'error' });
  for (const name of ['react', 'react-dom', 'scheduler', 'typescript', '@types', 'csstype']) symlinkSync(join(web, 'node_modules', name), join(folder, 'node_modules', name));
  cpSync(join(web, 'tests/package/app.tsx'), join(folder, 'app.tsx'));
  // What the guide tells React users to write, word by word but for the address.
  const guide = readFileSync(join(web, '../docs/embedding.md'), 'utf8');
  const snippet = /```tsx\n([\s\S]*?)```/.exec(guide)[1];
  assert.ok(snippet.includes('"https://reports.example"'));
  writeFileSync(join(folder, 'reports.tsx'), snippet.replace('"https://reports.example"', '{new URLSearchParams(location.search).get("server") ?? ""}'));
  writeFileSync(join(folder, 'guide.tsx'), `import { createRoot } from 'react-dom/client'; import { Reports } from './reports.js';
createRoot(document.getElementById('root') as HTMLElement).render(<main><h1>Portal</h1><Reports /></main>);`);
  done('package: builds');

  node('node_modules/typescript/bin/tsc', '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--jsx', 'react-jsx', '--module', 'nodenext', '--moduleResolution', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', 'app.tsx', 'guide.tsx');
  done('package: its types are those that applications are written with');

  writeFileSync(join(folder, 'server.mjs'), `import { createElement } from 'react'; import { renderToString } from 'react-dom/server'; import { CloisonDashboard } from '@cloison/embed/react';
console.log(renderToString(createElement(CloisonDashboard, { token: 'secret', className: 'wide' })));`);
  assert.equal(node('server.mjs').trim(), '<cloison-dashboard class="wide"></cloison-dashboard>');
  done('package: a server renders the element, without the token');

  await build({ configFile: false, root: folder, logLevel: 'error', build: { outDir: 'app', minify: false, rolldownOptions: { input: { app: join(folder, 'app.tsx'), guide: join(folder, 'guide.tsx') }, output: { entryFileNames: '[name].js', chunkFileNames: 'part-[hash].js' } } } });
  const fake = await fakes.start();
  const host = await hosts.start(fake.origin);
  const browser = await launch();
  try {
    await run(browser, fake, host);
    done('package: a React application has the dashboard, in a strict page');
    await follow(browser, fake, host);
    done('package: the guide’s React component works as it is written');
  } finally {
    await browser.close();
    host.close();
    fake.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function follow(browser, fake, host) {
  host.answers.set('/reports/token', () => ({ body: { token: fakes.jwt() } }));
  host.pages.set('/guide', { body: '<div id="root"></div>', embed: '/built/guide.js', policy: hosts.strict(fake.origin) });
  const { page, faults, end } = await open(browser, `${host.origin}/guide?server=${encodeURIComponent(fake.origin)}`);
  await settled(page);
  assert.equal(await page.locator('.cloison').evaluate((one) => getComputedStyle(one).getPropertyValue('--radius')), '4px');
  clean(faults);
  await end();
}

async function run(browser, fake, host) {
  // The application's own scripts come from its own origin, as a bundler makes it.
  host.folder = join(folder, 'app');
  const asked = [];
  host.answers.set('/token', ({ url }) => {
    asked.push(url.searchParams.get('reason'));
    return { type: 'text/plain', body: fakes.jwt() };
  });
  host.pages.set('/app', { body: '<div id="root"></div>', embed: '/built/app.js', policy: hosts.strict(fake.origin) });
  fake.seen.runs.length = 0;
  const { page, faults, end } = await open(browser, `${host.origin}/app?server=${encodeURIComponent(fake.origin)}`);
  await settled(page);
  assert.equal(await page.locator('article').count(), 12);
  assert.ok(fake.seen.runs.some((one) => one.parameters.period === 'past7days' && one.items === null));
  assert.equal(await page.locator('#filter-course').count(), 0);
  assert.equal(await page.locator('.cloison').first().evaluate((one) => getComputedStyle(one).getPropertyValue('--radius')), '4px');
  // Rendering again changes nothing, but the handlers are the latest.
  const before = fake.seen.runs.length;
  await page.getByRole('button', { name: 'Render 0' }).click();
  await page.getByRole('button', { name: 'Render 1' }).click();
  await page.getByRole('button', { name: 'Month' }).click();
  await until(() => fake.seen.runs.length > before);
  await settled(page);
  assert.equal(fake.seen.runs.length, before + 1);
  const told = await page.evaluate(() => window.told);
  assert.deepEqual(told.filter((one) => /^(ready|changed)/.test(one)), ['ready Learning overview 0', 'changed period 2']);
  await page.getByRole('button', { name: 'Defaults' }).click();
  await until(() => fake.seen.runs.at(-1).parameters.period === 'past12months~');
  await settled(page);
  await accessible(page);
  await page.getByRole('button', { name: 'Leave' }).click();
  assert.equal(await page.locator('article').count(), 0);
  assert.deepEqual([...new Set(asked)], ['start']);
  clean(faults);
  await end();
}
