/** What a column's name tells: words for people, and how its values are meant. */
import type { Cell, Column, Format, Row, Visualization } from './types';
import { granularity, moment } from './time';

const WORDS: Record<string, string> = { id: 'ID', url: 'URL', utc: 'UTC', pct: '%', avg: 'average', min: 'least', max: 'greatest', num: 'number', qty: 'quantity', ip: 'IP' };

/** `active_users` is "Active users"; a name that was written for people stays as it is. */
export function humane(name: string): string {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) return name;
  const words = name.split('_');
  // What a unit at the end says, the written numbers say, too.
  const unit = words.at(-1) ?? '';
  if (words.length > 1 && (MONEY.has(unit) || UNITS.has(unit))) words.pop();
  const text = words.map((word) => (Object.hasOwn(WORDS, word) ? (WORDS[word] ?? word) : word)).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const MONEY = new Set('eur usd gbp chf cad aud nzd jpy cny inr brl mxn zar sek nok dkk pln czk huf ron try aed sar egp mad tnd dzd krw sgd hkd ils'.split(' '));

const UNITS = new Set(['seconds', 'secs', 'milliseconds', 'millis', 'ms', 'minutes', 'bytes']);

/** How a column without a format of the author's is meant, by its name and values. */
export function meant(column: Column, rows: Row[], index: number): Format | undefined {
  const name = column.name.toLowerCase();
  const number = column.type === 'integer' || column.type === 'decimal' || column.type === 'float';
  if (!number) return undefined;
  if (/(^|_)(pct|percent|percentage)$/.test(name)) return { style: 'percent' };
  if (/(^|_)(bytes|filesize|file_size)$/.test(name)) return { style: 'bytes' };
  if (/(^|_)(seconds|secs)$/.test(name)) return { style: 'duration_seconds' };
  if (/(^|_)(milliseconds|millis|ms)$/.test(name)) return { style: 'duration_milliseconds' };
  if (/_minutes$/.test(name)) return { style: 'duration_minutes' };
  const money = /_([a-z]{3})$/.exec(name)?.[1];
  if (money !== undefined && MONEY.has(money)) return { style: 'currency', currency: money.toUpperCase() };
  return column.type === 'integer' && epoch(name, rows, index) ? { style: wholeDays(rows, index) ? 'epoch_date' : 'epoch_datetime' } : undefined;
}

/** Whole numbers between the years 2000 and 2100, under a name that speaks of time. */
function epoch(name: string, rows: Row[], index: number): boolean {
  if (!/(time|date|created|modified|access|login|epoch|seen|(^|_)(at|day|week|month|utc))$/.test(name.replace(/_?utc$/, '_utc'))) return false;
  const cells = rows.map((row) => row[index] ?? null).filter((cell) => cell !== null);
  return cells.length > 0 && cells.every((cell) => Number(cell) > 946e6 && Number(cell) < 4103e6);
}

function wholeDays(rows: Row[], index: number): boolean {
  const cells = rows.map((row) => row[index] ?? null).filter((cell) => cell !== null);
  return cells.length > 1 && cells.every((cell) => Number(cell) % 86_400 === 0);
}

/** The author's format, else what the name means; dates as coarse as their values are. */
export function formatOf(column: Column, visualization: Visualization, rows: Row[], index: number): Format | undefined {
  const own = visualization.formats?.[column.name] ?? meant(column, rows, index);
  const style = own?.style;
  const day = style ? style === 'date' || style === 'epoch_date' : column.type === 'date' || midnight(column, rows, index);
  if (!day || own?.granularity) return own;
  const moments = rows.map((row) => moment(row[index], column, own, 'UTC')).filter((at) => at !== null);
  const step = granularity(moments);
  return step === 'month' || step === 'year' || step === 'quarter' ? { ...(own ?? { style: 'date' }), granularity: step } : (own ?? (column.type === 'date' ? undefined : { style: 'date' }));
}

/** Moments that are all midnight are days: `date_trunc` gives such. */
function midnight(column: Column, rows: Row[], index: number): boolean {
  if (column.type !== 'datetime' && column.type !== 'timestamp') return false;
  const cells = rows.map((row) => row[index] ?? null).filter((cell: Cell) => cell !== null);
  return cells.length > 1 && cells.every((cell) => /[T ]00:00:00(\.0+)?(Z|[+-]\d\d:?\d\d)?$/.test(String(cell)));
}
