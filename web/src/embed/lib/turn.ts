/** One row of several numbers, for a kind that wants a row each: the columns become rows. */
import { isNumeric, isTemporal } from './format';
import { humane, meant } from './names';
import type { Column, Kind, Row, Visualization } from './types';

const ROWS = new Set<Kind>(['bar', 'row', 'pie', 'donut', 'funnel', 'waterfall']);

export interface Turned {
  columns: Column[];
  rows: Row[];
  visualization: Visualization;
}

export function turned(visualization: Visualization, columns: Column[], rows: Row[]): Turned | null {
  const row = rows[0];
  if (!row || rows.length > 1 || !ROWS.has(visualization.type ?? 'table') || visualization.x) return null;
  const hidden = new Set(visualization.hidden ?? []);
  const asked = visualization.y ?? [];
  const kept = columns.flatMap((column, index) => {
    const number = isNumeric(column) && !isTemporal(column, visualization.formats?.[column.name]);
    const wanted = asked.length > 0 ? asked.includes(column.name) : !hidden.has(column.name);
    return number && wanted ? [index] : [];
  });
  const others = columns.some((column, index) => !kept.includes(index) && !hidden.has(column.name) && asked.length === 0);
  const first = columns[kept[0] ?? -1];
  if (kept.length < 2 || others || !first) return null;
  const format = visualization.formats?.[first.name] ?? meant(first, rows, kept[0] ?? -1);
  const label = (index: number) => visualization.labels?.[columns[index]?.name ?? ''] ?? humane(columns[index]?.name ?? '');
  const value: Column = { name: 'value', type: first.type };
  const { y: _, series: __, labels: ___, ...rest } = visualization;
  return {
    columns: [{ name: 'name', type: 'text' }, value],
    rows: kept.map((index) => [label(index), row[index] ?? null]),
    visualization: { ...rest, x: 'name', y: ['value'], formats: format ? { value: format } : {} },
  };
}
