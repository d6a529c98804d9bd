/** The axes of a chart: where the places are, how values are written beside them. */
import { axisWriter, dateWriter } from '../../lib/format';
import { filled, granularity, ticks } from '../../lib/time';
import type { Cell, Granularity } from '../../lib/types';
import type { Wanted } from '../plan';

export interface Place {
  id: string;
  cell: Cell;
  /** The moment, on an axis of time. */
  at: number;
  name: string;
}

/** More places than these are not drawn as bars. */
export const MOST_PLACES = 400;

/** Places in order. Over time they are sorted, and gaps are places of their own when `gaps` asks for it. */
export function placesOf(wanted: Wanted, found: Map<string, Cell>, gaps: boolean): { places: Place[]; step: Granularity } {
  const { lens, drawing, region } = wanted;
  const write = lens.write(drawing.x);
  const all = [...found].map(([id, cell]) => ({ id, cell, at: drawing.overTime ? (lens.moment(drawing.x, cell) ?? Number.NaN) : 0, name: write(cell) }));
  if (!drawing.overTime) return { places: all, step: 'day' };
  const timed = all.filter((place) => !Number.isNaN(place.at)).toSorted((a, b) => a.at - b.at);
  const step = lens.format(drawing.x)?.granularity ?? granularity(timed.map((place) => place.at));
  const [first, last] = [timed[0], timed.at(-1)];
  if (!gaps || !first || !last) return { places: timed, step };
  const moments = filled(first.at, last.at, step, MOST_PLACES);
  const known = new Map(timed.map((place) => [place.at, place]));
  if (!moments || timed.some((place) => !moments.includes(place.at))) return { places: timed, step };
  const named = dateWriter(step, region.locale);
  return { places: moments.map((at) => known.get(at) ?? { id: `gap:${at}`, cell: null, at, name: named(at) }), step };
}

export function ink({ paint }: Wanted): Record<string, unknown> {
  return { color: paint.muted, fontSize: 11.5, fontFamily: paint.font, lineHeight: 15 };
}

/** Letters that fit into so many pixels, roughly. */
export const letters = (pixels: number) => Math.max(1, Math.floor(pixels / 6.3));

/** A name on at most `lines` lines of so many letters. */
export function wrap(text: string, room: number, lines: number): string {
  const out: string[] = [];
  let line = '';
  const words = text.split(/\s+/);
  for (const [index, word] of words.entries()) {
    const next = line === '' ? word : `${line} ${word}`;
    if (next.length <= room || line === '') {
      line = next;
      continue;
    }
    if (out.length === lines - 1) {
      line = [line, ...words.slice(index)].join(' ');
      break;
    }
    out.push(line);
    line = word;
  }
  out.push(line);
  return out.map((one) => clip(one, room)).join('\n');
}

