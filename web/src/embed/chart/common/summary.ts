/** One sentence that says what a chart shows, for those who do not see it. */
import { fill } from '../../messages';
import type { ChartWords } from '../../messages/charts/en';
import type { Wanted } from '../plan';
import type { Place } from './scales';
import type { Series } from './series';

/** The kind's name, as the words know it. */
export function kindName({ words, drawing }: Wanted): string {
  const kind = drawing.kind === 'bar' && drawing.horizontal ? 'row' : drawing.kind;
  return words[`kind_${kind}` as keyof ChartWords] ?? words.kind_bar;
}

export const count = (wanted: Wanted, value: number) => new Intl.NumberFormat(wanted.region.locale).format(value);

export const list = (wanted: Wanted, names: string[]) => new Intl.ListFormat(wanted.region.locale, { type: 'conjunction' }).format(names);

interface Extreme {
  value: number;
  at: string;
  series: Series;
}

/** Axes: what, by what, from where to where, and the ends. */
export function ofAxes(wanted: Wanted, series: Series[], places: Place[]): string {
  const { lens, drawing, words } = wanted;
  let [most, least]: (Extreme | null)[] = [null, null];
  for (const one of series) {
    for (const place of places) {
      const value = one.points.get(place.id) ?? null;
      if (value === null) continue;
      if (!most || value > most.value) most = { value, at: place.name, series: one };
      if (!least || value < least.value) least = { value, at: place.name, series: one };
    }
  }
  const kind = kindName(wanted);
  if (!most || !least) return fill(words.sumNothing, { kind });
  const split = drawing.series >= 0;
  const names = split ? drawing.y.map((index) => lens.label(index)) : series.map((one) => one.name);
  const where = (end: Extreme) => (series.length > 1 ? `${end.series.name}, ${end.at}` : end.at);
  const what = fill(series.length > 1 && split ? words.sumSplit : words.sumAxes, {
    kind, y: list(wanted, names.slice(0, 5)), x: lens.label(drawing.x), n: count(wanted, places.length), s: count(wanted, series.length),
    by: split ? lens.label(drawing.series) : '',
  });
  const [first, last] = [places[0]?.name ?? '', places.at(-1)?.name ?? ''];
  const span = drawing.overTime && places.length > 1 ? ` ${fill(words.sumSpan, { from: first, to: last })}` : '';
  if (most.value === least.value) return `${what}${span} ${fill(words.sumEqual, { value: most.series.write(most.value) })}`;
  return `${what}${span} ${fill(words.sumEnds, { max: most.series.write(most.value), maxAt: where(most), min: least.series.write(least.value), minAt: where(least) })}`;
}

/** Parts of a whole, or stages: the first few by name. */
export function ofParts(wanted: Wanted, y: string, x: string, parts: string[]): string {
  const shown = parts.length > 6 ? [...parts.slice(0, 5), fill(wanted.words.more, { n: count(wanted, parts.length - 5) })] : parts;
  return fill(wanted.words.sumParts, { kind: kindName(wanted), y, x, parts: list(wanted, shown) });
}
