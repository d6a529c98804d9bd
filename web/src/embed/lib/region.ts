/** Whose language and clock: locales and zones come from people, and what Intl does not know must not break the page. */

export interface Region {
  locale: string;
  timezone: string;
}

export function region(locale: string, timezone: string): Region {
  const usable = (test: () => unknown) => {
    try {
      test();
      return true;
    } catch {
      return false;
    }
  };
  return {
    locale: usable(() => new Intl.NumberFormat(locale)) ? locale : 'en',
    timezone: usable(() => new Intl.DateTimeFormat('en', { timeZone: timezone })) ? timezone : 'UTC',
  };
}
