/** The words of what opens from a button. */
import { catalogue } from '../catalogue';
import { en } from './en';

export const sheetWords = catalogue(en, {
  ar: async () => (await import('./ar')).ar,
  de: async () => (await import('./de')).de,
  es: async () => (await import('./es')).es,
  fr: async () => (await import('./fr')).fr,
});
