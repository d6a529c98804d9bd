import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { plainImports } from './build/plain-imports.mjs';
import { published } from './build/published.mjs';
import { sheets } from './build/sheets.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [plainImports(), svelte(), sheets(), published()],
  // The pages are served from several depths (/embed/dashboard/…, /t/<slug>/embed/…), the assets from one.
  base: '/',
  build: {
    outDir: process.env.WEB_DIST ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the pages allows no inline script and no data: font or style.
    assetsInlineLimit: 0,
    // In a page of somebody else, nothing is to be put into its head: parts are loaded by `import()` alone.
    modulePreload: { polyfill: false, resolveDependencies: (_, files, { hostType }) => (hostType === 'html' ? files : []) },
    chunkSizeWarningLimit: 800,
    manifest: 'manifest.json',
    rolldownOptions: {
      input: { page: here('embed.html'), demo: here('demo.html'), docs: here('docs.html'), embed: here('src/embed/embed.ts') },
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
});
