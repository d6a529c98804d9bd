/** What the page tells the page around it. Only sizes and states: no data, no token, so any origin may hear it. */

export function tell(message: { type: 'cloison:height'; height: number } | { type: 'cloison:expired' }): void {
  if (window.parent !== window) window.parent.postMessage(message, '*');
}

/** Tells the height that the content wants, whenever it changes. */
export function reportHeight(content: HTMLElement): void {
  let last = 0;
  const report = () => {
    const height = Math.ceil(content.getBoundingClientRect().height);
    if (height === last) return;
    last = height;
    tell({ type: 'cloison:height', height });
  };
  new ResizeObserver(report).observe(content);
}
