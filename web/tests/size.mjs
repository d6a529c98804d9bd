/** The budgets of what is loaded for the first paint, and of the charts, in gzipped bytes, from the build's manifest. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = pathToFileURL(`${resolve(fileURLToPath(new URL('..', import.meta.url)), process.env.WEB_DIST ?? 'dist')}/`);
const manifest = Object.assign({}, ...['manifest.json', 'manifest.embed.json'].map((name) => JSON.parse(readFileSync(new URL(name, dist), 'utf8'))));
const weigh = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

/** Scripts and styles of a chunk and of what it imports at once. */
function files(name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const other of chunk.imports ?? []) files(other, seen);
  return seen;
}

function budget(label, names, limit) {
  const bytes = [...names].reduce((sum, file) => sum + weigh(file), 0);
  if (names.size === 0) throw new Error(`${label}: nothing to weigh`);
  console.log(`${label}: ${(bytes / 1024).toFixed(1)} KiB of ${limit} KiB`);
  return bytes <= limit * 1024;
}

const first = files('src/embed/embed.ts');
const chart = new Set([...files('src/embed/parts/Body.svelte'), ...files('src/embed/parts/Chart.svelte')].filter((file) => !first.has(file)));
const alias = new Set(['metabase.js', ...[...files('src/metabase/embed.ts')].filter((file) => !first.has(file))]);
const fine = [
  budget('elements, first paint', first, 40),
  // All that comes before the first card is drawn, the page itself too. Languages other than English come with it.
  budget('iframe page, first paint', new Set(['embed.html', ...files('embed.html')]), 40),
  // Beside the elements, which these are.
  budget('elements for pages written for Metabase', alias, 3),
  ...['ar', 'de', 'es', 'fr'].map((language) => budget(`${language}, first paint`, files(`src/embed/messages/${language}.ts`), 1.6)),
  budget('charts', chart, 230),
  ...['index', 'alder', 'birch', 'cedar'].map((name) => budget(`demo, ${name}`, files(`demo/${name}.html`), 8)),
  budget('docs', files('docs.html'), 40),
  budget('playground', files('playground.html'), 40),
];
if (fine.includes(false)) process.exit(1);
