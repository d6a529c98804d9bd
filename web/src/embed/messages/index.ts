/** The page's own words. English is always there; the others are loaded when a locale asks for them. */
import { en, type Messages } from './en';

export type { Messages };
export { en };

const others: Record<string, () => Promise<Messages>> = {
  ar: async () => (await import('./ar')).ar,
  de: async () => (await import('./de')).de,
  es: async () => (await import('./es')).es,
  fr: async () => (await import('./fr')).fr,
};

export function language(locale: string): string {
  return locale.toLowerCase().split(/[-_]/)[0] ?? 'en';
}

export async function messages(locale: string): Promise<{ words: Messages; lang: string }> {
  const load = others[language(locale)];
  try {
    return load ? { words: await load(), lang: language(locale) } : { words: en, lang: 'en' };
  } catch {
    return { words: en, lang: 'en' };
  }
}

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

const RIGHT_TO_LEFT = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'iw', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

export function direction(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(language(locale)) ? 'rtl' : 'ltr';
}
