/** What both builds share. */
import { readFileSync } from 'node:fs';

/** Every function that a module gives, doing nothing. */
function silent(id) {
  const names = [...readFileSync(id, 'utf8').matchAll(/^export function (\w+)/gm)].map(([, name]) => `nothing as ${name}`);
  return `const nothing = () => {};\nexport { ${names.join(', ')} };`;
}

/** What is put in the place of modules whose work is not wanted, by the end of their path. */
const INSTEAD = {
  'vite/preload-helper.js': 'export const __vitePreload = (load) => load();',
  'dom/elements/custom-element.js': 'export const create_custom_element = undefined;',
  'dom/hydration.js': `export const hydrating = false, hydrate_node = null;
    const nothing = () => {};
    export { nothing as set_hydrating, nothing as set_hydrate_node, nothing as hydrate_next, nothing as reset, nothing as hydrate_template, nothing as next, nothing as skip_nodes, nothing as read_hydration_instruction };`,
};

/**
 * `import()` as it is. Vite wraps it to put `<link rel="modulepreload">` into the page's head, which is the host's and none of ours.
 * And Svelte without what it brings along whether somebody wants it or not: its own custom elements, as ours are made by hand,
 * the taking over of a page that a server drew, as no server draws ours, and hints to its own developers in the console of a host page.
 */
export function plainImports() {
  return {
    name: 'cloison-plain-imports',
    enforce: 'pre',
    apply: 'build',
    load: {
      order: 'pre',
      filter: { id: /^\0vite\/preload-helper\.js$|\/svelte\/src\/internal\/client\/(dom\/(elements\/custom-element|hydration)|warnings)\.js$/ },
      handler: (id) => (id.endsWith('client/warnings.js') ? silent(id) : Object.entries(INSTEAD).find(([end]) => id.endsWith(end))?.[1] ?? null),
    },
  };
}

/**
 * The first script, module by module: without the list, each that a later script shares would be a script of its own, and with
 * "and what they import" all of the framework would come along, the bindings of the sheets' fields too.
 */
export const FIRST = new RegExp([
  String.raw`/svelte/src/(?!internal/client/dom/elements/bindings/(select|input|size)\.js)`,
  '/src/embed/element/',
  String.raw`/src/embed/(View|parts/(Caret|Card|Download|Field|Filters|Grid|Notice|Tabs|Toast|Waiting))\.svelte`,
  String.raw`/src/embed/lib/(answers|api|board|explain|grid|host-style|labels|ndjson|number|opening|period|provided|region|renewal|runs|safe|stage|theme|token|values)\.`,
  String.raw`/src/embed/messages/(index|en|catalogue)\.ts`,
  'vite/preload-helper',
  'rolldown/runtime',
].join('|'));

/** One script, and nothing besides what is named. */
export const first = { includeDependenciesRecursively: false, groups: [{ name: 'element', test: FIRST }] };

export function output(manifest) {
  return {
    outDir: process.env.WEB_DIST ?? 'dist',
    target: 'es2022',
    // What has container queries and the popover attribute has the rest, too: nothing is to be rewritten for older ones.
    cssTarget: ['chrome120', 'firefox125', 'safari17.4'],
    // The policy of the pages allows no inline script and no data: font or style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    manifest,
  };
}

output.names = {
  entryFileNames: 'assets/[name]-[hash].js',
  chunkFileNames: 'assets/[name]-[hash].js',
  assetFileNames: 'assets/[name]-[hash][extname]',
};
