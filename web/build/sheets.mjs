/**
 * Styles of the embedded view as constructable style sheets.
 *
 * The view lives in a shadow root, inside pages whose policy we do not know: a `<style>` element or a style attribute may be
 * refused there, a sheet that a script constructs is not. So each component's `<style>` becomes text in its script, which
 * `element/sheets.ts` gives to every shadow root, also when the script comes later (Svelte's own `css: 'injected'` writes `<style>`).
 */
import { fileURLToPath } from 'node:url';

const registry = fileURLToPath(new URL('../src/embed/element/sheets.ts', import.meta.url));
const STYLE = /import\s+(['"])([^'"]+\.svelte)\?svelte&type=style&lang\.css\1;?/;

export function sheets() {
  return {
    name: 'cloison-sheets',
    transform: {
      filter: { id: /\/src\/embed\/.*\.svelte$/ },
      handler(code) {
        const found = STYLE.exec(code);
        if (!found) return null;
        const text = `import sheet from ${JSON.stringify(`${found[2]}?inline&svelte&type=style&lang.css`)};\n`;
        const call = `import { register } from ${JSON.stringify(registry)};\nregister(sheet);\n`;
        return { code: text + call + code.replace(STYLE, ''), map: null };
      },
    },
  };
}
