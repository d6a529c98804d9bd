/** The last value of a series against the one before. */
import type { Drawing } from './defaults';
import type { Lens } from './lens';

export interface Trend {
  value: number | null;
  before: number | null;
  /** When both were, in words. */
  at: string;
  beforeAt: string;
  /** The change as a share of the value before; `null` when there is none to compare with. */
  change: number | null;
  points: number[];
}

export function trend(lens: Lens, { x, y, overTime }: Drawing): Trend {
  const column = y[0] ?? -1;
  // One row with two numbers is now and before.
  const second = y[1];
  if (lens.rows.length === 1 && second !== undefined) {
    const row = lens.rows[0] ?? [];
    const [value, before] = [lens.amount(row, column), lens.amount(row, second)];
    return { value, before, at: '', beforeAt: '', change: changed(value, before), points: [] };
  }
  const rows = overTime
    ? lens.rows.filter((row) => lens.moment(x, row[x]) !== null).toSorted((a, b) => (lens.moment(x, a[x]) ?? 0) - (lens.moment(x, b[x]) ?? 0))
    : lens.rows;
  const [last, previous] = [rows.at(-1), rows.at(-2)];
  const [value, before] = [last ? lens.amount(last, column) : null, previous ? lens.amount(previous, column) : null];
  const at = (row: typeof last) => (row && x >= 0 ? lens.write(x)(row[x] ?? null) : '');
  return {
    value, before, at: at(last), beforeAt: at(previous), change: changed(value, before),
    points: rows.flatMap((row) => lens.amount(row, column) ?? []).slice(-60),
  };
}

function changed(value: number | null, before: number | null): number | null {
  return value === null || before === null || before === 0 ? null : (value - before) / Math.abs(before);
}

/** The points as a path in a box, and the area below it. */
export function spark(points: number[], width: number, height: number): { line: string; area: string } {
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const x = (index: number) => ((index / Math.max(1, points.length - 1)) * width).toFixed(1);
  const y = (value: number) => (high === low ? height / 2 : height - ((value - low) / (high - low)) * height).toFixed(1);
  const line = points.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join('');
  return { line, area: `${line}L${width} ${height}L0 ${height}Z` };
}
