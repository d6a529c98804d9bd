/** A table of sums: columns' values down and across, with sums of sums. */
import { amount } from './format';
import type { Lens } from './lens';
import type { Cell, Row } from './types';

export interface Head {
  text: string;
  /** How many columns or rows it spans. */
  span: number;
  total: boolean;
}

export interface Line {
  /** Headings before the cells; `null` where the one above spans. */
  heads: (Head | null)[];
  cells: (number | null)[];
  total: boolean;
  /** The cells that the line stands for, by column of the answer. */
  path: { index: number; cell: Cell }[];
}

export interface Pivoted {
  /** Names of the columns that go down. */
  corner: string[];
  /** Headings above the cells, outermost first. */
  across: Head[][];
  lines: Line[];
  /** The value column of each cell's column. */
  values: number[];
  /** Columns that were too many. */
  left: number;
}

/** A table wider than this cannot be read. */
const WIDEST = 60;
const LONGEST = 2000;

interface Group {
  path: { index: number; cell: Cell }[];
  key: string;
}

export function pivoted(lens: Lens, down: number[], across: number[], y: number[], totals: boolean, word: string): Pivoted {
  const lines = groups(lens, down).slice(0, LONGEST);
  const all = groups(lens, across);
  const columns = all.slice(0, Math.max(1, Math.floor(WIDEST / y.length)));
  const sums = new Map<string, number>();
  for (const row of lens.rows) {
    for (const value of y) {
      const own = amount(row[value]);
      if (own === null) continue;
      const [line, column] = [keyOf(row, down), keyOf(row, across)];
      for (const place of [`${line}|${column}`, `${line}|*`, `*|${column}`, '*|*']) sums.set(`${place}|${value}`, (sums.get(`${place}|${value}`) ?? 0) + own);
    }
  }
  const beside = totals && across.length > 0 && columns.length > 1;
  const keys = [...columns.map((column) => column.key), ...(beside ? ['*'] : [])];
  const cells = (line: string) => keys.flatMap((column) => y.map((value) => sums.get(`${line}|${column}|${value}`) ?? null));
  const body = lines.map((line, index): Line => ({ heads: headsOf(lens, lines, index), cells: cells(line.key), total: false, path: line.path }));
  if (totals && down.length > 0 && lines.length > 1) {
    body.push({ heads: [{ text: word, span: down.length, total: true }, ...down.slice(1).map(() => null)], cells: cells('*'), total: true, path: [] });
  }
  return { corner: down.map((index) => lens.label(index)), across: above(lens, columns, across, y, beside, word), lines: body, values: keys.flatMap(() => y), left: all.length - columns.length };
}

const keyOf = (row: Row, columns: number[]) => JSON.stringify(columns.map((index) => row[index] ?? null));

/** The combinations that there are: numbers and days in order, words as they came, the same under one heading. */
function groups(lens: Lens, columns: number[]): Group[] {
  if (columns.length === 0) return [{ path: [], key: '[]' }];
  const found = new Map<string, Group>();
  const ranks = columns.map(() => new Map<string, number>());
  for (const row of lens.rows) {
    const path = columns.map((index) => ({ index, cell: row[index] ?? null }));
    path.forEach(({ cell }, depth) => {
      const rank = ranks[depth];
      const text = JSON.stringify(cell);
      if (rank && !rank.has(text)) rank.set(text, rank.size);
    });
    const key = keyOf(row, columns);
    if (!found.has(key)) found.set(key, { path, key });
  }
  return [...found.values()].toSorted((a, b) => {
    for (const [depth, index] of columns.entries()) {
      const [one, other] = [a.path[depth]?.cell ?? null, b.path[depth]?.cell ?? null];
      const order = lens.numeric(index) || lens.temporal(index) ? natural(one, other) : (ranks[depth]?.get(JSON.stringify(one)) ?? 0) - (ranks[depth]?.get(JSON.stringify(other)) ?? 0);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function natural(a: Cell, b: Cell): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const [x, y] = [amount(a), amount(b)];
  return x !== null && y !== null ? x - y : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** The same as before, up to this depth. */
function same(a: Group | undefined, b: Group | undefined, depth: number): boolean {
  return a !== undefined && b !== undefined && JSON.stringify(a.path.slice(0, depth + 1)) === JSON.stringify(b.path.slice(0, depth + 1));
}

function headsOf(lens: Lens, lines: Group[], at: number): (Head | null)[] {
  const line = lines[at];
  return (line?.path ?? []).map(({ index, cell }, depth) => {
    if (same(lines[at - 1], line, depth)) return null;
    let span = 1;
    while (same(line, lines[at + span], depth)) span += 1;
    return { text: lens.write(index)(cell), span, total: false };
  });
}

function above(lens: Lens, columns: Group[], across: number[], y: number[], beside: boolean, word: string): Head[][] {
  const several = y.length > 1 || across.length === 0;
  const rows = across.map((index, depth): Head[] => {
    const heads: Head[] = [];
    columns.forEach((column, at) => {
      if (same(columns[at - 1], column, depth)) return;
      let span = 1;
      while (same(column, columns[at + span], depth)) span += 1;
      heads.push({ text: lens.write(index)(column.path[depth]?.cell ?? null), span: span * y.length, total: false });
    });
    if (beside) heads.push({ text: depth === 0 ? word : '', span: y.length, total: true });
    return heads;
  });
  const names = (total: boolean) => y.map((index): Head => ({ text: lens.label(index), span: 1, total }));
  return several ? [...rows, [...columns.flatMap(() => names(false)), ...(beside ? names(true) : [])]] : rows;
}
