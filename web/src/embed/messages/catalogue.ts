/** Words in several languages: English is at hand, the others are loaded when a locale asks for them. */

export function language(locale: string): string {
  return locale.toLowerCase().split(/[-_]/)[0] ?? 'en';
}

export function catalogue<T>(en: T, others: Record<string, () => Promise<T>>): (locale: string) => Promise<{ words: T; lang: string }> {
  return async (locale) => {
    const lang = language(locale);
    const load = others[lang];
    try {
      return load ? { words: await load(), lang } : { words: en, lang: 'en' };
    } catch {
      return { words: en, lang: 'en' };
    }
  };
}
