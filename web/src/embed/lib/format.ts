/** Cells as people of the tenant's locale and time zone read them. */
import type { Cell, Column, Format, Row } from './types';

export interface Region {
  locale: string;
  timezone: string;
}

export type Write = (cell: Cell) => string;

export const NOTHING = '–';

const DAY = 86_400;

/** Locales and zones come from people: what Intl does not know must not break the page. */
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

export function isNumeric(column: Column): boolean {
  return column.type === 'integer' || column.type === 'decimal' || column.type === 'float';
}

/** Whether the column is a day or a moment, by type or by format. */
export function isTemporal(column: Column, format?: Format): boolean {
  if (format) return /^(epoch_)?date(time)?$/.test(format.style);
  return column.type === 'date' || column.type === 'datetime' || column.type === 'timestamp';
}

/** The column's writer. `rows` and `index` decide how a column of epoch seconds is read (see `epochZone`). */
export function writer(column: Column, format: Format | undefined, region: Region, rows: Row[] = [], index = -1): Write {
  const guarded = (write: (cell: Exclude<Cell, null>) => string): Write => {
    return (cell) => {
      if (cell === null || cell === undefined) return NOTHING;
      try {
        return write(cell);
      } catch {
        return plain(cell);
      }
    };
  };
  if (format && !isTemporal(column, format)) return guarded(quantity(column, format, region));
  const style = format?.style;
  if (style === 'epoch_date' || style === 'epoch_datetime') {
    const zone = style === 'epoch_date' ? epochZone(rows, index, region) : region.timezone;
    const formatter = dateFormatter(region, zone, style === 'epoch_datetime');
    return guarded((cell) => formatter.format(new Date(number(cell) * 1000)));
  }
  if (style === 'date' || style === 'datetime' || isTemporal(column)) {
    return guarded(temporal(column, style, region));
  }
  if (isNumeric(column)) return guarded(quantity(column, undefined, region));
  if (column.type === 'boolean') return guarded((cell) => (cell === true ? '✓' : cell === false ? '✗' : plain(cell)));
  return guarded(plain);
}

/**
 * Seconds that are all whole UTC days were cut to days by the query, in UTC: in a zone west of Greenwich they would
 * be shown a day early.
 */
export function epochZone(rows: Row[], index: number, region: Region): string {
  const cells = rows.map((row) => row[index]).filter((cell) => cell !== null && cell !== undefined);
  const days = cells.length > 1 && cells.every((cell) => Number(cell) % DAY === 0);
  return days ? 'UTC' : region.timezone;
}

/** Milliseconds for a time axis, whose clock is read as UTC; `null` when the cell is no moment. */
export function moment(cell: Cell, column: Column, format: Format | undefined, zone: string): number | null {
  if (cell === null || cell === undefined) return null;
  if (format?.style === 'epoch_date' || format?.style === 'epoch_datetime') {
    const seconds = Number(cell);
    return Number.isFinite(seconds) ? wall(seconds * 1000, zone) : null;
  }
  const text = String(cell);
  // A timestamp has the tenant's offset: its wall clock is what is shown.
  const clock = column.type === 'date' ? text : text.replace(/(Z|[+-]\d\d:?\d\d)$/, '');
  const found = Date.parse(clock.length === 10 ? `${clock}T00:00:00Z` : `${clock}Z`);
  return Number.isNaN(found) ? null : found;
}

/** The wall clock of a zone at a moment, as if it were UTC. */
function wall(milliseconds: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(new Date(milliseconds));
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

function dateFormatter(region: Region, timeZone: string, withTime: boolean): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(region.locale, { dateStyle: 'medium', ...(withTime ? { timeStyle: 'short' } : {}), timeZone });
}

function temporal(column: Column, style: string | undefined, region: Region): (cell: Exclude<Cell, null>) => string {
  const withTime = style === 'datetime' || (style === undefined && column.type !== 'date');
  const formatter = dateFormatter(region, 'UTC', withTime);
  return (cell) => {
    const at = moment(cell, column, undefined, 'UTC');
    return at === null ? plain(cell) : formatter.format(at);
  };
}

function quantity(column: Column, format: Format | undefined, region: Region): (cell: Exclude<Cell, null>) => string {
  const style = format?.style ?? 'number';
  const decimals = format?.decimals ?? undefined;
  const fixed = decimals === undefined ? undefined : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const make = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(region.locale, options);
  if (style === 'bytes') return bytes(region, decimals);
  if (style === 'percent') {
    const formatter = make({ style: 'percent', ...(fixed ?? { maximumFractionDigits: 1 }) });
    return (cell) => formatter.format(exact(cell, -2));
  }
  if (style === 'currency') {
    const formatter = make({ style: 'currency', currency: format?.currency ?? 'EUR', ...fixed });
    return (cell) => formatter.format(exact(cell));
  }
  if (style === 'duration_days') {
    const formatter = make({ style: 'unit', unit: 'day', unitDisplay: 'long', ...(fixed ?? { maximumFractionDigits: 1 }) });
    return (cell) => formatter.format(exact(cell));
  }
  const grouping = !(column.type === 'integer' && !format && /(^|_)(id|year)$/i.test(column.name));
  const digits = fixed ?? { maximumFractionDigits: column.type === 'decimal' && !format ? 20 : 2 };
  const formatter = make({ useGrouping: grouping, ...digits });
  return (cell) => formatter.format(exact(cell));
}

function bytes(region: Region, decimals?: number): (cell: Exclude<Cell, null>) => string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'];
  return (cell) => {
    const value = number(cell);
    const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1) / 3)));
    const options = { style: 'unit', unit: units[step] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: decimals ?? 1 } as const;
    return new Intl.NumberFormat(region.locale, options).format(value / 1000 ** step);
  };
}

/** Strings stay strings, so that no digit is lost; `shift` moves the decimal point. */
function exact(cell: Exclude<Cell, null>, shift = 0): number {
  if (typeof cell === 'number') return shift === 0 ? cell : Number(`${cell}e${shift}`);
  const text = String(cell);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return number(cell);
  // Intl takes decimal strings exactly; TypeScript's own library does not say so for every target.
  return (shift === 0 ? text : `${text}E${shift}`) as unknown as number;
}

function number(cell: Exclude<Cell, null>): number {
  const value = cell === 'NaN' ? NaN : Number(cell);
  if (Number.isNaN(value)) throw new RangeError('not a number');
  return value;
}

/** Any cell as text. */
export function plain(cell: Cell): string {
  if (cell === null || cell === undefined) return NOTHING;
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
