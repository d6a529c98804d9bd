/**
 * What host pages load by a name that stays: `embed.js` imports the hashed script, and `embed.json` names the hashed files with
 * their integrity values, for pages that pin them.
 */
import { createHash } from 'node:crypto';

const ENTRIES = { 'embed.js': 'embed' };

export function published() {
  return {
    name: 'cloison-published',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const integrity = (chunk) => `sha384-${createHash('sha384').update(chunk.code).digest('base64')}`;
        const manifest = {};
        for (const [name, entry] of Object.entries(ENTRIES)) {
          const found = chunks.find((chunk) => chunk.isEntry && chunk.name === entry);
          if (!found) throw new Error(`no entry ${entry}`);
          // What the entry imports is asked for together with it, not after it.
          const files = [...new Set([...deep(found.fileName, bundle, 'imports')])];
          const source = [...files.filter((file) => file !== found.fileName), found.fileName].map((file) => `import "./${file}";\n`).join('');
          this.emitFile({ type: 'asset', fileName: name, source });
          const parts = [...deep(found.fileName, bundle, 'imports', 'dynamicImports')];
          manifest[name] = {
            script: `/${found.fileName}`,
            integrity: integrity(found),
            files: Object.fromEntries(parts.map((file) => [`/${file}`, integrity(bundle[file])])),
          };
        }
        this.emitFile({ type: 'asset', fileName: 'embed.json', source: `${JSON.stringify(manifest, null, 2)}\n` });
      },
    },
  };
}

function deep(file, bundle, ...kinds) {
  const seen = new Set();
  const visit = (name) => {
    const chunk = bundle[name];
    if (!chunk || chunk.type !== 'chunk' || seen.has(name)) return;
    seen.add(name);
    for (const kind of kinds) for (const next of chunk[kind]) visit(next);
  };
  visit(file);
  return seen;
}
