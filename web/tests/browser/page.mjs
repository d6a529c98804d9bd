/** Opening pages, and what no page may do: break the policy, write errors, scroll sideways, be hard to use. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Opens an address; `faults` collects whatever the browser complains about. */
export async function open(browser, url, { width = 1440, height = 900, scheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself notes an answer that is an error; the page is meant to get some.
    const expected = /^Failed to load resource: the server responded with a status of (401|404)/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !expected) faults.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    // Every match, also inside shadow roots.
    window.deep = (selector, root = document) => {
      const found = [...root.querySelectorAll(selector)];
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) found.push(...window.deep(selector, element.shadowRoot));
      return found;
    };
    // Movements that the viewer did not cause, as the browser counts them.
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push([entry.value, ...entry.sources.map((one) => `${one.node?.className?.baseVal ?? one.node?.className ?? one.node?.nodeName} ${one.previousRect.x},${one.previousRect.y},${one.previousRect.width}x${one.previousRect.height} > ${one.currentRect.x},${one.currentRect.y},${one.currentRect.width}x${one.currentRect.height}`)]);
    }).observe({ type: 'layout-shift', buffered: true });
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  await page.goto(url);
  return { page, faults, end: () => context.close() };
}

/** A dashboard is settled when no card waits and the charts are drawn. */
export async function settled(frame) {
  await frame.waitForSelector('article', { timeout: 20_000 });
  await frame.waitForFunction(() => window.deep('[aria-busy="true"]').length === 0, null, { timeout: 30_000 });
  await frame.waitForFunction(() => window.deep('.chart').every((chart) => chart.querySelector('svg path')), null, { timeout: 20_000 });
}

/** Answers once `test` holds. */
export async function until(test) {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((done) => setTimeout(done, 25))) if (await test()) return;
  assert.fail(`never: ${test}`);
}

/** Nothing moved by itself. */
export async function still(frame) {
  assert.deepEqual(await frame.evaluate(() => window.shifts), []);
}

export async function noSidewaysScroll(frame) {
  const [wide, room] = await frame.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= room, `the page is ${wide} px wide in ${room} px`);
}

/** Runs axe in one frame. Its script is evaluated by the debugger, which the page's policy does not bind. */
export async function accessible(frame) {
  await frame.evaluate(axe);
  const violations = await frame.evaluate(async () => {
    const result = await globalThis.axe.run(document, { iframes: false });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).slice(0, 4).join(' | ')}`);
  });
  assert.deepEqual(violations, []);
}

export function clean(faults) {
  assert.deepEqual(faults, []);
}
