/** How a view comes to be and stays fresh, and how it looks. Figures are counts: requests, bytes, movements. */
import assert from 'node:assert/strict';
import { accessible, clean, noSidewaysScroll, open, settled, still, until } from './page.mjs';

const view = (fake, words, rest = '') => `${fake.origin}/embed/dashboard#token=${words}${rest}`;
const card = (page, id) => page.locator(`article[aria-labelledby="name-${id}"]`);

/** A gate for each item: what is not let through waits. */
function gates(fake) {
  const open = new Set();
  const waiting = [];
  fake.plan.gate = (item) => (open.has(item) || open.has('*') ? undefined : new Promise((done) => waiting.push([item, done])));
  return (item) => {
    open.add(item);
    for (const [name, done] of waiting) if (item === '*' || name === item) done();
  };
}

/** Pages of a PDF by the links that were set: `id` to `{ start, end }`. Chromium writes pages and links as plain objects. */
function marks(pdf) {
  const objects = new Map([...pdf.toString('latin1').matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id, body]) => [id, body]));
  const found = new Map();
  let number = 0;
  for (const body of objects.values()) {
    if (!/\/Type \/Page\b/.test(body)) continue;
    number += 1;
    for (const [, id] of (/\/Annots \[([^\]]*)\]/.exec(body)?.[1] ?? '').matchAll(/(\d+) 0 R/g)) {
      const address = /\/URI \(https:\/\/mark\.example\/([^/]+)\/(start|end)\)/.exec(objects.get(id) ?? '');
      if (address) found.set(decodeURIComponent(address[1]), { ...found.get(decodeURIComponent(address[1])), [address[2]]: number });
    }
  }
  return found;
}

