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

export type Format = Schemas['Format'];
export type FormatStyle = Schemas['FormatStyle'];
export type Granularity = Schemas['Granularity'];
export type Kind = Schemas['VisualizationKind'];
export type Mark = Schemas['Mark'];
export type ColorRule = Schemas['ColorRule'];
export type ColumnLook = Schemas['ColumnLook'];
export type MapArea = Schemas['MapArea'];
export type Visualization = Schemas['Visualization'];
export type { Theme };

export interface Choice {
  value: Json;
  label: string;
}

export type Parameter = Omit<Schemas['ShownParameter'], 'default' | 'choices'> & { default: Json; choices: Choice[] } & ParameterMore;

type Listed = Schemas['ShownItem'];
export type CardItem = Omit<Extract<Listed, { kind: 'card' }>, 'clicks'> & CardMore;
export type Told = Schemas['Told'];
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
