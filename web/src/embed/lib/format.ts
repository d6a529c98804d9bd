/** Cells as people of the tenant's locale and time zone read them. */
import { region, type Region } from './region';
import { DAY, epochZone as zoneOfEpochs, moment } from './time';
import type { Cell, Column, Format, Granularity, Row } from './types';

export { moment, region, type Region };

export type Write = (cell: Cell) => string;
type Value = Exclude<Cell, null>;

export const NOTHING = '–';

export function isNumeric(column: Column): boolean {
  return column.type === 'integer' || column.type === 'decimal' || column.type === 'float';
}

/** Whether the column is a day or a moment, by type or by format. */
export function isTemporal(column: Column, format?: Format): boolean {
  if (format) return /^(epoch_)?date(time)?$/.test(format.style);
  return column.type === 'date' || column.type === 'datetime' || column.type === 'timestamp';
}

/** The zone in which a column of epoch seconds is read. */
export function epochZone(rows: Row[], index: number, region: Region): string {
  return zoneOfEpochs(rows, index, region.timezone);
}

/** The column's writer. `rows` and `index` decide how a column of epoch seconds is read (see `epochZone`). */
export function writer(column: Column, format: Format | undefined, region: Region, rows: Row[] = [], index = -1): Write {
  if (isTemporal(column, format)) {
    const epoch = format?.style === 'epoch_date' ? epochZone(rows, index, region) : region.timezone;
    return around(format, safely(temporal(column, format, region, epoch)));
  }
  if (format) return around(format, safely(quantity(column, format, region)));
  if (isNumeric(column)) return safely(quantity(column, undefined, region));
  if (column.type === 'boolean') return safely((cell) => (cell === true ? '✓' : cell === false ? '✗' : plain(cell)));
  if (column.type === 'time') return safely((cell) => plain(cell).replace(/^(\d\d:\d\d):00(\.0+)?$/, '$1'));
  return safely(plain);
}

/** Nothing is a dash, and what cannot be written in the style is written as it is. */
function safely(write: (cell: Value) => string): Write {
  return (cell) => {
    if (cell === null || cell === undefined) return NOTHING;
    try {
      return write(cell);
    } catch {
      return plain(cell);
    }
  };
}

function around(format: Format | undefined, write: Write): Write {
  const [before, after] = [format?.prefix ?? '', format?.suffix ?? ''];
  if (before === '' && after === '') return write;
  return (cell) => (cell === null || cell === undefined ? NOTHING : `${before}${write(cell)}${after}`);
}

/** A moment on the wall clock (milliseconds, read as UTC) in words. */
export function dateWriter(step: Granularity, locale: string): (at: number) => string {
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  if (step === 'year') {
    const year = make({ year: 'numeric' });
    return (at) => year.format(at);
  }
  if (step === 'quarter') {
    const letter = /^(fr|es|it|pt)/i.test(locale) ? 'T' : 'Q';
    const year = make({ year: 'numeric' });
    return (at) => `${letter}${Math.floor(new Date(at).getUTCMonth() / 3) + 1} ${year.format(at)}`;
  }
  if (step === 'month') {
    const month = make({ month: 'short', year: 'numeric' });
    return (at) => month.format(at);
  }
  const moment = make({ dateStyle: 'medium', ...(step === 'hour' || step === 'minute' ? { timeStyle: 'short' as const } : {}) });
  return (at) => moment.format(at);
}

function temporal(column: Column, format: Format | undefined, region: Region, zone: string): (cell: Value) => string {
  const style = format?.style;
  const withTime = style === 'datetime' || style === 'epoch_datetime' || (style === undefined && column.type !== 'date');
  const write = dateWriter(format?.granularity ?? (withTime ? 'minute' : 'day'), region.locale);
  return (cell) => {
    const at = moment(cell, column, format, zone);
    return at === null ? plain(cell) : write(at);
  };
}

const SPANS: Record<string, number> = {
  duration_milliseconds: 1, duration_seconds: 1000, duration_minutes: 60_000, duration_hours: 3_600_000,
};

