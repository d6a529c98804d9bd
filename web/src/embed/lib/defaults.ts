/** What to draw when the author left it open: decided from the answer's columns. */
import { isNumeric, isTemporal } from './format';
import { formatOf } from './names';
import type { Column, Kind, Row, Visualization } from './types';

/** A drawing with nothing left open. Columns are places in the row, -1 where there is none. */
export interface Drawing {
  kind: Kind;
  x: number;
  y: number[];
  series: number;
  size: number;
  stacked: boolean;
  normalized: boolean;
  horizontal: boolean;
  /** Whether `x` is time. */
  overTime: boolean;
  /** Places of the columns that a table shows. */
  shown: number[];
  /** A pivot's columns down and across. */
  down: number[];
  across: number[];
  /** A map's coordinates. */
  latitude: number;
  longitude: number;
}

/** More bars than these are no picture. */
const MANY_BARS = 60;
/** Values of a second column that still are series. */
const FEW = 8;

export function decide(visualization: Visualization, columns: Column[], rows: Row[]): Drawing {
  const hidden = new Set(visualization.hidden ?? []);
  const places = columns.map((_, index) => index);
  const shown = places.filter((index) => !hidden.has(columns[index]?.name ?? ''));
  const formats = columns.map((column, index) => formatOf(column, visualization, rows, index));
  const is = (test: (column: Column, index: number) => boolean) => (index: number) => {
    const column = columns[index];
    return column !== undefined && test(column, index);
  };
  const temporal = shown.filter(is((column, index) => isTemporal(column, formats[index])));
  const numeric = shown.filter(is((column, index) => isNumeric(column) && !temporal.includes(index)));
  const named = (name: string | null | undefined) => (name ? places.filter(is((column) => column.name === name))[0] ?? -1 : -1);
  const called = (pattern: RegExp) => numeric.find(is((column) => pattern.test(column.name))) ?? -1;
  const distinct = (index: number) => new Set(rows.map((row) => JSON.stringify(row[index] ?? null))).size;

  const type = visualization.type ?? null;
  const latitude = visualization.map ? named(visualization.map.latitude) : called(/^(lat|latitude)$/i);
  const longitude = visualization.map ? named(visualization.map.longitude) : called(/^(lon|lng|long|longitude)$/i);
  const points = latitude >= 0 && longitude >= 0;
  let series = named(visualization.series);
  const size = named(visualization.size);
  const texts = shown.filter((index) => !numeric.includes(index) && index !== series);
  const asked = named(visualization.x);
  const plotted = type === 'scatter' || type === 'histogram';
  const first = plotted ? numeric.find((index) => !isKey(columns[index])) : (temporal[0] ?? texts[0]);
  // A number may be the axis, but a single row of numbers has none.
  const axis = plotted || (numeric.length > 1 && rows.length > 1 && !FIGURES.has(type ?? 'bar'));
  const x = asked >= 0 ? asked : (first ?? (axis ? (numeric[0] ?? -1) : -1));
  const wanted = (visualization.y ?? []).map(named).filter((index) => index >= 0);
  const roles = [x, series, size, ...(points ? [latitude, longitude] : [])];
  const y = wanted.length > 0 ? wanted : numeric.filter((index) => !roles.includes(index) && !isKey(columns[index]));
  if (series === x) series = -1;

  // A second column of few words makes the series, when nobody said otherwise.
  const second = texts.find((index) => index !== x && !temporal.includes(index)) ?? -1;
  const splits = SPLIT.has(type ?? 'bar') && series < 0 && visualization.series === undefined && wanted.length < 2 && y.length === 1;
  if (splits && second >= 0 && x >= 0 && distinct(second) <= (type ? 50 : FEW) && distinct(x) < rows.length) series = second;
  if ((type === 'heatmap' || type === 'sankey') && series < 0) series = second;

  const overTime = x >= 0 && temporal.includes(x);
  const width = shown.length - (series >= 0 ? 1 : 0);
  const guessed = type ?? (points && rows.length > 0 ? 'map' : guess({ columns, rows, y, x, overTime, width, texts, split: series >= 0 }));
  const pivot = visualization.pivot;
  const down = (pivot?.rows ?? []).map(named).filter((index) => index >= 0);
  const across = (pivot?.columns ?? []).map(named).filter((index) => index >= 0);
  const kind: Kind = guessed === 'row' ? 'bar' : guessed;
  const many = rows.length > 8 || (x >= 0 && longest(rows, x) > 16);
  const drawing: Drawing = {
    kind,
    x,
    y,
    series,
    size,
    stacked: visualization.stacked === true || visualization.normalized === true || (type === null && kind === 'bar' && series >= 0),
    normalized: visualization.normalized ?? false,
    horizontal: guessed === 'row' || visualization.horizontal === true || (type === null && kind === 'bar' && series < 0 && !numeric.includes(x) && many),
    overTime,
    shown,
    down: down.length > 0 || !pivot ? (down.length > 0 ? down : texts.slice(0, 1)) : down,
    across: pivot ? across : texts.slice(1, 2),
    latitude,
    longitude,
  };
  if ((kind === 'scalar' || kind === 'gauge' || kind === 'progress') && y.length === 0) drawing.y = shown.slice(0, 1);
  return drawable(drawing, points, wanted.length > 0 || visualization.y !== undefined) ? drawing : { ...drawing, kind: 'table' };
}

