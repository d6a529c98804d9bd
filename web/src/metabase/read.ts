/** Attributes and settings as pages that were written for Metabase write them, as ours. */
import type { FilterValue, FilterValues, Theme } from '../embed/element/public';
import type { Parameter } from '../embed/lib/types';

/** JSON, or what looks like it with single quotes, as pages write whose attributes are in double ones. */
export function loose(text: string): unknown {
  for (const form of [text, text.replaceAll("'", '"')]) {
    try {
      return JSON.parse(form) as unknown;
    } catch {
      // The other form, or none.
    }
  }
  return undefined;
}

/** Values by filter; `null` when nothing is said, and when it cannot be read, which the developer is told. */
export function readValues(name: string, said: unknown): FilterValues | null {
  if (said === null || said === undefined || said === '') return null;
  const found = typeof said === 'string' ? loose(said) : said;
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as FilterValues;
  console.warn(`cloison: "${name}" is a JSON object, such as {"city": "Lyon"}`);
  return null;
}

/** `['a', 'b']`, or `a, b`. */
export function readNames(text: string | null): string[] {
  const found = loose(text ?? '');
  const names = Array.isArray(found) ? found.map(String) : (text ?? '').split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** A value in the form that the filter takes: one in a list for a filter of one, a number in a text for a row's identifier. */
export function fitted(parameter: Parameter, value: FilterValue | undefined): FilterValue {
  const one = (said: FilterValue): FilterValue => {
    if (parameter.type === 'id' && typeof said === 'string' && /^-?\d{1,15}$/.test(said)) return Number(said);
    if (parameter.type === 'boolean' && typeof said === 'string') return said === 'true';
    return parameter.type !== 'id' && typeof said === 'number' ? String(said) : said;
  };
  const list = (Array.isArray(value) ? value : [value ?? null]).filter((said) => said !== null && said !== '').map(one);
  return parameter.multiple ? list : (list[0] ?? null);
}

/** Their names of colours, as ours. */
const COLORS = { primary: 'brand', background: 'background', text: 'text-primary' } as const;

/** Their theme, as far as ours has the same: a preset, the four colours, those of series, and the font. */
export function readTheme(said: unknown, hex: (color: string) => string | null): Theme | null {
  if (typeof said !== 'object' || said === null) return null;
  const given = said as { preset?: unknown; colors?: Record<string, unknown>; fontFamily?: unknown; components?: { dashboard?: { backgroundColor?: unknown; card?: { backgroundColor?: unknown } } } };
  const theme: Theme = { mode: given.preset === 'dark' ? 'dark' : 'light' };
  const colors = given.colors ?? {};
  const color = (value: unknown) => (typeof value === 'string' ? hex(value) : null);
  for (const [own, theirs] of Object.entries(COLORS) as [keyof typeof COLORS, string][]) theme[own] = color(colors[theirs]);
  const { dashboard } = given.components ?? {};
  theme.background = color(dashboard?.backgroundColor) ?? theme.background ?? null;
  // There the background is the cards' too.
  theme.surface = color(dashboard?.card?.backgroundColor) ?? color(colors.background);
  const base = (value: unknown) => color(typeof value === 'object' && value !== null && 'base' in value ? value.base : value);
  const series = Array.isArray(colors.charts) ? colors.charts.map(base).filter((value) => value !== null) : [];
  if (series.length > 0) theme.colors = series;
  if (typeof given.fontFamily === 'string') theme.font = given.fontFamily;
  return theme;
}
