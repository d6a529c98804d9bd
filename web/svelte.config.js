import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// Fragments are built node by node: no innerHTML, so pages need no Trusted Types policy. The version would be a global in host pages.
export default { preprocess: vitePreprocess(), compilerOptions: { runes: true, fragments: 'tree', discloseVersion: false } };
