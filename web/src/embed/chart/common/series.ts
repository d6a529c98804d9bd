/** Series from rows: one per value column, or one per value of the series column. */
import { amount, type Write } from '../../lib/format';
import type { Cell } from '../../lib/types';
import { named, seriesColor } from '../paint';
import type { Shape, Wanted } from '../plan';

export interface Series {
  id: string;
  name: string;
  color: string;
  shape: Shape;
  /** The value column. */
  column: number;
  /** The series column's cell, when there is one. */
  cell?: Cell;
  points: Map<string, number | null>;
  write: Write;
  /** What was too much for series of their own. */
  rest?: boolean;
}

export interface Split {
  series: Series[];
  /** Places on the axis in the order of the answer. */
  places: Map<string, Cell>;
  /** Series that were put together. */
  merged: number;
}

/** A chart with more lines than these is a knot. */
export const MOST_SERIES = 12;

const SHAPES: Shape[] = ['circle', 'square', 'triangle', 'diamond'];

export const key = (cell: Cell | undefined) => (cell !== null && typeof cell === 'object' ? JSON.stringify(cell) : `${typeof cell}:${String(cell)}`);

export function split(wanted: Wanted): Split {
  const { drawing, lens, visualization, words } = wanted;
  const places = new Map<string, Cell>();
  const found = new Map<string, Series>();
  const splitter = drawing.series >= 0 ? lens.write(drawing.series) : null;
  for (const row of lens.rows) {
    const x = row[drawing.x] ?? null;
    const place = key(x);
    places.set(place, x);
    for (const column of drawing.y) {
      const cell = row[drawing.series] ?? null;
      const own = lens.label(column);
      const part = splitter ? splitter(cell) : null;
      const name = part === null ? own : drawing.y.length > 1 ? `${part}: ${own}` : part;
      const id = part === null ? `y${column}` : `${column}${key(cell)}`;
      let series = found.get(id);
      if (!series) {
        series = { id, name, color: '', shape: 'square', column, points: new Map(), write: lens.write(column), ...(splitter ? { cell } : {}) };
        found.set(id, series);
      }
      const value = amount(row[column]);
      const before = series.points.get(place);
      // The same place twice is one place: what the query left apart is added up.
      series.points.set(place, typeof before === 'number' && value !== null ? before + value : (value ?? before ?? null));
    }
  }
  const { kept, merged } = fewer([...found.values()], drawing.kind !== 'line' || drawing.stacked, words.others);
  kept.forEach((series, index) => {
    const chosen = named(wanted.paint, splitter ? null : visualization.columns?.[lens.columns[series.column]?.name ?? '']?.color);
    series.color = chosen ?? (series.rest ? wanted.paint.muted : seriesColor(wanted.paint, index));
    series.shape = SHAPES[index % SHAPES.length] ?? 'circle';
  });
  return { series: kept, places, merged };
}

/** The largest stay; the others are one, as a sum, where sums make sense, else they are left out. */
function fewer(all: Series[], sums: boolean, name: string): { kept: Series[]; merged: number } {
  if (all.length <= MOST_SERIES) return { kept: all, merged: 0 };
  const size = (series: Series) => [...series.points.values()].reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
  const large = new Set(all.toSorted((a, b) => size(b) - size(a)).slice(0, MOST_SERIES - 1));
  const kept = all.filter((series) => large.has(series));
  const others = all.filter((series) => !large.has(series));
  const first = others[0];
  if (!sums || !first) return { kept, merged: others.length };
  const points = new Map<string, number | null>();
  for (const series of others) {
    for (const [place, value] of series.points) if (value !== null) points.set(place, (points.get(place) ?? 0) + value);
  }
  const { cell: _, ...rest } = first;
  return { kept: [...kept, { ...rest, id: 'rest', name, points, rest: true }], merged: others.length };
}
