/** What to draw when the author left it open: decided from the answer's columns. */
import { isNumeric, isTemporal } from './format';
import type { Column, Kind, Row, Visualization } from './types';

/** A drawing with nothing left open. Columns are places in the row. */
export interface Drawing {
  kind: Kind;
  x: number;
  y: number[];
  series: number;
  stacked: boolean;
  horizontal: boolean;
  /** Places of the columns that a table shows. */
  shown: number[];
}

/** Wider than this, an answer of one row is a table after all. */
const MANY_BARS = 60;

export function decide(visualization: Visualization, columns: Column[], rows: Row[]): Drawing {
  const hidden = new Set(visualization.hidden ?? []);
  const format = (column: Column) => visualization.formats?.[column.name];
  const places = columns.map((_, index) => index);
  const shown = places.filter((index) => !hidden.has(columns[index]?.name ?? ''));
  const is = (test: (column: Column) => boolean) => (index: number) => {
    const column = columns[index];
    return column !== undefined && test(column);
  };
  const temporal = shown.filter(is((column) => isTemporal(column, format(column))));
  const numeric = shown.filter(is((column) => isNumeric(column) && !isTemporal(column, format(column))));
  const named = (name: string | null | undefined) => places.filter(is((column) => column.name === name))[0] ?? -1;

  let series = named(visualization.series);
  const asked = named(visualization.x);
  const label = shown.find((index) => !numeric.includes(index) && index !== series);
  const x = asked >= 0 ? asked : (temporal[0] ?? label ?? (numeric.length > 1 ? (numeric[0] ?? -1) : -1));
  const wanted = (visualization.y ?? []).map(named).filter((index) => index >= 0);
  const y = wanted.length > 0 ? wanted : numeric.filter((index) => index !== x && index !== series && !isKey(columns[index]));
  if (series === x) series = -1;

  const kind = visualization.type ?? guess(rows, y, x, x >= 0 && temporal.includes(x), shown.length);
  const drawable = kind === 'table' || kind === 'scalar' || (x >= 0 && y.length > 0);
  return {
    kind: drawable ? kind : 'table',
    x,
    y: kind === 'scalar' && y.length === 0 ? shown.slice(0, 1) : y,
    series,
    stacked: visualization.stacked ?? false,
    horizontal: visualization.horizontal ?? false,
    shown,
  };
}

/** A number that names a row is not a quantity. */
function isKey(column: Column | undefined): boolean {
  return column !== undefined && column.type === 'integer' && /(^|_)id$/i.test(column.name);
}

function guess(rows: Row[], y: number[], x: number, overTime: boolean, width: number): Kind {
  if (rows.length === 1 && y.length === 1 && width === 1) return 'scalar';
  if (x < 0 || y.length === 0 || rows.length < 2) return 'table';
  if (overTime) return 'line';
  return width <= 3 && rows.length <= MANY_BARS ? 'bar' : 'table';
}
