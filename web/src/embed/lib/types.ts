/** What the server sends: see `openapi.json`, tag `embed`. */

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
  | 'number' | 'percent' | 'currency' | 'bytes' | 'duration_days'
  | 'date' | 'datetime' | 'epoch_date' | 'epoch_datetime';

export interface Format {
  style: FormatStyle;
  decimals?: number;
  currency?: string;
}

export type ChartKind = 'bar' | 'line' | 'area' | 'pie';
export type Kind = 'table' | 'scalar' | ChartKind;

export interface Visualization {
  type?: Kind | null;
  x?: string | null;
  y?: string[];
  series?: string | null;
  stacked?: boolean;
  horizontal?: boolean;
  labels?: Record<string, string>;
  hidden?: string[];
  formats?: Record<string, Format>;
}

export interface Choice {
  value: Json;
  label: string;
}

export type ParameterType = 'text' | 'number' | 'boolean' | 'date' | 'date_range' | 'id' | 'identifier';

export interface Parameter {
  name: string;
  label: string;
  type: ParameterType;
  required: boolean;
  multiple: boolean;
  default: Json;
  choices: Choice[];
  has_values: boolean;
}

interface Placed {
  id: string;
  tab?: string | null;
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface CardItem extends Placed {
  kind: 'card';
  card: string;
  name: string;
  description: string | null;
  visualization: Visualization;
  parameters: string[];
}

export interface TextItem extends Placed {
  kind: 'heading' | 'text';
  text: string;
}

export type Item = CardItem | TextItem;

export interface Theme {
  mode?: 'light' | 'dark' | 'auto';
  primary?: string;
  background?: string;
  surface?: string;
  text?: string;
  font?: string;
  radius?: number;
  colors?: string[];
}

export interface Shown {
  kind: 'dashboard' | 'card';
  name: string;
  description: string | null;
  tabs: { id: string; name: string }[];
  parameters: Parameter[];
  items: Item[];
  tenant: { name: string; locale: string; timezone: string; theme: Theme };
  expires_at: string | null;
  can_export: boolean;
}

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
