/** The words of charts and tables, which come with them. */
import { catalogue } from '../catalogue';
import { en, type ChartWords } from './en';

export type { ChartWords };

const read = catalogue<ChartWords>(en, {
  ar: async () => (await import('./ar')).ar,
  de: async () => (await import('./de')).de,
  es: async () => (await import('./es')).es,
  fr: async () => (await import('./fr')).fr,
});

export const chartWords = async (locale: string): Promise<ChartWords> => (await read(locale)).words;
