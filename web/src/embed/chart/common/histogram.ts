/** How many values lie in which range. Raw values are counted here; an answer that has counts is drawn as it is. */
import { axisWriter } from '../../lib/format';
import { fill } from '../../messages';
import type { Plan, Wanted } from '../plan';
import { ink, quiet, values } from './scales';
import { count, kindName } from './summary';
import { seriesColor } from '../paint';

interface Bin {
  from: number;
  to: number;
  count: number;
}

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, region, rtl, size, words, visualization } = wanted;
  const weight = drawing.y[0] ?? -1;
  const counted = weight >= 0 && visualization.y !== undefined && visualization.y.length > 0;
  const found = lens.rows.flatMap((row): [number, number][] => {
    const value = lens.amount(row, drawing.x);
    const many = counted ? lens.amount(row, weight) : 1;
    return value === null || many === null ? [] : [[value, many]];
  });
  const bins = binned(found, visualization.bins ?? null, lens.columns[drawing.x]?.type === 'integer');
  const short = axisWriter(lens.format(drawing.x), region.locale);
  const many = counted ? lens.write(weight) : (cell: unknown) => count(wanted, Number(cell));
  const name = (bin: Bin | undefined) => (bin ? (bin.from === bin.to ? short(bin.from) : fill(words.range, { from: short(bin.from), to: short(bin.to) })) : '');
  const color = seriesColor(paint, 0);
  const [low, high] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1];
  const step = Math.max(1, Math.ceil(bins.length / Math.max(2, (size[0] - 56) / 54)));
  const edges = [...bins.map((bin) => bin.from), high].filter((_, index) => index % step === 0);
  const most = bins.reduce<Bin | null>((top, bin) => (!top || bin.count > top.count ? bin : top), null);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const single = low === high;
  return {
    option: {
      grid: { top: 12, bottom: 2, left: rtl ? 14 : 4, right: rtl ? 4 : 14, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: {
        type: 'value', min: single ? low - 1 : low, max: single ? high + 1 : high, inverse: rtl, splitLine: { show: false },
        axisLine: { show: true, onZero: false, lineStyle: { color: paint.line } }, axisTick: { show: false },
        axisLabel: { ...ink(wanted), customValues: single ? [low] : edges, formatter: (value: number) => quiet(short(value)), hideOverlap: true },
      },
      yAxis: { ...values(wanted, { column: counted ? weight : -1, lying: false }), minInterval: 1 },
      series: [{
        type: 'bar', barCategoryGap: 1.5, data: bins.map((bin) => [(bin.from + bin.to) / 2, bin.count]),
        ...(bins.length === 1 ? { barMaxWidth: 80 } : {}),
        itemStyle: { color, borderRadius: bins.length > 60 ? 0 : [2, 2, 0, 0] }, emphasis: { disabled: true },
      }],
    },
    legend: [],
    by: 'place',
    count: bins.length,
    at: (index) => [((bins[index]?.from ?? 0) + (bins[index]?.to ?? 0)) / 2, 0],
    stop: (index) => ({
      title: `${lens.label(drawing.x)}: ${name(bins[index])}`,
      lines: [{ name: counted ? lens.label(weight) : words.count, value: many(bins[index]?.count ?? 0), color, shape: 'square' }],
      pick: null,
    }),
    summary: most
      ? fill(words.sumHistogram, { kind: kindName(wanted), x: lens.label(drawing.x), n: many(total), from: short(low), to: short(high), bins: count(wanted, bins.length), most: name(most), count: many(most.count) })
      : fill(words.sumNothing, { kind: kindName(wanted) }),
  };
}

/** Ranges of one round width. Freedman and Diaconis say how wide, within 5 and 40 of them. */
export function binned(found: [number, number][], asked: number | null, whole: boolean): Bin[] {
  const sorted = found.toSorted((a, b) => a[0] - b[0]);
  const [first, last] = [sorted[0]?.[0], sorted.at(-1)?.[0]];
  if (first === undefined || last === undefined) return [];
  if (first === last) return [{ from: first, to: first, count: sorted.reduce((sum, [, many]) => sum + many, 0) }];
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.[0] ?? 0;
  const span = last - first;
  const wide = (2 * (at(0.75) - at(0.25))) / Math.cbrt(sorted.length);
  const wish = asked ?? Math.min(40, Math.max(5, wide > 0 ? Math.ceil(span / wide) : 10));
  const width = asked ? span / asked : Math.max(round(span / wish), whole ? 1 : 0);
  const start = asked ? first : Math.floor(first / width + 1e-9) * width;
  const number = asked ?? Math.floor((last - start) / width + 1e-9) + 1;
  const bins: Bin[] = Array.from({ length: Math.min(200, number) }, (_, index) => ({ from: tidy(start + index * width), to: tidy(start + (index + 1) * width), count: 0 }));
  for (const [value, many] of found) {
    const bin = bins[Math.min(bins.length - 1, Math.floor((value - start) / width + 1e-9))];
    if (bin) bin.count += many;
  }
  return bins;
}

/** 1, 2, 2.5 or 5 times a power of ten. */
function round(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= width * 0.999) ?? 10;
  return step * power;
}

/** Without the dust of binary fractions. */
const tidy = (value: number) => Number(value.toPrecision(12));
