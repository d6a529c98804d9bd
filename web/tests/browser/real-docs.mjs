/** The guide's snippets, as they are written, against the product: what signs is run, what shows is opened. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clean, open, settled, until } from './page.mjs';
import { keyOf } from './real-world.mjs';

const guide = readFileSync(new URL('../../../docs/embedding.md', import.meta.url), 'utf8');
/** The code of a language, in the order of the guide. */
const snippets = (language) => [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code);

/** How each language's snippet is run; what it prints ends with the token. */
const RUN = {
  php: ['php', 'token.php', (code) => code],
  js: ['node', 'token.mjs', (code) => `${code}\nconsole.log(cloisonToken("overview", JSON.parse(process.argv[2])));`],
  python: ['python3', 'token.py', (code) => `${code}\nimport sys\nprint(cloison_token("overview", json.loads(sys.argv[1])))`],
};

function signed(language, { kid, secret }, locked = '{}') {
  const [program, name, whole] = RUN[language];
  const folder = mkdtempSync(join(tmpdir(), 'cloison-guide-'));
  try {
    const [code] = snippets(language);
    writeFileSync(join(folder, name), whole(code));
    const told = execFileSync(program, [join(folder, name), locked], { encoding: 'utf8', env: { ...process.env, CLOISON_EMBED_KEY: kid, CLOISON_EMBED_SECRET: secret } }).trim();
    return told.startsWith('{') ? JSON.parse(told).token : told;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const here = (language) => spawnSync(RUN[language][0], ['--version']).status === 0;

export const cases = {
  async 'real guide: each language’s snippet signs a token that the server takes, locked filters too'({ demo }) {
    const key = await keyOf(demo, 'alder');
    const names = Object.keys(RUN).filter(here);
    assert.ok(names.includes('js') && names.includes('php'), names.join());
    for (const language of names) {
      const ask = async (token) => fetch(`${demo.origin}/v1/embed`, { headers: { authorization: `Bearer ${token}` } });
      const answer = await ask(signed(language, key));
      assert.equal(answer.status, 200, language);
      const shown = await answer.json();
      assert.equal(shown.tenant.name, 'Alder College');
      if (language === 'php') continue;
      const locked = await (await ask(signed(language, key, '{"course": [2]}'))).json();
      assert.deepEqual(shown.parameters.map(({ name }) => name).filter((name) => !locked.parameters.some((one) => one.name === name)), ['course'], language);
    }
    // Another secret, another signature: nothing.
    const forged = signed('js', { ...key, secret: `${key.secret}x` });
    assert.equal((await fetch(`${demo.origin}/v1/embed`, { headers: { authorization: `Bearer ${forged}` } })).status, 401);
  },

  async 'real guide: the element, the card and the iframe work as they are written, in a strict page'({ browser, demo, host }) {
    const key = await keyOf(demo, 'alder');
    let asked = 0;
    host.answers.set('/reports/token', () => {
      asked += 1;
      return { body: { token: signed('js', key) } };
    });
    const [css] = snippets('css');
    const pages = snippets('html').map((code) => code.replaceAll('https://reports.example', demo.origin));
    assert.equal(pages.length, 3);
    for (const [at, body] of pages.entries()) {
      host.pages.set(`/guide-${at}`, { body: `<main><h1>Portal</h1>${body}</main>`, style: css, policy: host.strict(demo.origin) });
      asked = 0;
      const { page, faults, end } = await open(browser, `${host.origin}/guide-${at}`);
      const iframe = page.locator('iframe');
      const frame = (await iframe.count()) > 0 ? await (await iframe.elementHandle()).contentFrame() : page;
      await settled(frame);
      assert.equal(asked, 1);
      assert.equal(await frame.locator('[role="alert"]').count(), 0);
      if (at === 1) assert.equal(await page.locator('cloison-card').evaluate((one) => one.getBoundingClientRect().height), 340);
      else assert.ok((await frame.locator('article').count()) > 8);
      // The frame is as high as what is in it.
      if (frame !== page) await until(async () => (await iframe.evaluate((one) => one.clientHeight)) > 1500);
      clean(faults);
      await end();
    }
  },
};
