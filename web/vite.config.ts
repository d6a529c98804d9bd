import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { output, plainImports } from './build/plain.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The demo's pages: ours around the three, and the three, which are plain pages as somebody else would write them. */
const portals = Object.fromEntries(['index', 'alder', 'birch', 'cedar'].map((name) => [`demo-${name}`, here(`demo/${name}.html`)]));

/** Our own pages. What host pages load is built apart from them (`vite.embed.ts`), so that it has no piece of theirs. */
export default defineConfig({
  plugins: [plainImports(), svelte()],
  // The pages are served from several depths (/embed/dashboard/…, /t/<slug>/embed/…), the assets from one.
  base: '/',
  build: {
    ...output('manifest.json'),
    emptyOutDir: true,
    rolldownOptions: { input: { ...portals, docs: here('docs.html'), playground: here('playground.html') }, output: output.names },
  },
  test: { include: ['tests/unit/**/*.test.{ts,mjs}'], environment: 'node' },
});
