/** Reading a block in a page: what its cards say, as people see it. */
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../../../web/package.json', import.meta.url))('playwright-core');

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** A browser of somebody's own. */
export async function person(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB', ...options });
  await context.addInitScript(() => {
    // Every match, also inside shadow roots.
    window.deep = (selector, root = document) => {
      const found = [...root.querySelectorAll(selector)];
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) found.push(...window.deep(selector, element.shadowRoot));
      return found;
    };
  });
  return context;
}

/** The document that a block's dashboard is in: the page's own, or that of its frame. */
export async function inside(page, instance) {
  const place = `#inst${instance} :is(cloison-dashboard, cloison-card, iframe)`;
  const element = await page.waitForSelector(place, { state: 'attached', timeout: 90_000 });
  return (await element.contentFrame()) ?? page;
}

/** No card waits, and the charts are drawn. */
export async function settled(frame) {
  await frame.waitForFunction(() => window.deep('article').length > 0, null, { timeout: 60_000, polling: 100 });
  await frame.waitForFunction(() => window.deep('[aria-busy="true"]').length === 0 && window.deep('.skeleton').length === 0, null, { timeout: 120_000, polling: 100 });
  await frame.waitForFunction(() => window.deep('.chart').every((chart) => chart.querySelector('svg path')), null, { timeout: 60_000, polling: 100 });
}

/** Sets filters as a page around may, and waits for the answers to them. */
export async function choose(page, instance, filters) {
  const frame = await inside(page, instance);
  const wanted = JSON.stringify(filters).slice(1, -1);
  const answered = page.waitForResponse((response) => response.url().endsWith('/v1/embed/run') && (response.request().postData() ?? '').includes(wanted), { timeout: 60_000 });
  await page.evaluate(([place, given]) => {
    const element = document.querySelector(place);
    if (element.localName === 'iframe') element.contentWindow.postMessage({ type: 'cloison:set', filters: given }, new URL(element.src).origin);
    else element.filters = given;
  }, [`#inst${instance} :is(cloison-dashboard, cloison-card, iframe)`, filters]);
  // Cards are busy from the request on until their answer is drawn; the response's own end is not told for what a later request replaced.
  await answered;
  await settled(frame);
}

/** Each card of a block by item: one figure, or a table (behind a chart, too) with how many rows it says that there are, or a notice. */
export async function read(page, instance) {
  const frame = await inside(page, instance);
  return frame.evaluate((id) => {
    const text = (element) => element.textContent.trim();
    const found = {};
    for (const article of window.deep('article', document.querySelector(`#inst${id}`) ?? document)) {
      const item = article.getAttribute('aria-labelledby').replace(/^name-/, '');
      const table = article.querySelector('table');
      const figure = article.querySelector('dd');
      const notice = article.querySelector('.empty, .failed');
      if (table) {
        const rows = [...table.querySelectorAll('tbody tr')].map((row) => [...row.cells].map(text));
        const total = /(\d[\d,]*)\D*$/.exec(article.querySelector('footer span, .hear > p')?.textContent ?? '')?.[1];
        found[item] = { head: [...table.querySelectorAll('thead th')].map(text), rows, total: total ? Number(total.replaceAll(',', '')) : rows.length };
      } else if (figure) found[item] = { figure: text(figure) };
      else found[item] = { notice: notice ? text(notice) : text(article) };
    }
    return found;
  }, instance);
}

/** Answers once `test` holds. */
export async function until(what, test) {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((done) => setTimeout(done, 50))) if (await test()) return;
  throw new Error(`never: ${what}`);
}

/** What a block says that has no cards, without what waits. */
export async function told(page, instance) {
  const text = () => page.evaluate((id) => {
    const block = document.querySelector(`#inst${id}`);
    if (window.deep('article', block).length > 0) return 'CARDS';
    const parts = [...block.querySelectorAll('p:not([hidden])'), ...window.deep('h1, h2, h3, [role="heading"], p', block).filter((one) => one.getRootNode() !== document)];
    return window.deep('[aria-busy="true"]', block).length > 0 || block.querySelector('[data-cloison="wait"]') ? '' : parts.map((one) => one.textContent.trim()).join(' ').trim();
  }, instance);
  for (const end = Date.now() + 20_000; Date.now() < end; await page.waitForTimeout(50)) {
    const found = await text();
    if (found !== '') return found;
  }
  throw new Error(`block ${instance} says nothing`);
}
