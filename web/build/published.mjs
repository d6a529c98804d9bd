/**
 * What host pages load by a name that stays: `embed.js` is the elements' first script, `frame.js` the helper for iframes, `metabase.js`
 * what is served as `/app/embed.js`, and `embed.json` names the hashed files with their integrity values, for pages that pin them.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const FRAME = fileURLToPath(new URL('../src/frame/auto.ts', import.meta.url));

export function published() {
  return {
    name: 'cloison-published',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const entry = entryOf(bundle, 'embed');
        const files = [...deep(entry.fileName, bundle)].map((name) => [`/${name}`, integrity(bundle[name].code)]);
        // The same few lines from one folder up: a first script that imported the hashed one would cost a way to the server more.
        this.emitFile({ type: 'asset', fileName: 'embed.js', source: entry.code.replaceAll(/(["'`])\.\//g, '$1./assets/') });
        this.emitFile({ type: 'asset', fileName: 'metabase.js', source: classic(entryOf(bundle, 'metabase').fileName) });
        const frame = await frameScript();
        const name = `assets/frame-${createHash('sha256').update(frame).digest('base64url').slice(0, 8)}.js`;
        for (const fileName of ['frame.js', name]) this.emitFile({ type: 'asset', fileName, source: frame });
        const manifest = {
          'embed.js': { script: `/${entry.fileName}`, integrity: integrity(entry.code), files: Object.fromEntries(files) },
          'frame.js': { script: `/${name}`, integrity: integrity(frame), files: {} },
        };
        this.emitFile({ type: 'asset', fileName: 'embed.json', source: `${JSON.stringify(manifest, null, 2)}\n` });
      },
    },
  };
}

const integrity = (code) => `sha384-${createHash('sha384').update(code).digest('base64')}`;

function entryOf(bundle, name) {
  const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry && file.name === name);
  if (!entry) throw new Error(`no entry "${name}"`);
  return entry;
}

/**
 * Pages that were written for Metabase load `/app/embed.js` as a script that is no module, so it is a few lines that load one. They
 * may load it from below a tenant's address, which is where their elements ask then. Without `currentScript` it is a module after all.
 */
const classic = (module) => `(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="/app/embed.js"]');
  const [, root, tenant = ''] = /^(.*?)(\\/t\\/[^/]+)?\\/app\\/embed\\.js/.exec(script.src);
  import(\`\${root}/${module}#\${tenant}\`);
})();
`;

/** By itself, so that it shares no file with the elements. */
async function frameScript() {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2022', lib: { entry: FRAME, formats: ['es'], fileName: 'frame' }, minify: true },
  });
  return [built].flat()[0].output[0].code;
}

/** Every script that one may come to load. */
function deep(file, bundle) {
  const seen = new Set();
  const visit = (name) => {
    const chunk = bundle[name];
    if (!chunk || chunk.type !== 'chunk' || seen.has(name)) return;
    seen.add(name);
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) visit(next);
  };
  visit(file);
  return seen;
}