export function clip(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, Math.max(1, room - 1)).trimEnd()}…` : text;
}

/** Braces would be read as marks of rich text: a character of no width after them takes their meaning. */
export function quiet(text: string): string {
  return text.replaceAll('{', '{\u200b');
}

const RULE = { axisTick: { show: false } };

/** The axis of categories, or of moments that are drawn as categories. */
export function categories(wanted: Wanted, places: Place[], step: Granularity, lying: boolean, between: boolean): Record<string, unknown> {
  const { size, rtl, paint, drawing, region } = wanted;
  const room = lying ? size[1] : size[0] - 56;
  const slot = room / Math.max(1, places.length);
  const base = {
    type: 'category',
    data: places.map((place) => quiet(place.name)),
    ...RULE,
    axisLine: { show: !lying, lineStyle: { color: paint.line } },
    boundaryGap: between,
    inverse: lying ? true : rtl,
    position: lying ? (rtl ? 'right' : 'left') : 'bottom',
  };
  if (drawing.overTime && !lying) {
    const [first, last] = [places[0]?.at ?? 0, places.at(-1)?.at ?? 0];
    const found = ticks(first, last, room, step, region.locale);
    const shown = new Set(places.flatMap((place, index) => (found.labels.has(place.at) ? [index] : [])));
    const few = shown.size < 2 && places.length < 8;
    const label = (_: string, index: number) => quiet(found.labels.get(places[index]?.at ?? 0) ?? places[index]?.name ?? '');
    return { ...base, axisLabel: { ...ink(wanted), interval: few ? 0 : (index: number) => shown.has(index), formatter: few ? undefined : label } };
  }
  if (lying) {
    const width = Math.min(240, Math.round(size[0] * (size[0] < 420 ? 0.46 : 0.38)));
    return { ...base, axisLabel: { ...ink(wanted), color: paint.text, fontSize: 12, interval: slot >= 14 ? 0 : 'auto', formatter: (name: string) => clip(name, letters(width)) } };
  }
  return { ...base, axisLabel: { ...ink(wanted), ...upright(places, slot) } };
}

/** Labels below bars: flat on up to two lines when they fit, else leaning, else only some. */
function upright(places: Place[], slot: number): Record<string, unknown> {
  const longest = places.reduce((most, place) => Math.max(most, place.name.length), 0);
  const room = letters(slot - 6);
  if (longest <= room || slot >= 64) return { interval: 0, hideOverlap: true, formatter: (name: string) => wrap(name, room, 2) };
  if (slot >= 15) return { interval: 0, rotate: longest <= 4 ? 0 : 38, formatter: (name: string) => clip(name, 16) };
  return { hideOverlap: true, formatter: (name: string) => clip(name, 14) };
}

/** An axis of time that runs through. */
export function times(wanted: Wanted, places: Place[], step: Granularity): Record<string, unknown> {
  const { size, rtl, paint, region } = wanted;
  const [first, last] = [places[0]?.at ?? 0, places.at(-1)?.at ?? 0];
  const found = ticks(first, last, size[0] - 56, step, region.locale);
  const fallback = dateWriter(step, region.locale);
  const at = found.at.length > 0 ? found.at : [first];
  return {
    type: 'time',
    ...RULE,
    min: first === last ? first - 1 : first,
    max: first === last ? last + 1 : last,
    axisLine: { lineStyle: { color: paint.line } },
    splitLine: { show: false },
    inverse: rtl,
    axisLabel: { ...ink(wanted), hideOverlap: true, customValues: at, formatter: (value: number) => found.labels.get(value) ?? fallback(value), alignMinLabel: null, alignMaxLabel: null },
  };
}

export interface ValueAxis {
  /** The column whose style the numbers have; -1 for none. */
  column: number;
  lying: boolean;
  second?: boolean;
  shares?: boolean;
  bare?: boolean;
  /** Shares of the span that are added below and above, for labels beyond the marks. */
  room?: [string, string];
  name?: string;
}

/** The axis of values. */
export function values(wanted: Wanted, axis: ValueAxis): Record<string, unknown> {
  const { size, rtl, paint, lens, region, visualization } = wanted;
  const { lying, second = false, shares = false } = axis;
  const write = axisWriter(shares ? { style: 'fraction' } : lens.format(axis.column), region.locale);
  const integer = !shares && lens.columns[axis.column]?.type === 'integer' && !/^duration/.test(lens.format(axis.column)?.style ?? '');
  const start = rtl !== second;
  return {
    type: visualization.logarithmic && !shares ? 'log' : 'value',
    ...(shares ? { max: 1, interval: (lying ? size[0] > 260 : size[1] > 170) ? 0.25 : 0.5 } : second ? {} : { ...(visualization.min != null ? { min: visualization.min } : {}), ...(visualization.max != null ? { max: visualization.max } : {}) }),
    ...(integer ? { minInterval: 1 } : {}),
    ...(axis.room ? { boundaryGap: axis.room } : {}),
    axisLabel: axis.bare ? { show: false } : { ...ink(wanted), hideOverlap: true, formatter: (value: number) => quiet(write(value)) },
    axisLine: { show: false },
    ...RULE,
    splitLine: { show: !second && !axis.bare, lineStyle: { color: paint.line } },
    splitNumber: lying ? Math.max(2, Math.min(6, Math.round(size[0] / 130))) : Math.max(2, Math.min(6, Math.round(size[1] / 60))),
    position: lying ? 'bottom' : start ? 'right' : 'left',
    inverse: lying && rtl,
    ...(axis.name ? { name: quiet(clip(axis.name, letters(size[0] * 0.4))), nameTextStyle: { ...ink(wanted), align: start ? 'right' : 'left' }, nameGap: 10 } : {}),
  };
}

