/** An answer as people read it: each column with its name, its format and its writer. */
import { amount, isNumeric, isTemporal, epochZone, writer, type Region, type Write } from './format';
import { formatOf, humane } from './names';
import { moment } from './time';
import type { Cell, Column, Format, Row, Visualization } from './types';

export interface Lens {
  columns: Column[];
  rows: Row[];
  /** The column's name for people. */
  label(index: number): string;
  format(index: number): Format | undefined;
  write(index: number): Write;
  /** Writes a number that was worked out: without the dust of adding, and without digits that say nothing. */
  made(index: number): (value: number) => string;
  numeric(index: number): boolean;
  temporal(index: number): boolean;
  /** Milliseconds on the wall clock, read as UTC. */
  moment(index: number, cell: Cell | undefined): number | null;
  amount(row: Row, index: number): number | null;
}

export function lens(columns: Column[], rows: Row[], visualization: Visualization, region: Region): Lens {
  const formats = memo((index) => {
    const column = columns[index];
    return column ? formatOf(column, visualization, rows, index) : undefined;
  });
  const zones = memo((index) => (formats(index)?.style === 'epoch_date' ? epochZone(rows, index, region) : region.timezone));
  const nothing: Column = { name: '', type: 'unknown' };
  return {
    columns,
    rows,
    label: (index) => {
      const name = columns[index]?.name ?? '';
      return visualization.labels?.[name] ?? humane(name);
    },
    format: formats,
    write: memo((index) => writer(columns[index] ?? nothing, formats(index), region, rows, index)),
    made: memo((index) => {
      const write = writer(columns[index] ?? nothing, formats(index), region, rows, index);
      return (value) => write(tidy(value));
    }),
    numeric: (index) => {
      const column = columns[index];
      return column !== undefined && isNumeric(column) && !isTemporal(column, formats(index));
    },
    temporal: (index) => {
      const column = columns[index];
      return column !== undefined && isTemporal(column, formats(index));
    },
    moment: (index, cell) => moment(cell, columns[index] ?? nothing, formats(index), zones(index)),
    amount: (row, index) => amount(row[index]),
  };
}

function memo<T>(make: (index: number) => T): (index: number) => T {
  const known = new Map<number, T>();
  return (index) => {
    if (!known.has(index)) known.set(index, make(index));
    return known.get(index) as T;
  };
}

/** Two decimals, or three digits of what is below one. */
function tidy(value: number): number {
  return Math.abs(value) >= 1 ? Number(value.toFixed(2)) : Number(value.toPrecision(3));
}
