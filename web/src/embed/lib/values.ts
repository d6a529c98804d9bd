/** One form for each choice, so that choices can be compared. */
import type { Json, Parameter } from './types';

/** "No value" has one form: `null`; several values are always a list. */
export function normal(parameter: Parameter, value: Json): Json {
  if (value === null || value === undefined || value === '') return null;
  if (!parameter.multiple) return value;
  const list = Array.isArray(value) ? value : [value];
  return list.length === 0 ? null : list;
}

export function same(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
