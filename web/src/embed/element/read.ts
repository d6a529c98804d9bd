/** Attributes as values. What cannot be read is as if it were not there, and the developer is told once. */
import type { FilterValues, Theme } from './public';

export function readFilters(text: string | null): FilterValues {
  if (text === null || text.trim() === '') return {};
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as FilterValues;
  } catch {
    // Told below.
  }
  console.warn('cloison: the attribute "filters" is a JSON object, such as {"period": "past30days"}');
  return {};
}

export function readNames(text: string | null): string[] {
  return (text ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
}

export function readTheme(text: string | null): Theme {
  return text === 'light' || text === 'dark' || text === 'auto' ? { mode: text } : {};
}

export function readNumber(text: string | null): number | null {
  const value = Number(text ?? Number.NaN);
  return text !== null && text.trim() !== '' && Number.isFinite(value) ? value : null;
}

/** The server's address without a slash at its end; `''` is the page's own. */
export function readServer(text: string | null, otherwise: string): string {
  if (text === null || text.trim() === '') return otherwise;
  try {
    const url = new URL(text, document.baseURI);
    if (url.protocol === 'https:' || url.protocol === 'http:') return (url.origin + url.pathname).replace(/\/+$/, '');
  } catch {
    // Told below.
  }
  console.warn('cloison: the attribute "server" is an address such as https://reports.example');
  return otherwise;
}
