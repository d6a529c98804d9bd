/** Style sheets of every shadow root: those of parts that are loaded later reach the roots that are there already. */

const sheets: CSSStyleSheet[] = [];
const roots = new Set<ShadowRoot>();

/** Called by each part's script (see `build/sheets.mjs`). */
export function register(text: string): void {
  // Outside a browser (server-side rendering of a host page) there is nothing to style.
  if (typeof CSSStyleSheet === 'undefined') return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  sheets.push(sheet);
  for (const root of roots) root.adoptedStyleSheets.push(sheet);
}

export function adopt(root: ShadowRoot): void {
  roots.add(root);
  root.adoptedStyleSheets = [...sheets];
}

/** Roots that left the page are not kept alive; they adopt anew when they come back. */
export function release(root: ShadowRoot): void {
  roots.delete(root);
}
