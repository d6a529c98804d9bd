import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { first, plainImports } from './build/plain.mjs';
import { sheets } from './build/sheets.mjs';
import { types } from './build/types.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The npm package `@cloison/embed`: the same elements as modules, for bundlers. */
export default defineConfig({
  plugins: [plainImports(), svelte(), sheets(), types()],
  // Parts find each other beside themselves, wherever the bundler puts them.
  base: './',
  build: {
    outDir: process.env.WEB_PACKAGE ?? 'package/dist',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome120', 'firefox125', 'safari17.4'],
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 800,
    lib: { entry: { index: here('src/package/index.ts'), react: here('src/package/react.ts'), frame: here('src/package/frame.ts') }, formats: ['es'] },
    rolldownOptions: {
      external: ['react'],
      // What the first script is made of is named, module by module; entries may then give more than they are asked for.
      preserveEntrySignatures: 'allow-extension',
      output: { entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js', codeSplitting: first },
    },
  },
});
