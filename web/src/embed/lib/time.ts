/** Moments: read from cells, as a wall clock in UTC, with the steps between them and the ticks of an axis. */
import type { Cell, Column, Format, Granularity, Row } from './types';

export const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

/**
 * Seconds that are all whole UTC days were cut to days by the query, in UTC: in a zone west of Greenwich they would
 * be shown a day early.
 */
export function epochZone(rows: Row[], index: number, zone: string): string {
  const cells = rows.map((row) => row[index]).filter((cell) => cell !== null && cell !== undefined);
  const days = cells.length > 1 && cells.every((cell) => (Number(cell) * 1000) % DAY === 0);
  return days ? 'UTC' : zone;
}

/** Milliseconds for a time axis, whose clock is read as UTC; `null` when the cell is no moment. */
export function moment(cell: Cell | undefined, column: Column, format: Format | undefined, zone: string): number | null {
  if (cell === null || cell === undefined) return null;
  if (format?.style === 'epoch_date' || format?.style === 'epoch_datetime') {
    const seconds = Number(cell);
    return Number.isFinite(seconds) ? wall(seconds * 1000, zone) : null;
  }
  const text = String(cell);
  // A timestamp has the tenant's offset: its wall clock is what is shown.
  const clock = column.type === 'date' ? text : text.replace(/(Z|[+-]\d\d:?\d\d)$/, '').replace(' ', 'T');
  const found = Date.parse(clock.length === 10 ? `${clock}T00:00:00Z` : `${clock}Z`);
  return Number.isNaN(found) ? null : found;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a zone at a moment, as if it were UTC. */
function wall(milliseconds: number, zone: string): number {
  if (zone === 'UTC') return milliseconds;
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
      hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  const parts = clock.formatToParts(new Date(milliseconds));
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The step that all moments keep. One moment alone is a day, or a minute when it has a time. */
export function granularity(moments: number[]): Granularity {
  const dates = [...new Set(moments)].toSorted((a, b) => a - b).map((at) => new Date(at));
  const all = (test: (date: Date) => boolean) => dates.every(test);
  if (!all((date) => date.getTime() % DAY === 0)) return all((date) => date.getTime() % HOUR === 0) && dates.length > 1 ? 'hour' : 'minute';
  if (dates.length < 2) return 'day';
  if (all((date) => date.getUTCDate() === 1)) {
    if (all((date) => date.getUTCMonth() === 0)) return 'year';
    const quarters = dates.length > 2 && all((date) => date.getUTCMonth() % 3 === 0);
    return quarters ? 'quarter' : 'month';
  }
  const week = dates.length > 2 && all((date) => date.getUTCDay() === dates[0]?.getUTCDay());
  return week ? 'week' : 'day';
}

/** The moment `count` steps later. */
export function later(at: number, step: Granularity, count = 1): number {
  const date = new Date(at);
  const months = step === 'year' ? 12 : step === 'quarter' ? 3 : step === 'month' ? 1 : 0;
  if (months > 0) return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months * count, 1);
  const size = step === 'week' ? 7 * DAY : step === 'day' ? DAY : step === 'hour' ? HOUR : MINUTE;
  return at + size * count;
}

/** Every moment from the first to the last, so that a gap in the answer is a gap in the drawing; `null` when too many. */
export function filled(from: number, to: number, step: Granularity, limit: number): number[] | null {
  const all: number[] = [];
  for (let at = from; at <= to; at = later(at, step)) {
    all.push(at);
    if (all.length > limit) return null;
  }
  return all;
}

type Tick = { unit: 'minute' | 'hour' | 'day' | 'month' | 'year'; count: number };

const TICKS: Tick[] = [
  ...[1, 5, 15, 30].map((count) => ({ unit: 'minute' as const, count })),
  ...[1, 3, 6, 12].map((count) => ({ unit: 'hour' as const, count })),
  ...[1, 2, 7, 14].map((count) => ({ unit: 'day' as const, count })),
  ...[1, 2, 3, 6].map((count) => ({ unit: 'month' as const, count })),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((count) => ({ unit: 'year' as const, count })),
];

const SIZE = { minute: MINUTE, hour: HOUR, day: DAY, month: 30.4 * DAY, year: 365.25 * DAY };

export interface Ticks {
  at: number[];
  labels: Map<number, string>;
}

/** Pixels that a label needs, with its distance to the next. */
const WIDE = { minute: 62, hour: 62, day: 58, month: 42, year: 44 };

/** Ticks at round moments, as many as fit into so many pixels, never finer than the data. */
export function ticks(from: number, to: number, pixels: number, finest: Granularity, locale: string): Ticks {
  const floor = finest === 'quarter' ? 3 * SIZE.month : finest === 'week' ? SIZE.day : SIZE[finest];
  const fits = TICKS.filter((tick) => SIZE[tick.unit] * tick.count >= floor * 0.9);
  const enough = (one: Tick) => (to - from) / (SIZE[one.unit] * one.count) + 1 <= Math.max(2, pixels / WIDE[one.unit]);
  const tick = fits.find(enough) ?? fits.at(-1) ?? { unit: 'year', count: 1 };
  const at = walk(from, to, tick);
  return { at, labels: labels(tick, at, locale) };
}

function walk(from: number, to: number, { unit, count }: Tick): number[] {
  const at: number[] = [];
  const start = new Date(from);
  if (unit === 'month' || unit === 'year') {
    const step = unit === 'year' ? 12 * count : count;
    const first = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth() + (start.getUTCDate() > 1 ? 1 : 0)) / step) * step;
    for (let month = first; at.length <= 500; month += step) {
      const next = Date.UTC(Math.floor(month / 12), month % 12, 1);
      if (next > to) break;
      at.push(next);
    }
    return at;
  }
  const size = SIZE[unit] * count;
  // Weeks begin on Mondays: 1970-01-05 was one.
  const origin = unit === 'day' && count % 7 === 0 ? 4 * DAY : 0;
  for (let next = Math.ceil((from - origin) / size) * size + origin; next <= to && at.length <= 500; next += size) at.push(next);
  return at;
}

/** What stays the same from tick to tick (the year, the day) is said once, below the first that has it. */
function labels({ unit }: Tick, at: number[], locale: string): Map<number, string> {
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const year = make({ year: 'numeric' });
  const day = make({ day: 'numeric', month: 'short' });
  const fine = { minute: make({ hour: 'numeric', minute: '2-digit' }), hour: make({ hour: 'numeric', minute: '2-digit' }), day, month: make({ month: 'short' }), year }[unit];
  const coarse = unit === 'year' ? null : unit === 'minute' || unit === 'hour' ? day : year;
  let last = '';
  return new Map(
    at.map((one) => {
      const below = coarse?.format(one) ?? '';
      const text = below === last ? fine.format(one) : `${fine.format(one)}\n${below}`;
      last = below;
      return [one, text];
    }),
  );
}
