/** Rows in the order of one column: numbers as numbers, text as the locale has it, nothing last. */
import { isNumeric } from './format';
import type { Cell, Column, Row } from './types';

export interface Order {
  column: number;
  descending: boolean;
}

export function sorted(rows: Row[], columns: Column[], order: Order | null, locale: string): Row[] {
  const column = order ? columns[order.column] : undefined;
  if (!order || !column) return rows;
  const compare = isNumeric(column) ? numbers : texts(locale);
  const sign = order.descending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a = null, b = null] = [one[order.column], other[order.column]];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return sign * compare(a, b);
  });
}

function numbers(a: Cell, b: Cell): number {
  if (typeof a === 'string' && typeof b === 'string' && /^-?\d+$/.test(a) && /^-?\d+$/.test(b)) {
    const difference = BigInt(a) - BigInt(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  return x < y ? -1 : x > y ? 1 : 0;
}

function texts(locale: string): (a: Cell, b: Cell) => number {
  const collator = new Intl.Collator(locale, { numeric: true });
  const text = (cell: Cell) => (typeof cell === 'object' ? JSON.stringify(cell) : String(cell));
  return (a, b) => collator.compare(text(a), text(b));
}
