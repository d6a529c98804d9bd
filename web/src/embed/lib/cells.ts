/** Cells of a table: colours by condition or by size, bars, and addresses. */
import { along, contrast, inkOn, mix } from '../chart/color';
import { named, type Paint } from '../chart/paint';
import { amount } from './format';
import type { Lens } from './lens';
import { safe } from './safe';
import type { Cell, ColorRule, ColumnLook, Row } from './types';

export interface Dress {
  ground: string;
  ink: string;
}

export interface Bar {
  /** Shares of the cell's width: where it starts, and how long it is. */
  start: number;
  length: number;
  below: boolean;
}

/** Whether a cell is what the rule says. Numbers compare as numbers, dates and words as text. */
export function holds(rule: ColorRule, cell: Cell): boolean {
  if (rule.when === 'empty') return cell === null || cell === '';
  if (cell === null || rule.value === null || rule.value === undefined) return false;
  const wanted = rule.value;
  if (rule.when === 'contains') return String(cell).toLocaleLowerCase().includes(String(wanted).toLocaleLowerCase());
  const [a, b] = [amount(cell), typeof wanted === 'boolean' ? null : amount(wanted)];
  const order = a !== null && b !== null && typeof cell !== 'boolean' ? Math.sign(a - b) : String(cell) === String(wanted) ? 0 : String(cell) < String(wanted) ? -1 : 1;
  switch (rule.when) {
    case 'less':
      return order < 0;
    case 'at-most':
      return order <= 0;
    case 'greater':
      return order > 0;
    case 'at-least':
      return order >= 0;
    case 'equal':
      return order === 0;
    case 'not-equal':
      return order !== 0;
  }
}

function dress(paint: Paint, color: string, share: number): Dress {
  const ground = mix(paint.surface, color, share);
  return { ground, ink: contrast(paint.text, ground) >= 4.5 ? paint.text : inkOn(ground) };
}

export interface Dresser {
  cell(row: Row): Dress | null;
  row(row: Row): Dress | null;
  bar(row: Row): Bar | null;
}

const NONE: Dresser = { cell: () => null, row: () => null, bar: () => null };

/** How a column's cells look, given all of its values. */
export function dresser(look: ColumnLook | undefined, lens: Lens, index: number, paint: Paint): Dresser {
  if (!look || (!look.bar && !look.scale && !look.rules?.length)) return NONE;
  const numbers = lens.rows.flatMap((row) => lens.amount(row, index) ?? []);
  const [low, high] = numbers.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const found = (row: Row, whole: boolean): Dress | null => {
    const rule = look.rules?.find((one) => (one.row ?? false) === whole && holds(one, row[index] ?? null));
    const color = rule ? named(paint, rule.color) : null;
    return color ? dress(paint, color, whole ? 0.14 : 0.24) : null;
  };
  return {
    cell: (row) => found(row, false) ?? scaled(look, lens.amount(row, index), low, high, paint),
    row: (row) => found(row, true),
    bar: (row) => (look.bar ? bar(lens.amount(row, index), Math.min(0, low), Math.max(0, high)) : null),
  };
}

function scaled({ scale }: ColumnLook, value: number | null, low: number, high: number, paint: Paint): Dress | null {
  if (!scale || value === null) return null;
  const share = high > low ? (value - low) / (high - low) : 0.5;
  const accent = paint.series[0] ?? paint.accent;
  if (scale === 'rising' || scale === 'falling') return dress(paint, accent, 0.04 + 0.5 * (scale === 'rising' ? share : 1 - share));
  const colors = scale === 'bad-to-good' ? [paint.bad, paint.surface, paint.good] : [paint.good, paint.surface, paint.bad];
  return dress(paint, along(colors, share), 0.4);
}

function bar(value: number | null, low: number, high: number): Bar | null {
  if (value === null || high === low) return null;
  const place = (at: number) => (at - low) / (high - low);
  const [from, to] = [place(Math.min(0, value)), place(Math.max(0, value))];
  return { start: from, length: to - from, below: value < 0 };
}

/** The address of a cell: the author's, with the row's values in it, or the cell's own when it is one. */
export function address(look: ColumnLook | undefined, lens: Lens, index: number, row: Row): string | null {
  if (look?.link) {
    let missing = false;
    const text = look.link.replace(/\{([^{}]+)\}/g, (_, name: string) => {
      const cell = row[lens.columns.findIndex((column) => column.name === name)] ?? null;
      if (cell === null) missing = true;
      return encodeURIComponent(typeof cell === 'object' ? JSON.stringify(cell) : String(cell));
    });
    return missing ? null : safe(text);
  }
  const cell = row[index];
  return typeof cell === 'string' && /^(https?:\/\/|mailto:)[^\s]+$/i.test(cell) ? safe(cell) : null;
}
