/** Where the page is, and what its address says. */
import type { Json, Parameter, Values } from './types';
import { normal, same } from './values';

export interface Place {
  /** `''` or `/t/<slug>`: what comes before `/v1`. */
  base: string;
  token: string | null;
}

/** The token is in the path (`/embed/dashboard/<jwt>`, or a public link's UUID in `/public/dashboard/<uuid>`) or in the fragment; the path wins. */
export function place(pathname: string, hash: string): Place {
  const found = /^((?:\/t\/[^/]+)?)\/(?:embed|public)\/(?:dashboard|card|question)(?:\/([^/]+))?\/?$/.exec(pathname);
  const token = found?.[2] ?? fragment(hash).get('token');
  return { base: found?.[1] ?? '', token: token === null || token === '' ? null : token };
}

export function fragment(hash: string): URLSearchParams {
  return new URLSearchParams(hash.replace(/^#/, ''));
}

/** Names after `hide=`, or `hide_parameters=` in guests' addresses: filters that the host page does not want to be seen. */
export function hidden(hash: string): string[] {
  const said = fragment(hash);
  const names = ['hide', 'hide_parameters'].flatMap((name) => said.getAll(name).join().split(/[\s,]+/));
  return [...new Set(names.filter((name) => name !== ''))];
}

const PREFIX = 'filter.';

/** Whether the fragment says anything about filters. */
export function speaksOfFilters(hash: string): boolean {
  return [...fragment(hash).keys()].some((key) => key.startsWith(PREFIX));
}

/** The filters' values: what the fragment says, else the default. */
export function readValues(hash: string, parameters: Parameter[]): Values {
  const given = fragment(hash);
  const values: Values = {};
  for (const parameter of parameters) {
    const texts = given.getAll(PREFIX + parameter.name);
    if (texts.length === 0) {
      values[parameter.name] = normal(parameter, parameter.default);
      continue;
    }
    const read = texts.filter((text) => text !== '').map((text) => decode(parameter, text));
    values[parameter.name] = normal(parameter, parameter.multiple ? read : (read[0] ?? null));
  }
  return values;
}

/** The fragment with these values; those that are the default are left out. */
export function writeValues(hash: string, parameters: Parameter[], values: Values): string {
  const next = fragment(hash);
  for (const parameter of parameters) {
    const key = PREFIX + parameter.name;
    next.delete(key);
    const value = values[parameter.name] ?? null;
    if (same(value, normal(parameter, parameter.default))) continue;
    if (value === null) next.set(key, '');
    else for (const one of Array.isArray(value) ? value : [value]) next.append(key, encode(parameter, one));
  }
  const text = next.toString();
  return text === '' ? '' : `#${text}`;
}

/** A row's identifier is a number or a text: 3 is written `3`, the text "3" is written `"3"`. */
function encode(parameter: Parameter, value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (parameter.type !== 'id') return value;
  return WHOLE.test(value) || value.startsWith('"') ? JSON.stringify(value) : value;
}

const WHOLE = /^-?\d+$/;

function decode(parameter: Parameter, text: string): Json {
  if (parameter.type === 'boolean') return text === 'true' || text === '1';
  if (parameter.type !== 'id') return text;
  if (WHOLE.test(text)) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : text;
  }
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}
