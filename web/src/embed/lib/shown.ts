/** What the show answer has beyond the shapes of the API description (`types.ts` joins them). */
import type { Theme } from '../element/public';
import type { Json } from './types';

export interface ShownMore {
  /** Texts in other languages, by language tag and then by place: `name`, `tabs.t1`, `items.days.name`, `parameters.period.label`. */
  translations?: Record<string, Record<string, string>>;
  /** Origins whose pages may frame ours; any when empty. */
  origins?: string[];
  /** How often the answers are asked for again, when the host page does not say. */
  refresh_seconds?: number | null;
}

export interface ParameterMore {
  /** Filters whose values narrow this one's list. */
  linked?: string[];
}

export interface CardMore {
  clicks?: Click[];
}

/** Where a value comes from when a mark is clicked. `span`: the column's date stands for the whole week, month, quarter or year that it lies in. */
export type Source = { column: string; span?: Span | null } | { filter: string } | { value: Json };

export type Span = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** What a click on a mark or a cell does. */
export type Click = {
  /** Only clicks on this column; any when absent. */
  column?: string | null;
} & (
  | { action: 'filter'; filters: Record<string, Source> }
  | { action: 'open'; dashboard: string; filters?: Record<string, Source> }
  /** `{column}` and `{filter:name}` in the address become their values, percent-encoded. */
  | { action: 'visit'; url: string }
);

export type { Theme };
