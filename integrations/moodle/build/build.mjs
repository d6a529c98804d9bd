// The files that are made: the page's script as Moodle loads it (AMD, with the plugin's name in it), and the PHP client copied into the
// plugin. With --check they are only compared: a copy that was changed by hand, or not made anew, is an error.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const local = join(here, '..', 'local_cloison');
const client = join(here, '..', '..', 'php');
const check = process.argv.includes('--check');
const withScript = !process.argv.includes('--php-only');
const drifted = [];

const files = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? files(path) : [path];
});

function put(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  if (check) return drifted.push(relative(join(here, '..'), path));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function copyClient() {
  const target = join(local, 'thirdparty', 'cloison');
  const wanted = new Map(files(join(client, 'src')).map((path) => [join(target, relative(client, path)), readFileSync(path, 'utf8')]));
  wanted.set(join(target, 'LICENSE'), readFileSync(join(client, 'LICENSE'), 'utf8'));
  // Nothing that the client has no more stays behind.
  for (const path of existsSync(target) ? files(target) : []) {
    if (wanted.has(path)) continue;
    if (check) drifted.push(relative(join(here, '..'), path));
    else rmSync(path);
  }
  for (const [path, text] of wanted) put(path, text);
}

async function buildScript(name) {
  const { rollup } = await import('rollup');
  const { minify } = await import('terser');
  const source = join(local, 'amd', 'src', `${name}.js`);
  const bundle = await rollup({ input: source, external: (id) => id.startsWith('core/') });
  const { output } = await bundle.generate({ format: 'amd', amd: { id: `local_cloison/${name}` }, interop: 'auto', generatedCode: 'es2015', exports: 'named' });
  // Moodle's own pages are written for browsers that know ES2019 and later.
  const made = await minify({ [`../src/${name}.js`]: output[0].code }, { ecma: 2019, mangle: true, compress: true });
  put(join(local, 'amd', 'build', `${name}.min.js`), `${made.code}\n`);
}

copyClient();
if (withScript) await buildScript('view');
if (drifted.length > 0) {
  console.error(`made files differ from their sources: ${drifted.join(', ')}\nrun: npm --prefix integrations/moodle/build run build`);
  process.exit(1);
}
console.log(check ? 'made files are as their sources say' : 'made');
