/** Spans of days as the server reads them, and as people do. */
import { fill, type Messages } from '../messages';
import type { Json } from './types';

export const PRESETS = ['today', 'yesterday', 'past7days', 'past30days', 'past12months', 'thisweek', 'thismonth', 'lastmonth', 'thisyear'] as const;

const DAY = /^\d{4}-\d\d-\d\d$/;

export interface Span {
  from: string;
  to: string;
}

/** The two days of `A~B`, `A~` and `~B`; `null` for words. */
export function span(value: Json): Span | null {
  if (typeof value !== 'string') return null;
  if (DAY.test(value)) return { from: value, to: value };
  const [from = '', to = '', ...more] = value.split('~');
  const fine = (day: string) => day === '' || DAY.test(day);
  return more.length === 0 && value.includes('~') && fine(from) && fine(to) ? { from, to } : null;
}

export function unspan({ from, to }: Span): string | null {
  return from === '' && to === '' ? null : `${from}~${to}`;
}

/** What the filter's button says. */
export function describe(value: Json, words: Messages, locale: string): string {
  if (value === null) return words.anyTime;
  const days = span(value);
  if (days) {
    const formatter = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
    const day = (text: string) => new Date(`${text}T00:00:00Z`);
    if (days.from === '') return fill(words.until, { date: formatter.format(day(days.to)) });
    if (days.to === '') return fill(words.since, { date: formatter.format(day(days.from)) });
    return formatter.formatRange(day(days.from), day(days.to));
  }
  return named(String(value), words, locale);
}

/** `past30days` and `past30days~` (with today) have one name; counts that no preset has are built from units. */
function named(value: string, words: Messages, locale: string): string {
  const name = value.replace(/~$/, '');
  if ((PRESETS as readonly string[]).includes(name)) return words[name as (typeof PRESETS)[number]];
  const past = /^past(\d+)(day|week|month|year)s?$/.exec(name);
  if (!past) return value;
  const count = new Intl.NumberFormat(locale, { style: 'unit', unit: past[2] ?? 'day', unitDisplay: 'long' });
  return fill(words.pastSome, { span: count.format(Number(past[1])) });
}