export const cases = {
  async 'views: answers appear as they arrive, and nothing moves'({ browser, fake }) {
    for (const [width, words] of [[1440, 'plain'], [820, 'plain'], [390, 'plain'], [390, 'locale=ar'], [390, 'locale=de'], [360, 'locale=fr']]) {
      const pass = gates(fake);
      fake.seen.runs.length = 0;
      const { page, faults, end } = await open(browser, view(fake, words), { width });
      await card(page, 'learners').waitFor();
      assert.equal(await card(page, 'learners').getAttribute('aria-busy'), 'true');
      await accessible(page);
      pass('learners');
      await card(page, 'learners').locator('dd').waitFor();
      assert.equal(await card(page, 'days').getAttribute('aria-busy'), 'true', 'the others still wait');
      for (const item of ['rate', 'money', 'away', 'days']) pass(item);
      await card(page, 'days').locator('.chart svg path').first().waitFor({ state: 'attached' });
      pass('*');
      await settled(page);
      assert.equal(fake.seen.runs.length, 1);
      await still(page);
      await noSidewaysScroll(page);
      clean(faults);
      await end();
    }
    fake.plan.gate = undefined;
  },

  async 'views: cards that are asked again are dimmed and can be read'({ browser, fake }) {
    const { page, faults, end } = await open(browser, view(fake, 'plain'));
    await settled(page);
    const pass = gates(fake);
    await page.locator('#filter-period').click();
    await page.locator('.presets button').nth(3).click();
    await page.locator('article[aria-busy="true"] .stale').first().waitFor();
    // By its colours, never by opacity: text keeps its contrast.
    const looks = () => page.evaluate(() => window.deep('.stale').map((one) => `${getComputedStyle(one).opacity} ${getComputedStyle(one).filter}`));
    await until(async () => (await looks()).length > 2 && (await looks()).every((look) => look === '1 saturate(0.25)'));
    await page.keyboard.press('Escape');
    await accessible(page);
    pass('*');
    await settled(page);
    assert.equal(await page.locator('.stale').count(), 0);
    fake.plan.gate = undefined;
    clean(faults);
    await end();
  },

  async 'views: what it costs: requests and bytes'({ browser, fake }) {
    const { page, end } = await open(browser, 'about:blank');
    const sizes = [];
    const order = (path) => ['/embed', '/assets/page', '/assets/element', '/v1'].findIndex((start) => path.startsWith(start));
    page.on('response', async (response) => sizes.push([new URL(response.url()).pathname, (await response.body().catch(() => Buffer.alloc(0))).length]));
    fake.plan.gate = () => new Promise(() => undefined);
    await page.goto(view(fake, 'plain'));
    await card(page, 'learners').waitFor();
    const first = sizes.toSorted(([a], [b]) => order(a) - order(b)).filter(([path]) => !/Body|Chart|Table|clicks|Markdown/.test(path)).map(([path]) => path);
    // The page, its script, what both kinds of pages share, the view and the run.
    assert.deepEqual(first.map((path) => path.replace(/-[\w-]+\.js$/, '')), ['/embed/dashboard', '/assets/page', '/assets/element', '/v1/embed'].concat(first.includes('/v1/embed/run') ? ['/v1/embed/run'] : []));
    fake.plan.gate = undefined;
    await end();
  },

  async 'views: leaving ends what is on its way'({ browser, fake }) {
    const pass = gates(fake);
    const { page, end } = await open(browser, view(fake, 'plain'));
    await card(page, 'learners').waitFor();
    await until(() => fake.seen.runs.length > 0);
    fake.seen.aborted = 0;
    await page.goto(`${fake.origin}/docs`);
    await until(() => fake.seen.aborted === 1);
    pass('*');
    fake.plan.gate = undefined;
    await end();
  },

  async 'views: a refresh is quiet; one that fails leaves what was there and says so'({ browser, fake }) {
    fake.plan.healed = true;
    const { page, faults, end } = await open(browser, view(fake, 'plain'));
    await settled(page);
    const reload = () => page.evaluate(() => document.querySelector('cloison-dashboard').reload());
    await page.evaluate(() => {
      window.states = new Set();
      const note = () => window.deep('article').forEach((one) => window.states.add(one.getAttribute('aria-busy')));
      new MutationObserver(note).observe(window.deep('.inside')[0], { subtree: true, attributes: true, childList: true });
    });
    fake.seen.runs.length = 0;
    await reload();
    await until(() => fake.seen.runs.length === 1);
    await new Promise((done) => setTimeout(done, 300));
    assert.ok(!(await page.evaluate(() => [...window.states])).includes('true'));
    fake.plan.down = true;
    await reload();
    await card(page, 'learners').getByRole('img', { name: /Not up to date/ }).waitFor();
    assert.match(await card(page, 'learners').textContent(), /12,480/);
    await accessible(page);
    fake.plan.down = false;
    await reload();
    await until(async () => (await card(page, 'learners').getByRole('img', { name: /Not up to date/ }).count()) === 0);
    fake.plan.healed = false;
    clean(faults.filter((one) => !/ERR_EMPTY_RESPONSE|ERR_CONNECTION/.test(one)));
    await end();
  },

  async 'views: it refreshes by itself when somebody looks'({ browser, fake }) {
    fake.seen.runs.length = 0;
    const { page, end } = await open(browser, 'about:blank');
    await page.clock.install();
    await page.goto(view(fake, 'refresh=30'));
    await card(page, 'learners').locator('dd').waitFor();
    assert.equal(fake.seen.runs.length, 1);
    await page.clock.runFor(31_000);
    await until(() => fake.seen.runs.length === 2);
    const look = (state) => page.evaluate((now) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => now });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
    await look('hidden');
    await page.clock.runFor(95_000);
    assert.equal(fake.seen.runs.length, 2, 'nobody looks, nobody asks');
    await look('visible');
    await until(() => fake.seen.runs.length === 3);
    await end();
  },

  async 'views: a lost connection is told, and a click brings it back'({ browser, fake }) {
    fake.plan.down = true;
    const { page, end } = await open(browser, view(fake, 'plain'));
    await page.getByRole('alert').waitFor();
    assert.match(await page.locator('.cloison').textContent(), /No connection/);
    await accessible(page);
    fake.plan.down = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await settled(page);
    await end();
  },

  async 'views: a tenant’s look in both modes, with a logo, can be read'({ browser, fake }) {
    const svg = (color) => `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" onload="parent.pwned=9"><rect width="120" height="40" fill="${color}"/></svg>`)}`;
    fake.plan.theme = {
      primary: '#ffe000', radius: 0, font: '"Liberation Serif"', background: '#fff7ed', credit: true,
      dark: { background: '#1c1917', surface: '#292524', primary: '#fde047' },
      logo: { src: svg('#b45309'), dark: svg('#fde047'), alt: 'Alder' },
    };
    for (const scheme of ['light', 'dark']) {
      const { page, faults, end } = await open(browser, view(fake, 'plain'), { scheme });
      await settled(page);
      assert.equal(await page.getByRole('img', { name: 'Alder' }).evaluate((one) => one.naturalWidth > 0), true);
      assert.equal(await page.getByText('Cloison', { exact: true }).count(), 1);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), scheme === 'dark' ? 'rgb(28, 25, 23)' : 'rgb(255, 247, 237)');
      assert.match(await page.locator('article').first().evaluate((one) => getComputedStyle(one).fontFamily), /Liberation Serif/);
      await accessible(page);
      assert.equal(await page.evaluate(() => window.pwned), undefined);
      clean(faults);
      await end();
    }
    fake.plan.theme = {};
  },

  async 'views: a theme that tries more than a look gets nothing of it, and nothing of ours is shown unasked'({ browser, fake }) {
    fake.plan.theme = {
      primary: 'red; background: url(https://evil.example/)', text: 'expression(alert(1))', font: 'x; } * { display: none', radius: 9999,
      logo: { src: 'https://evil.example/pixel.png', alt: '<img src=x onerror="window.pwned=1">' }, mode: 'javascript:alert(1)',
    };
    const { page, faults, end } = await open(browser, view(fake, 'plain'));
    await settled(page);
    assert.equal(await page.evaluate(() => window.deep('img').length), 0);
    assert.equal(await page.locator('.cloison').evaluate((one) => getComputedStyle(one).getPropertyValue('--radius')), '32px');
    assert.equal(await page.getByText('Cloison').count(), 0);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    clean(faults);
    await end();
    fake.plan.theme = {};
  },

  async 'views: the author’s own translations, and the page’s words, in the language that is asked for'({ browser, fake }) {
    fake.seen.shows.length = 0;
    const { page, faults, end } = await open(browser, view(fake, 'translated', '&locale=fr-CA'));
    await settled(page);
    assert.deepEqual(fake.seen.shows, ['fr-CA']);
    const text = await page.locator('.cloison').textContent();
    for (const word of ['Vue d’ensemble', 'Apprenants actifs', 'Usage', 'Période', '12 derniers mois']) assert.ok(text.includes(word), word);
    assert.match(text, /12[\s\u202f\u00a0]480/);
    assert.equal(await page.title(), 'Vue d’ensemble - Alder College');
    // Back to the tenant's language without a reload.
    await page.evaluate(() => (document.querySelector('cloison-dashboard').locale = 'en'));
    await page.getByRole('heading', { name: 'Learning overview' }).waitFor();
    await accessible(page);
    clean(faults);
    await end();
  },

  async 'views: on paper everything is there, on white'({ browser, fake }) {
    const { page, end } = await open(browser, view(fake, 'plain'), { scheme: 'dark' });
    await settled(page);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('.cloison').getAttribute('data-mode'), 'light');
    // Drawings are drawn anew for it, at once: as wide as paper is, and in colours for white.
    const drawn = await page.evaluate(() => window.deep('.chart svg').map((one) => one.viewBox.baseVal.width));
    assert.ok(drawn.length >= 5 && drawn.every((width) => width > 100 && width < 680), drawn.join());
    const ink = await card(page, 'days').locator('.chart svg text').first().getAttribute('fill');
    assert.ok(Number.parseInt(ink.slice(1, 3), 16) < 140, ink);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.tools').first().isVisible(), false);
    // Nothing scrolls on paper.
    const cut = await page.evaluate(() => window.deep('.scroll, article').filter((one) => one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY !== 'visible').map((one) => one.className));
    assert.deepEqual(cut, []);
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await page.locator('.cloison').getAttribute('data-mode'), 'dark');
    await end();
  },

  async 'views: no page of the print cuts a card, and a heading goes with what it heads'({ browser, fake }) {
    const { page, end } = await open(browser, view(fake, 'plain'));
    await settled(page);
    // A link in the first and the last line of each card: the PDF says on which pages they are.
    await page.evaluate(() => {
      for (const article of window.deep('article, .heading')) {
        const id = article.getAttribute('aria-labelledby') ?? `heading-${article.textContent.trim()}`;
        for (const end of ['start', 'end']) {
          const link = document.createElement('a');
          link.href = `https://mark.example/${encodeURIComponent(id)}/${end}`;
          link.textContent = '.';
          Object.assign(link.style, { position: 'absolute', insetInlineStart: '2px', [end === 'start' ? 'top' : 'bottom']: '1px', fontSize: '6px' });
          article.style.position = 'relative';
          article.append(link);
        }
      }
    });
    // Papers of many lengths: somewhere a page ends in each of the rows.
    for (const paper of [{ format: 'A4' }, { format: 'A4', landscape: true }, ...[300, 280, 260, 245, 230, 215].map((height) => ({ width: '210mm', height: `${height}mm` }))]) {
      const said = JSON.stringify(paper);
      const pages = marks(await page.pdf({ ...paper, printBackground: true }));
      const cards = [...pages.keys()].filter((id) => id.startsWith('name-'));
      assert.ok(cards.length >= 10, cards.join());
      // The table of people is longer than a page.
      for (const id of cards) if (id !== 'name-people') assert.equal(pages.get(id).start, pages.get(id).end, `${id} on ${said}`);
      assert.ok(new Set(cards.map((id) => pages.get(id).start)).size > 1, 'more than a page');
      const under = (id) => cards.some((card) => pages.get(card).start === pages.get(id).start);
      for (const id of pages.keys()) if (id.startsWith('heading-')) assert.ok(under(id), `${id} stands alone on ${said}`);
    }
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 700, height: 1000 });
    const cut = await page.evaluate(() => window.deep('.chart svg').map((one) => {
      const [drawing, card, box] = [one, one.closest('article'), one.closest('.scroll')].map((part) => part.getBoundingClientRect());
      return drawing.right > card.right + 1 || drawing.height < 80 || box.height < drawing.height - 1;
    }));
    assert.ok(cut.length >= 5);
    assert.ok(!cut.includes(true), 'drawings that are cut, or not there');
    await end();
  },

  async 'views: everything by keyboard, and the focus can be seen'({ browser, fake }) {
    const { page, end } = await open(browser, view(fake, 'tabs,clicks'));
    await settled(page);
    const seen = new Set();
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        let one = document.activeElement;
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
        if (!one || one === document.body) return null;
        // The ring is on the part itself or on what holds it.
        const ring = [one, one.closest('.pill')].some((part) => part && getComputedStyle(part).outlineStyle !== 'none');
        return { name: one.id || one.getAttribute('aria-label') || one.textContent.trim().slice(0, 40), ring, drawn: one.getBoundingClientRect().width > 0 };
      });
      if (at === null) break;
      assert.ok(at.ring, `no focus to be seen: ${at.name}`);
      assert.ok(at.drawn, at.name);
      seen.add(at.name);
    }
    for (const name of ['filter-period', 'filter-course', 'filter-state', 'filter-name', 'filter-active', 'tab-t1']) assert.ok(seen.has(name), `${name} of ${[...seen].join(', ')}`);
    assert.ok([...seen].some((name) => name.startsWith('Show as table')) && [...seen].some((name) => name.startsWith('Download')));
    await end();
  },
};
