/** Bars, lines, areas and both together, over categories or over time. */
import { amount, NOTHING } from '../../lib/format';
import type { Granularity, Mark } from '../../lib/types';
import { fill } from '../../messages';
import { named } from '../paint';
import type { Entry, Line, Option, Plan, Stop, Wanted } from '../plan';
import { categories, clip, letters, MOST_PLACES, placesOf, quiet, times, values, type Place } from './scales';
import { split, type Series } from './series';
import { bars, lines } from './shapes';
import { ofAxes } from './summary';

export function plan(given: Wanted): Plan {
  const { drawing, lens, visualization, off, words } = given;
  const found = split(given);
  const marks = found.series.map((series) => markOf(given, series));
  const hasBars = marks.includes('bar');
  const lying = drawing.horizontal && drawing.kind === 'bar';
  const { places: all, step } = placesOf(given, found.places, hasBars && !lying);
  const visible = found.series.filter((series) => !off.has(series.id));
  // Lying bars need so much each: a long list is scrolled, not squeezed.
  const row = drawing.stacked || visible.length < 2 ? 20 : 9 * visible.length + 10;
  const labels = visible.length > 1 || drawing.stacked || visualization.show_values === false ? 30 : 6;
  const height = lying ? Math.max(given.size[1], Math.min(all.length, MOST_ROWS) * row + labels) : given.size[1];
  const size: [number, number] = [given.size[0], height];
  const wanted = { ...given, size };
  const dense = hasBars && drawing.overTime && all.length > size[0] / 4;
  // Bars too thin to be seen are drawn as a filled line over time; names beyond any room are left to the table.
  const running = drawing.overTime && !lying && (!hasBars || dense);
  const limit = lying ? MOST_ROWS : hasBars && !running ? MOST_PLACES : Infinity;
  const places = all.slice(0, limit);
  const total = drawing.normalized ? totals(visible, places) : null;
  const secondary = new Set(visible.filter((series) => side(wanted, series, found.series) === 'end'));
  const labelled = showsValues(wanted, places, visible, lying);
  const option: Option = {
    useUTC: true,
    grid: grid(wanted, lying, secondary.size > 0, labelled && lying ? room(visible, places) : 0),
    ...axesOf(wanted, places, step, { lying, running, hasBars, visible, secondary, labelled, shares: total !== null }),
    series: [
      ...visible.map((series) => {
        const mark = dense && running ? 'area' : markOf(wanted, series);
        const data = places.map((place) => drawn(wanted, series, place, total));
        const many = { mark, lying, running, places: places.length, secondary: secondary.has(series), labelled, stacked: drawing.stacked };
        return { id: series.id, name: quiet(series.name), ...(mark === 'bar' ? bars(wanted, series, data, many) : lines(wanted, series, data, places, many)) };
      }),
      ...goal(wanted, places, lying, running),
    ],
  };
  const left = all.length - places.length;
  return {
    option,
    legend: found.series.length > 1 ? found.series.map((series, index) => entry(series, dense ? 'area' : marks[index] ?? 'bar')) : [],
    by: 'place',
    lying,
    count: places.length,
    at: (index) => {
      const place = running ? (places[index]?.at ?? 0) : index;
      return lying ? [0, place] : [place, 0];
    },
    stop: (index) => stop(wanted, visible, places[index], total, step, (series) => (dense && running ? 'area' : markOf(wanted, series))),
    also: (index) => {
      const [cell, name] = [visible[index]?.cell, lens.columns[drawing.series]?.name];
      return cell === undefined || name === undefined ? null : { column: name, value: cell };
    },
    height,
    cross: running || !hasBars,
    dots: (index) => {
      const place = places[index];
      let level = 0;
      return visible.flatMap((series) => {
        const value = place ? drawn(wanted, series, place, total) : null;
        level += value ?? 0;
        const bar = markOf(wanted, series) === 'bar' && !(dense && running);
        if (!place || value === null || bar) return [];
        return [{ axis: secondary.has(series) && secondary.size < visible.length ? 1 : 0, at: [running ? place.at : index, drawing.stacked ? level : value] as [number, number], color: series.color }];
      });
    },
    ...note(),
    summary: ofAxes(wanted, found.series, all),
  };

  function note(): { note?: string } {
    if (left > 0) return { note: fill(words.firstDrawn, { n: number(wanted, places.length), total: number(wanted, all.length) }) };
    const lost = found.merged > 0 && drawing.kind === 'line' && !drawing.stacked;
    return lost ? { note: fill(words.seriesLeft, { n: number(wanted, found.merged) }) } : {};
  }

  function markOf({ drawing: { kind } }: Wanted, series: Series): Mark {
    const own = visualization.columns?.[lens.columns[series.column]?.name ?? '']?.mark;
    if (kind === 'combo') return own ?? (drawing.y.indexOf(series.column) === 0 ? 'bar' : 'line');
    return kind === 'area' ? 'area' : kind === 'line' ? 'line' : 'bar';
  }
}

