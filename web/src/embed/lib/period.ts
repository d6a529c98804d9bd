/** Spans of days as the server reads them, and as people do. */
import { fill, type Messages } from '../messages';
import type { Json } from './types';

export const PRESETS = [
  'today', 'yesterday', 'past7days', 'past30days', 'past90days', 'past12months',
  'thisweek', 'lastweek', 'thismonth', 'lastmonth', 'thisquarter', 'lastquarter', 'thisyear', 'lastyear',
] as const;

export const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Unit = (typeof UNITS)[number];

const DAY = /^\d{4}-\d\d-\d\d$/;

export interface Span {
  from: string;
  to: string;
}

/** `past30days` and `past30days~` (with today), `next2weeks` and `next2weeks~`. */
export interface Relative {
  direction: 'past' | 'next';
  count: number;
  unit: Unit;
  /** With the day, week … that is not over. */
  current: boolean;
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
  if (from === '' && to === '') return null;
  return from === to ? from : `${from}~${to}`;
}

export function relative(value: Json): Relative | null {
  const found = /^(past|next)(\d{1,5})(day|week|month|quarter|year)s?(~?)$/.exec(typeof value === 'string' ? value : '');
  if (!found) return null;
  const [, direction, count, unit, mark] = found;
  return { direction: direction as Relative['direction'], count: Number(count), unit: unit as Unit, current: mark === '~' };
}

export function unrelative({ direction, count, unit, current }: Relative): string {
  return `${direction}${count}${unit}s${current ? '~' : ''}`;
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

/** With today or without, it is one name to a person; counts that no preset has are built from units. */
function named(value: string, words: Messages, locale: string): string {
  const name = value.replace(/~$/, '');
  const word = (PRESETS as readonly string[]).includes(name) ? words[name as keyof Messages] : undefined;
  if (word !== undefined) return word;
  const found = relative(value);
  if (!found) return value;
  return fill(found.direction === 'past' ? words.pastSome : words.nextSome, { span: amount(found.count, found.unit, locale) });
}

/** "3 months". Intl has no unit for quarters. */
function amount(count: number, unit: Unit, locale: string): string {
  const months = unit === 'quarter';
  const formatter = new Intl.NumberFormat(locale, { style: 'unit', unit: months ? 'month' : unit, unitDisplay: 'long' });
  return formatter.format(months ? count * 3 : count);
}
