/** The code that the playground shows is run, where its language is at hand, and what it signs is verified. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pieces } from '../../src/playground/highlight';
import { pageCode } from '../../src/playground/page-code';
import { serverCode } from '../../src/playground/server-code';
import { readParams, sign } from '../../src/playground/sign';

const SECRET = 'clo_sec_5f3…é';
// Names that break out of a literal, if anything does.
const facts = {
  kid: `emk_"'\\$x#{1}`, kind: 'dashboard', resource: `a'b"c\\d$e#{f}é😀`, subject: `o'Brien "x" \\ $y #{z}`, seconds: 600,
  params: JSON.stringify({ city: ['Lyon', `N'"ice\\ $a #{b}`], n: 3, none: false }),
};

const RUN = {
  PHP: { has: 'php', run: (code, at) => (write(at('a.php'), code), JSON.parse(go('php', [at('a.php')])).token) },
  JavaScript: { has: 'node', run: (code, at) => (write(at('a.mjs'), `${code}\nconsole.log(cloisonToken());`), go('node', [at('a.mjs')])) },
  Python: { has: 'python3', run: (code, at) => (write(at('a.py'), `${code}\nprint(cloison_token())`), go('python3', [at('a.py')])) },
  Ruby: { has: 'ruby', run: (code, at) => (write(at('a.rb'), `# encoding: utf-8\n${code}\nputs cloison_token`), go('ruby', [at('a.rb')])) },
  Java: {
    has: 'javac',
    run: (code, at) => {
      write(at('Main.java'), `${code}\nclass Main { public static void main(String[] args) throws Exception { System.out.println(Cloison.token()); } }`);
      go('javac', ['-encoding', 'UTF-8', '-d', at('.'), at('Main.java')]);
      return go('java', ['-cp', at('.'), 'Main']);
    },
  },
  Go: {
    has: 'go',
    run: (code, at) => {
      write(at('go.mod'), 'module cloison\n\ngo 1.18\n');
      write(at('main.go'), `${code.replace('package cloison', 'package main').replace('"os"', '"fmt"\n\t"os"')}\nfunc main() {\n\ttoken, err := Token()\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tfmt.Println(token)\n}\n`);
      return go('go', ['run', '.'], at('.'));
    },
  },
};

const write = (file, text) => writeFileSync(file, text);
const go = (program, args, cwd) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, CLOISON_EMBED_SECRET: SECRET, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOCACHE: join(tmpdir(), 'go-cache') } }).trim();

let folder;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cloison-code-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(token) {
  const [head, body, signature] = token.split('.');
  expect(signature).toBe(createHmac('sha256', SECRET).update(`${head}.${body}`).digest('base64url'));
  const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  return [json(head), json(body)];
}

describe('the code for servers', () => {
  for (const [language, { has, run }] of Object.entries(RUN)) {
    const missing = spawnSync('sh', ['-c', `command -v ${has}`]).status !== 0;
    test.skipIf(missing)(`${language} signs the token`, { timeout: 120_000 }, () => {
      const [head, claims] = read(run(serverCode(language, facts), (name) => join(folder, name)));
      expect(head).toEqual({ alg: 'HS256', typ: 'JWT', kid: facts.kid });
      const { exp, ...rest } = claims;
      expect(rest).toEqual({ resource: { dashboard: facts.resource }, params: JSON.parse(facts.params), sub: facts.subject });
      expect(Math.abs(exp - Date.now() / 1000 - 600)).toBeLessThan(60);
    });
  }
  test('has the secret in none of them, and no viewer when there is none', () => {
    for (const language of ['PHP', 'JavaScript', 'Python', 'Ruby', 'Java', 'C#', 'Go']) {
      const code = serverCode(language, { ...facts, subject: '' });
      expect(code).toContain('CLOISON_EMBED_SECRET');
      expect(code).not.toMatch(/\bsub\b/);
    }
  });
});

describe('the browser', () => {
  const wish = { kid: 'emk_1', secret: SECRET, kind: 'card', resource: 'sales', params: '{"city": ["Lyon"]}', minutes: 5, subject: '' };
  test('signs the same', async () => {
    expect(read(await sign(wish, 1_800_000_000_000))).toEqual([
      { alg: 'HS256', typ: 'JWT', kid: 'emk_1' },
      { resource: { card: 'sales' }, params: { city: ['Lyon'] }, exp: 1_800_000_300 },
    ]);
  });
  test.each([[{ kid: '' }, /emk_/], [{ secret: ' ' }, /secret/], [{ resource: '' }, /slug/], [{ minutes: 0 }, /minutes/], [{ params: '[1]' }, /object/], [{ params: '{' }, /JSON/]])('refuses %j with a cure', async (change, words) => {
    await expect(sign({ ...wish, ...change }, 0)).rejects.toThrow(words);
  });
  test('reads locked filters', () => expect(readParams(' ')).toEqual({}));
});

describe('the code for pages', () => {
  const look = { server: 'https://r.example', kind: 'dashboard', theme: 'dark', primary: '#0f766e', radius: 4, locale: 'fr', hide: ['a', 'b'], filters: '{"city":["<Lyon>","\\"x\\""],"n":null}', untitled: true };
  test('says what was chosen, and no value leaves its place', () => {
    expect(pageCode('Component', look)).toContain(`filters="{&quot;city&quot;:[&quot;&lt;Lyon>&quot;,&quot;\\&quot;x\\&quot;&quot;],&quot;n&quot;:null}"`);
    expect(pageCode('Component', look)).toMatch(/theme="dark"\s+locale="fr"\s+hide="a,b"[\s\S]*untitled>[\s\S]*--cloison-primary: #0f766e;[\s\S]*--cloison-radius: 4px/);
    expect(pageCode('React', look)).toMatch(/theme=\{\{ mode: "dark", primary: "#0f766e", radius: 4 \}\}[\s\S]*hide=\{\["a","b"\]\}[\s\S]*untitled/);
    expect(pageCode('Iframe', look)).toContain('#theme=dark&amp;locale=fr&amp;hide=a%2Cb&amp;filter.city=%3CLyon%3E&amp;filter.city=%22x%22&amp;filter.n=');
  });
  test('is coloured and stays the same text', () => {
    for (const code of [pageCode('Component', look), pageCode('React', look), serverCode('PHP', facts), serverCode('Go', facts)]) expect(pieces(code).map((piece) => piece.text).join('')).toBe(code);
    expect(pieces('// x\nreturn "a" + 1').filter((piece) => piece.kind)).toEqual([{ kind: 'comment', text: '// x' }, { kind: 'word', text: 'return' }, { kind: 'text', text: '"a"' }, { kind: 'number', text: '1' }]);
  });
});