function quantity(column: Column, format: Format | undefined, region: Region): (cell: Value) => string {
  const style = format?.style ?? 'number';
  const decimals = format?.decimals ?? undefined;
  const fixed = decimals === undefined ? undefined : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const compact = format?.compact ? ({ notation: 'compact', maximumFractionDigits: decimals ?? 1 } as const) : {};
  const make = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(region.locale, options);
  if (style === 'bytes') return bytes(region, decimals);
  const unit = SPANS[style];
  if (unit !== undefined) return (cell) => duration(number(cell) * unit, region.locale);
  if (style === 'percent' || style === 'fraction') {
    const formatter = make({ style: 'percent', ...(fixed ?? { maximumFractionDigits: 1 }), ...compact });
    return (cell) => formatter.format(exact(cell, style === 'percent' ? -2 : 0));
  }
  if (style === 'currency') {
    // Whole amounts have no cents.
    const cents = column.type === 'integer' ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {};
    const formatter = make({ style: 'currency', currency: format?.currency ?? 'EUR', ...cents, ...fixed, ...compact });
    return (cell) => formatter.format(exact(cell));
  }
  if (style === 'duration_days') {
    const formatter = make({ style: 'unit', unit: 'day', unitDisplay: 'long', ...(fixed ?? { maximumFractionDigits: 1 }), ...compact });
    return (cell) => formatter.format(exact(cell));
  }
  const grouping = !(column.type === 'integer' && !format && /(^|_)(id|year)$/i.test(column.name));
  const digits = fixed ?? { maximumFractionDigits: column.type === 'decimal' && !format ? 20 : 2 };
  const formatter = make({ useGrouping: grouping, ...digits, ...compact });
  return (cell) => formatter.format(exact(cell));
}

/** The two largest units: 1 h 23 min. */
export function duration(milliseconds: number, locale: string): string {
  const size = Math.abs(milliseconds);
  const part = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
  const sign = milliseconds < 0 ? -1 : 1;
  if (size < 1000) return part(milliseconds, 'millisecond', size < 10 ? 1 : 0);
  if (size < 60_000) return part(milliseconds / 1000, 'second', size < 10_000 ? 1 : 0);
  const units: [string, number, string, number][] = [
    ['day', DAY, 'hour', 3_600_000], ['hour', 3_600_000, 'minute', 60_000], ['minute', 60_000, 'second', 1000],
  ];
  for (const [large, own, small, step] of units) {
    const rounded = Math.round(size / step) * step;
    if (rounded < own) continue;
    const rest = Math.round((rounded % own) / step);
    const first = part(sign * Math.floor(rounded / own), large);
    return rest === 0 ? first : `${first} ${part(rest, small)}`;
  }
  return part(milliseconds / 1000, 'second');
}

function bytes(region: Region, decimals?: number): (cell: Value) => string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'];
  return (cell) => {
    const value = number(cell);
    const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1) / 3)));
    const options = { style: 'unit', unit: units[step] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: decimals ?? 1 } as const;
    return new Intl.NumberFormat(region.locale, options).format(value / 1000 ** step);
  };
}

/** Strings stay strings, so that no digit is lost; `shift` moves the decimal point. */
function exact(cell: Value, shift = 0): number {
  if (typeof cell === 'number') return shift === 0 ? cell : shifted(cell, shift);
  const text = String(cell);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return number(cell);
  // Intl takes decimal strings exactly; TypeScript's own library does not say so for every target.
  return (shift === 0 ? text : `${text}E${shift}`) as unknown as number;
}

/** Moves the decimal point by the text, because 0.07 * 100 is not 7. */
function shifted(value: number, shift: number): number {
  const text = String(value);
  return text.includes('e') ? value * 10 ** shift : Number(`${text}e${shift}`);
}

function number(cell: Value): number {
  const value = cell === 'NaN' ? NaN : Number(cell);
  if (Number.isNaN(value)) throw new RangeError('not a number');
  return value;
}

/** Any cell as text. */
export function plain(cell: Cell): string {
  if (cell === null || cell === undefined) return NOTHING;
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** A cell as a number to draw; `null` when it is none. */
export function amount(cell: Cell | undefined): number | null {
  if (cell === null || cell === undefined || cell === '' || typeof cell === 'object') return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** Numbers of an axis: short, in the column's own style. */
export function axisWriter(format: Format | undefined, locale: string): (value: number) => string {
  const style = format?.style;
  if (style === 'bytes') {
    const write = bytes({ locale, timezone: 'UTC' });
    return (value) => write(value);
  }
  const unit = SPANS[style ?? ''];
  if (unit !== undefined) return (value) => (value === 0 ? '0' : duration(value * unit, locale));
  const formatter = new Intl.NumberFormat(locale, {
    notation: 'compact',
    maximumFractionDigits: 2,
    ...(style === 'currency' ? { style: 'currency', currency: format?.currency ?? 'EUR', minimumFractionDigits: 0 } : {}),
    ...(style === 'percent' || style === 'fraction' ? { style: 'percent' } : {}),
    ...(style === 'duration_days' ? { style: 'unit', unit: 'day', unitDisplay: 'short' } : {}),
  });
  const [before, after] = [format?.prefix ?? '', format?.suffix ?? ''];
  return (value) => `${before}${formatter.format(style === 'percent' ? shifted(value, -2) : value)}${after}`;
}
