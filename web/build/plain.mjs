/** What both builds share. */

/**
 * `import()` as it is. Vite wraps it to put `<link rel="modulepreload">` into the page's head, which is the host's and none of ours.
 * And Svelte without its own custom elements, which it brings along whether somebody wants them or not: ours are made by hand.
 */
export function plainImports() {
  return {
    name: 'cloison-plain-imports',
    enforce: 'pre',
    apply: 'build',
    load: {
      order: 'pre',
      filter: { id: /^\0vite\/preload-helper\.js$|\/svelte\/src\/internal\/client\/dom\/elements\/custom-element\.js$/ },
      handler: (id) => (id.endsWith('custom-element.js') ? 'export const create_custom_element = undefined;' : 'export const __vitePreload = (load) => load();'),
    },
  };
}

/** What the first script shares with later ones stays in it: else each would be a script of its own. */
export const FIRST = /\/svelte\/src\/|\/src\/embed\/element\/|\/src\/embed\/lib\/(safe|values|region)\.ts|\/src\/embed\/messages\/(index|en|catalogue)\.ts|vite\/preload-helper|rolldown\/runtime/;

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