/** Rows of lying bars that are drawn. */
const MOST_ROWS = 200;

const number = ({ region }: Wanted, value: number) => new Intl.NumberFormat(region.locale).format(value);

function entry(series: Series, mark: Mark): Entry {
  return { id: series.id, name: series.name, color: series.color, shape: mark === 'bar' || mark === 'area' ? 'square' : series.shape };
}

/** The author's side; in a combo, what has another style or is of another size has an axis of its own. */
function side(wanted: Wanted, series: Series, all: Series[]): 'start' | 'end' {
  const { visualization, lens, drawing } = wanted;
  const own = visualization.columns?.[lens.columns[series.column]?.name ?? '']?.axis;
  if (own) return own;
  const first = all[0];
  if (drawing.kind !== 'combo' || !first || first.column === series.column) return 'start';
  const style = (one: Series) => lens.format(one.column)?.style ?? 'number';
  const [a, b] = [size(first), size(series)];
  return style(first) !== style(series) || (a > 0 && b > 0 && Math.max(a, b) / Math.min(a, b) > 12) ? 'end' : 'start';
}

function size(series: Series): number {
  return [...series.points.values()].reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
}

function totals(series: Series[], places: Place[]): Map<string, number> {
  return new Map(places.map(({ id }) => [id, series.reduce((sum, one) => sum + Math.abs(one.points.get(id) ?? 0), 0)]));
}

/** The number that is drawn: the value, or its share. Nothing is nothing, but in a stack it is zero. */
function drawn({ drawing, visualization }: Wanted, series: Series, { id }: Place, total: Map<string, number> | null): number | null {
  const value = series.points.get(id) ?? null;
  if (total) return (value ?? 0) / (total.get(id) || 1);
  if (visualization.logarithmic && value !== null && value <= 0) return null;
  return value ?? (drawing.stacked && drawing.kind !== 'bar' ? 0 : null);
}

function showsValues({ visualization, drawing, size: [width] }: Wanted, places: Place[], series: Series[], lying: boolean): boolean {
  if (visualization.show_values !== undefined && visualization.show_values !== null) return visualization.show_values;
  if (drawing.kind !== 'bar' || series.length !== 1 || drawing.stacked) return false;
  return lying ? places.length <= 40 : places.length <= 12 && (width - 56) / places.length >= 56 && !drawing.overTime;
}

/** Pixels for the values beside lying bars. */
function room(series: Series[], places: Place[]): number {
  const texts = series.flatMap((one) => places.map(({ id }) => one.write(one.points.get(id) ?? null).length));
  return Math.min(110, texts.reduce((most, length) => Math.max(most, length), 0) * 6.6 + 10);
}

function grid({ rtl }: Wanted, lying: boolean, second: boolean, beside: number): Record<string, unknown> {
  const [start, end] = [4, lying ? 10 + beside : 14];
  return {
    top: lying ? 2 : second ? 30 : 12, bottom: 2, left: rtl ? end : start, right: rtl ? start : end,
    outerBoundsMode: 'same', outerBoundsContain: 'axisLabel',
  };
}

interface Axes {
  lying: boolean;
  running: boolean;
  hasBars: boolean;
  visible: Series[];
  secondary: Set<Series>;
  labelled: boolean;
  shares: boolean;
}

