/** The package's types: of its own few files, one by one, so that nothing of our insides is in them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const FILES = {
  'index.d.ts': 'package/index.ts',
  'react.d.ts': 'package/react.ts',
  'frame.d.ts': 'package/frame.ts',
  'host.d.ts': 'frame/frame.ts',
  'public.d.ts': 'embed/element/public.ts',
};

const MOVED = [
  [/(['"])\.\.\/(?:embed\/)?element\/public\1|(['"])\.\.\/embed\/element\/public\2/g, "'./public.js'"],
  [/(['"])\.\.\/frame\/frame\1/g, "'./host.js'"],
  [/(['"])\.\/index\1/g, "'./index.js'"],
];

export function types() {
  return {
    name: 'cloison-types',
    apply: 'build',
    generateBundle() {
      for (const [fileName, path] of Object.entries(FILES)) {
        const file = fileURLToPath(new URL(`../src/${path}`, import.meta.url));
        const options = { reportDiagnostics: true, compilerOptions: { isolatedDeclarations: true, verbatimModuleSyntax: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } };
        const made = ts.transpileDeclaration(readFileSync(file, 'utf8'), { ...options, fileName: file });
        if (made.diagnostics.length > 0) throw new Error(ts.formatDiagnostics(made.diagnostics, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => '', getNewLine: () => '\n' }));
        let source = made.outputText;
        for (const [from, to] of MOVED) source = source.replace(from, to);
        const stray = /from ['"]\.\.\//.exec(source);
        if (stray) throw new Error(`${fileName} names a file that is not in the package`);
        this.emitFile({ type: 'asset', fileName, source });
      }
    },
  };
}
