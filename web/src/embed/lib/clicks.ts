/** What a click on a mark or a cell leads to. Pure: it decides, the board does. */
import { safe } from './safe';
import type { Source, Span } from './shown';
import type { CardItem, Column, ColumnType, Json, Parameter, Pick, Values } from './types';

export type Action =
  | { action: 'filter'; filters: Values }
  | { action: 'open'; dashboard: string; filters: Values }
  | { action: 'visit'; url: string }
  | { action: 'none' };

/** Every value of the mark by column. */
export function pickedValues(pick: Pick, columns: Column[]): Values {
  const row = (pick.row ?? []).map((cell, index) => [columns[index]?.name ?? '', cell] as const);
  const others = (pick.also ?? []).map(({ column, value }) => [column, value] as const);
  return Object.fromEntries([...row, ...others, [pick.column, pick.value]].filter(([name]) => name !== ''));
}

/** The author's own wiring; without any, a filter of the same name and kind as the column. */
export function decideClick(item: CardItem, pick: Pick, columns: Column[], parameters: Parameter[], now: Values, zone: string): Action {
  const values = pickedValues(pick, columns);
  const click = clickFor(item, pick.column);
  if (click?.action === 'visit') {
    const url = address(click.url, values, now);
    return url === null ? { action: 'none' } : { action: 'visit', url };
  }
  if (click) {
    const dated = (name: string) => ['date', 'date_range'].includes(parameters.find((one) => one.name === name)?.type ?? '');
    const filters = Object.entries(click.filters ?? {}).map(([name, source]) => {
      const value = valueOf(source, values, now);
      return [name, 'column' in source && (source.span || dated(name)) ? days(value, source.span ?? (source.column === pick.column ? pick.span : null) ?? 'day', zone) : value] as const;
    });
    const known = Object.fromEntries(filters.filter(([, value]) => value !== undefined)) as Values;
    return click.action === 'open' ? { action: 'open', dashboard: click.dashboard, filters: known } : { action: 'filter', filters: known };
  }
  const column = columns.find((one) => one.name === pick.column);
  const filter = column && isDrawing(item, columns) ? filterFor(column, parameters) : undefined;
  if (!filter || pick.value === null) return { action: 'none' };
  // The mark itself may know that its point on an axis of time stands for a month.
  const known = pick.span ?? item.visualization.formats?.[pick.column]?.granularity;
  const span = spans.find((one) => one === known) ?? 'day';
  const value = filter.type === 'date_range' ? days(pick.value, span, zone) : pick.value;
  return value === undefined ? { action: 'none' } : { action: 'filter', filters: { [filter.name]: value } };
}

export function isWired(item: CardItem, column: string, columns: Column[], parameters: Parameter[]): boolean {
  const found = columns.find((one) => one.name === column);
  return clickFor(item, column) !== undefined || (found !== undefined && isDrawing(item, columns) && filterFor(found, parameters) !== undefined);
}

/** Marks of a drawing are few and ask to be clicked; a table whose every cell was a button would be unreadable. */
function isDrawing({ visualization: { type } }: CardItem, columns: Column[]): boolean {
  return type ? type !== 'table' && type !== 'pivot' : columns.length <= 3;
}

function clickFor(item: CardItem, column: string) {
  return (item.clicks ?? []).find((click) => (click.column ?? column) === column);
}

/** Which columns' values a kind of filter takes as they are. */
const FITS: Record<Parameter['type'], ColumnType[]> = {
  text: ['text'],
  number: ['integer', 'decimal', 'float'],
  boolean: ['boolean'],
  date: ['date'],
  date_range: ['date'],
  // A column may be called like the filter and hold names where the filter takes numbers.
  id: ['integer'],
  identifier: [],
};

function filterFor(column: Column, parameters: Parameter[]): Parameter | undefined {
  return parameters.find((parameter) => parameter.name === column.name && FITS[parameter.type].includes(column.type));
}

function valueOf(source: Source, values: Values, now: Values): Json | undefined {
  if ('column' in source) return Object.hasOwn(values, source.column) ? values[source.column] : undefined;
  if ('filter' in source) return now[source.filter] ?? null;
  return source.value;
}

const spans: Span[] = ['day', 'week', 'month', 'quarter', 'year'];

/** The week, month … that a column's date lies in, as a date range is written; seconds since 1970 are a day of the tenant's calendar. */
export function days(value: Json | undefined, span: Span, zone: string): string | undefined {
  const day = typeof value === 'number' ? dayOf(value, zone) : /^\d{4}-\d\d-\d\d/.exec(typeof value === 'string' ? value : '')?.[0];
  if (day === undefined || span === 'day') return day;
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return undefined;
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const text = (...parts: [number, number, number]) => new Date(Date.UTC(...parts)).toISOString().slice(0, 10);
  if (span === 'week') {
    // Weeks begin on Monday, as they do for the server.
    const monday = date - ((at.getUTCDay() + 6) % 7);
    return `${text(year, month, monday)}~${text(year, month, monday + 6)}`;
  }
  const months = { month: 1, quarter: 3, year: 12 }[span];
  const first = month - (month % months);
  return `${text(year, first, 1)}~${text(year, first + months, 0)}`;
}

function dayOf(seconds: number, zone: string): string {
  // Whole days were cut by the query, in UTC.
  const timeZone = seconds % 86_400 === 0 ? 'UTC' : zone;
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-CA-u-ca-iso8601', { ...options, timeZone }).format(seconds * 1000);
  return part({ year: 'numeric', month: '2-digit', day: '2-digit' });
}

/**
 * The address with its places filled. A place in it is percent-encoded and cannot change where it leads; an address that is one
 * column alone is that column's text. Either way only the web and mail are followed.
 */
export function address(template: string, values: Values, now: Values): string | null {
  const whole = /^\{([^{}]+)\}$/.exec(template.trim());
  if (whole) return safe(text(Object.hasOwn(values, whole[1] ?? '') ? values[whole[1] ?? ''] : ''));
  const filled = template.replace(/\{(filter:)?([^{}]+)\}/g, (_, filter: string | undefined, name: string) => {
    const from = filter === undefined ? values : now;
    return encodeURIComponent(text(Object.hasOwn(from, name) ? from[name] : ''));
  });
  return safe(filled);
}

function text(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? (Array.isArray(value) ? value.map(text).join(',') : JSON.stringify(value)) : String(value);
}