function axesOf(wanted: Wanted, places: Place[], step: Parameters<typeof times>[2], { lying, running, hasBars, visible, secondary, labelled, shares }: Axes): Option {
  const along = running ? times(wanted, places, step) : categories(wanted, places, step, lying, hasBars);
  const [first, other] = [visible.find((one) => !secondary.has(one)), visible.find((one) => secondary.has(one))];
  const below = visible.some((series) => [...series.points.values()].some((one) => one !== null && one < 0));
  const value = (series: Series | undefined, second: boolean) =>
    values(wanted, { column: series?.column ?? -1, lying, second, shares, bare: lying && labelled, ...(labelled && !lying && !shares ? { room: [below ? '10%' : '0%', '3%'] as [string, string] } : {}), ...(other && first && series ? { name: series.name } : {}) });
  const across = other ? [value(first, false), value(other, true)] : value(first, false);
  return lying ? { xAxis: across, yAxis: along } : { xAxis: along, yAxis: across };
}

/** A dashed line at the goal, from the first place to the last. */
function goal(wanted: Wanted, places: Place[], lying: boolean, running: boolean): Record<string, unknown>[] {
  const { visualization, lens, paint, rtl, words, drawing, region } = wanted;
  const column = lens.columns.findIndex(({ name }) => name === visualization.goal?.column);
  const at = visualization.goal?.value ?? amount(lens.rows[0]?.[column] ?? null);
  if (at === null || drawing.normalized || !visualization.goal) return [];
  const text = `${visualization.goal.label ?? words.goal} ${drawing.y[0] === undefined ? new Intl.NumberFormat(region.locale).format(at) : lens.write(drawing.y[0])(at)}`;
  const ends = running ? places.map((place) => place.at) : places.map((_, index) => index);
  return [{
    type: 'line', silent: true, symbol: 'none', z: 20, animation: false,
    lineStyle: { color: paint.text, width: 1.2, type: [5, 4] },
    data: ends.map((end) => (lying ? [at, end] : [end, at])),
    endLabel: { show: !lying, formatter: quiet(clip(text, letters(160))), color: paint.text, fontFamily: paint.font, fontSize: 11.5, align: rtl ? 'left' : 'right', verticalAlign: 'bottom', offset: [0, -3], textBorderColor: paint.surface, textBorderWidth: 3 },
  }];
}

function stop(wanted: Wanted, series: Series[], place: Place | undefined, total: Map<string, number> | null, step: Granularity, markOf: (series: Series) => Mark): Stop {
  if (!place) return { title: '', lines: [], pick: null };
  const { drawing, lens, region, words } = wanted;
  const share = new Intl.NumberFormat(region.locale, { style: 'percent', maximumFractionDigits: 1 });
  const lines: Line[] = series.map((one) => {
    const value = one.points.get(place.id) ?? null;
    const part = total && value !== null ? `  ${share.format(value / (total.get(place.id) || 1))}` : '';
    return { name: one.name, value: value === null ? NOTHING : one.write(value) + part, color: one.color, shape: entry(one, markOf(one)).shape };
  });
  // A stack is read from its top.
  if (drawing.stacked && !(drawing.kind === 'bar' && drawing.horizontal)) lines.reverse();
  if (drawing.stacked && series.length > 1 && !total && new Set(series.map((one) => one.column)).size === 1) {
    const sum = series.reduce((all, one) => all + (one.points.get(place.id) ?? 0), 0);
    lines.push({ name: words.total, value: lens.made(series[0]?.column ?? -1)(sum), faint: true });
  }
  const column = lens.columns[drawing.x]?.name;
  const span = drawing.overTime && step !== 'hour' && step !== 'minute' ? { span: step } : {};
  return { title: place.name, lines, pick: column !== undefined && !place.id.startsWith('gap:') ? { column, value: place.cell, ...span } : null };
}

/** The colour that the author gave to a column. */
export const columnColor = (wanted: Wanted, column: number) => named(wanted.paint, wanted.visualization.columns?.[wanted.lens.columns[column]?.name ?? '']?.color);
