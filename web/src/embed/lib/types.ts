/** What the server sends. The shapes are the API description's; what it cannot say exactly is said here. */
import type { components } from '../../api';

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
export type Kind = Schemas['VisualizationKind'];
export type Visualization = Schemas['Visualization'];
export type Theme = Schemas['Theme'];

export interface Choice {
  value: Json;
  label: string;
}

export type Parameter = Omit<Schemas['ShownParameter'], 'default' | 'choices'> & { default: Json; choices: Choice[] };

export type Item = Schemas['ShownItem'];
export type CardItem = Extract<Item, { kind: 'card' }>;

export type Shown = Omit<Schemas['Shown'], 'parameters'> & { parameters: Parameter[] };

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