/** Kinds that are numbers without an axis. */
const FIGURES = new Set<Kind>(['scalar', 'trend', 'gauge', 'progress']);
const SPLIT = new Set<Kind>(['bar', 'row', 'line', 'area']);

/** Whether the kind has the columns it needs. */
function drawable({ kind, x, y, series, down, across }: Drawing, points: boolean, said: boolean): boolean {
  switch (kind) {
    case 'table':
    case 'scalar':
    case 'gauge':
    case 'progress':
      return true;
    case 'histogram':
      return x >= 0 && (y.length > 0 || !said);
    case 'boxplot':
    case 'trend':
      return y.length > 0;
    case 'pivot':
      return y.length > 0 && down.length + across.length > 0;
    case 'sankey':
      return x >= 0 && series >= 0 && y.length > 0;
    case 'map':
      return points || (x >= 0 && y.length > 0);
    case 'heatmap':
      return x >= 0;
    default:
      return x >= 0 && y.length > 0;
  }
}

/** A number that names a row is not a quantity. */
function isKey(column: Column | undefined): boolean {
  return column !== undefined && column.type === 'integer' && /(^|_)id$/i.test(column.name);
}

function longest(rows: Row[], index: number): number {
  return rows.reduce((most, row) => Math.max(most, String(row[index] ?? '').length), 0);
}

interface Seen {
  columns: Column[];
  rows: Row[];
  y: number[];
  x: number;
  overTime: boolean;
  width: number;
  texts: number[];
  split: boolean;
}

function guess({ columns, rows, y, x, overTime, width, texts, split }: Seen): Kind {
  if (rows.length === 1 && texts.length === 0 && x < 0 && y.length <= 4 && y.length === width) return 'scalar';
  if (rows.length === 1 && y.length === 1 && width === 1) return 'scalar';
  if (rows.length === 1 && texts.length === 0 && width <= 4) return 'scalar';
  if (x < 0 || y.length === 0 || rows.length < 2) return 'table';
  if (overTime) return width <= 8 ? 'line' : 'table';
  const words = texts.length - (split ? 1 : 0);
  if (texts.length === 0) return numbers(columns, rows, x, width);
  return words <= 1 && width <= 3 && rows.length <= MANY_BARS * (split ? 4 : 1) ? 'bar' : 'table';
}

/** Two columns of numbers: steps in order are an axis, anything else is a cloud. */
function numbers(columns: Column[], rows: Row[], x: number, width: number): Kind {
  const cells = rows.map((row) => Number(row[x]));
  const steps = cells.every((cell, index) => index === 0 || cell > (cells[index - 1] ?? -Infinity));
  if (steps && rows.length <= MANY_BARS && columns[x]?.type === 'integer') return width <= 4 ? 'bar' : 'table';
  return width === 2 ? (steps ? 'line' : 'scatter') : 'table';
}
