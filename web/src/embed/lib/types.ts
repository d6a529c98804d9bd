/** What the server sends. The shapes are the API description's; what it cannot say exactly is said here. */
import type { components } from '../../api';
import type { CardMore, ParameterMore, ShownMore, Theme } from './shown';

type Schemas = components['schemas'];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One cell; big integers and exact decimals are strings. */
export type Cell = Json;
export type Row = Cell[];

export type ColumnType =
  | 'integer' | 'decimal' | 'float' | 'text' | 'boolean' | 'date' | 'time'
  | 'datetime' | 'timestamp' | 'json' | 'binary' | 'array' | 'unknown';

export interface Column {
  name: string;
  type: ColumnType;
}

export type FormatStyle =
  | 'number' | 'percent' | 'fraction' | 'currency' | 'bytes' | 'duration_days' | 'duration_hours' | 'duration_minutes'
  | 'duration_seconds' | 'duration_milliseconds' | 'date' | 'datetime' | 'epoch_date' | 'epoch_datetime';
export type Granularity = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute';
export interface Format {
  style: FormatStyle;
  decimals?: number | null;
  currency?: string | null;
  compact?: boolean;
  granularity?: Granularity | null;
  prefix?: string | null;
  suffix?: string | null;
}
export type Kind =
  | 'table' | 'scalar' | 'trend' | 'bar' | 'row' | 'line' | 'area' | 'combo' | 'pie' | 'donut' | 'scatter' | 'histogram'
  | 'heatmap' | 'pivot' | 'funnel' | 'waterfall' | 'gauge' | 'progress' | 'sankey' | 'boxplot' | 'map';
export type Mark = 'bar' | 'line' | 'area';
export interface ColorRule {
  when: 'less' | 'at-most' | 'greater' | 'at-least' | 'equal' | 'not-equal' | 'contains' | 'empty';
  value?: number | boolean | string | null;
  color: string;
  row?: boolean;
}
export interface ColumnLook {
  mark?: Mark | null;
  axis?: 'start' | 'end' | null;
  color?: string | null;
  pinned?: boolean;
  bar?: boolean;
  rules?: ColorRule[];
  scale?: 'rising' | 'falling' | 'bad-to-good' | 'good-to-bad' | null;
  link?: string | null;
}
export interface Goal {
  value?: number | null;
  column?: string | null;
  label?: string | null;
}
export interface Band {
  from?: number | null;
  color: string;
  label?: string | null;
}
export type MapArea = 'world' | 'africa' | 'asia' | 'europe' | 'north-america' | 'oceania' | 'south-america';
export interface Visualization {
  type?: Kind | null;
  x?: string | null;
  y?: string[];
  series?: string | null;
  size?: string | null;
  stacked?: boolean;
  normalized?: boolean;
  horizontal?: boolean;
  labels?: Record<string, string>;
  hidden?: string[];
  formats?: Record<string, Format>;
  columns?: Record<string, ColumnLook>;
  min?: number | null;
  max?: number | null;
  logarithmic?: boolean;
  show_values?: boolean | null;
  totals?: boolean | null;
  goal?: Goal | null;
  good?: 'up' | 'down' | 'neither' | null;
  bands?: Band[];
  bins?: number | null;
  pivot?: { rows?: string[]; columns?: string[] } | null;
  map?: { area?: MapArea | null; latitude?: string | null; longitude?: string | null } | null;
}
export type { Theme };

export interface Choice {
  value: Json;
  label: string;
}

export type Parameter = Omit<Schemas['ShownParameter'], 'default' | 'choices'> & { default: Json; choices: Choice[] } & ParameterMore;

type Listed = Schemas['ShownItem'];
export type CardItem = Omit<Extract<Listed, { kind: 'card' }>, 'visualization'> & { visualization: Visualization } & CardMore;
export type Item = Exclude<Listed, { kind: 'card' }> | CardItem;

export type Shown = Omit<Schemas['Shown'], 'parameters' | 'items' | 'tenant'> &
  ShownMore & { parameters: Parameter[]; items: Item[]; tenant: Omit<Schemas['ShownTenant'], 'theme'> & { theme: Theme } };

/** RFC 9457, as the server writes it. */
export interface Problem {
  code: string;
  status: number;
  title?: string;
  detail?: string;
  field?: string;
  retry_after?: number;
}

export type RunEvent =
  | { item: string; event: 'columns'; columns: Column[] }
  | { item: string; event: 'rows'; rows: Row[] }
  | { item: string; event: 'done'; row_count: number; truncated: boolean; cached: boolean }
  | { item: string; event: 'error'; problem: Problem }
  | { event: 'end' };

/** Filters by name; `null` is "no value", which is not the same as absent (the default). */
export type Values = Record<string, Json>;

/** What a viewer pointed at: one column's value, for filters that follow the marks. */
export interface Pick {
  column: string;
  value: Cell;
  /** The series' column, when the mark belongs to one. */
  also?: { column: string; value: Cell }[];
  /** How much time the mark stands for, when its column is time: a bar of a month is all of it. */
  span?: 'day' | 'week' | 'month' | 'quarter' | 'year';
  /** The whole row, when the mark is one row. */
  row?: Row;
}
