/**
 * Texts that name filters: `Visits in {{city}}[[ of {{year}}]]`. A value is put in after the text has been taken apart, so whatever
 * it holds, it is text: no mark, no link, no other filter.
 */
import { sayNumber } from './number';
import { describe } from './period';
import { safe } from './safe';
import type { Board } from './board.svelte';
import type { Json, Told } from './types';

/** What stands for a filter: `null` when there is none of that name, `''` when it has no value. */
export type Say = (name: string) => string | null;

/** Letters of a value: a text is to be read. */
const LONGEST = 500;

const NAME = /\{\{\s*(\w{1,64})\s*\}\}/g;

/** As people read it: what the viewer chose, or what the server tells of filters that the viewer may not set. */
export function sayOf(board: Board, told: Record<string, Told> | undefined): Say {
  const { words, region } = board;
  return (name) => {
    const hidden = told && Object.hasOwn(told, name) ? told[name] : undefined;
    const parameter = board.parameters.find((one) => one.name === name);
    const type = hidden?.type ?? parameter?.type;
    if (type === undefined) return null;
    const value = hidden ? (hidden.values as Json[]) : (board.values[name] ?? []);
    const one = (single: Json): string => {
      if (type === 'date' || type === 'date_range') return describe(single, words, region.locale);
      if (type === 'number') return sayNumber(String(single), region.locale);
      if (type === 'boolean') return single === true ? words.yes : words.no;
      return parameter ? board.labels.of(parameter, single) : String(single);
    };
    const said = (Array.isArray(value) ? value : [value]).map(one).join(', ');
    return said.length > LONGEST ? `${[...said].slice(0, LONGEST).join('')}…` : said;
  };
}

/** Without the `[[ .. ]]` in which a filter has no value. One that names no filter is none. */
export function chosen(text: string, say: Say): string {
  let out = '';
  let rest = text;
  for (let at = rest.indexOf('[['); at >= 0; at = rest.indexOf('[[')) {
    const end = rest.indexOf(']]', at + 2);
    if (end < 0) break;
    const block = rest.slice(at + 2, end);
    const values = [...block.matchAll(NAME)].map(([, name]) => say(name ?? '')).filter((value) => value !== null);
    const part = values.length === 0 ? rest.slice(at, end + 2) : values.includes('') ? '' : block;
    out += rest.slice(0, at) + part;
    rest = rest.slice(end + 2);
  }
  return out + rest;
}

export interface Piece {
  text: string;
  isValue: boolean;
}

export function pieces(text: string, say: Say): Piece[] {
  const out: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(NAME)) {
    const value = say(found[1] ?? '');
    if (value === null) continue;
    out.push({ text: text.slice(end, found.index), isValue: false }, { text: value, isValue: true });
    end = found.index + found[0].length;
  }
  out.push({ text: text.slice(end), isValue: false });
  return out.filter((piece) => piece.text !== '');
}

/** Where a link leads. A value is a part of its path, its query or its fragment, and none of where that is; `null` when it would be. */
export function target(template: string, say: Say): string | null {
  const at = pieces(template, say);
  if (!at.some(({ isValue }) => isValue)) return safe(template);
  if (!/^https?:\/\/[^/?#{}]+[/?#]/i.test(at[0]?.isValue === false ? at[0].text : '')) return null;
  if (at.some(({ text, isValue }) => isValue && /^\.{1,2}$/.test(text))) return null;
  return safe(at.map(({ text, isValue }) => (isValue ? encodeURIComponent(text) : text)).join(''));
}
