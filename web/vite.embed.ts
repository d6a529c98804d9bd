import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { first, output, plainImports } from './build/plain.mjs';
import { published } from './build/published.mjs';
import { sheets } from './build/sheets.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The elements: `/embed.js` for host pages, the iframe page, which is a page with one of them, and `/app/embed.js` for pages written for Metabase. */
export default defineConfig({
  plugins: [plainImports(), svelte(), sheets(), published()],
  base: '/',
  build: {
    ...output('manifest.embed.json'),
    emptyOutDir: false,
    // In a page of somebody else nothing is put into its head: parts are loaded by `import()` alone.
    modulePreload: { polyfill: false, resolveDependencies: (_: string, files: string[], { hostType }: { hostType: string }) => (hostType === 'html' ? files : []) },
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: /svelte\/src\/internal\/client\/dom\/elements\/bindings\//, sideEffects: false }] },
      input: { page: here('embed.html'), embed: here('src/embed/embed.ts'), metabase: here('src/metabase/embed.ts') },
      output: {
        ...output.names,
        // One script for the first paint: what later parts share with it would else be scripts of their own.
        codeSplitting: first,
      },
    },
  },
});
