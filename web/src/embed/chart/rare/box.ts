/** Quartiles by category: from raw values, or from five columns that have them. */
import type { Cell } from '../../lib/types';
import { fill } from '../../messages';
import { mix } from '../color';
import { categories, placesOf, values } from '../common/scales';
import { key } from '../common/series';
import { count, kindName } from '../common/summary';
import { seriesColor } from '../paint';
import type { Plan, Wanted } from '../plan';
import { group, line, rect, type Api, type Drawn, type Params } from './shapes';

interface Box {
  id: string;
  cell: Cell;
  /** Whisker, quartile, median, quartile, whisker. */
  five: [number, number, number, number, number];
  outside: number[];
  count: number;
}

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, size, rtl, words } = wanted;
  const column = drawing.y[0] ?? -1;
  const write = lens.made(column);
  const given = drawing.y.length >= 5;
  const all = given ? ofColumns(wanted) : ofValues(wanted);
  const found = new Map(all.map((box) => [box.id, box.cell]));
  const { places, step } = placesOf(wanted, found, false);
  const kept = places.slice(0, 60);
  const byId = new Map(all.map((box) => [box.id, box]));
  const boxes = kept.flatMap((place) => byId.get(place.id) ?? []);
  const color = seriesColor(paint, 0);
  const soft = mix(paint.surface, color, 0.28);
  const named = (index: number) => (drawing.x >= 0 ? (kept[index]?.name ?? '') : lens.label(column));
  const slot = (size[0] - 56) / Math.max(1, boxes.length);
  const x = lens.columns[drawing.x]?.name;
  const ends = (box: Box) => [Math.min(box.five[0], ...box.outside), Math.max(box.five[4], ...box.outside)];
  return {
    option: {
      grid: { top: 12, bottom: 2, left: rtl ? 14 : 4, right: rtl ? 4 : 14, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: categories(wanted, drawing.x >= 0 ? kept : kept.map((place) => ({ ...place, name: lens.label(column) })), step, false, true),
      yAxis: { ...values(wanted, { column, lying: false }), scale: true },
      series: [{
        type: 'custom', encode: { x: 0, y: [1, 2] }, data: boxes.map((box, index) => [index, ...ends(box)]),
        renderItem: ({ dataIndex }: Params, api: Api): Drawn => {
          const box = boxes[dataIndex];
          if (!box) return group([]);
          const at = api.coord([dataIndex, 0])[0];
          const level = (value: number) => api.coord([dataIndex, value])[1];
          const width = Math.min(46, (api.size([1, 0])[0] ?? slot) * 0.56);
          const [low, lower, middle, upper, high] = box.five.map(level) as Box['five'];
          const cap = width / 4;
          return group([
            line(at, low, at, lower, color, 1.25), line(at, upper, at, high, color, 1.25),
            line(at - cap, low, at + cap, low, color, 1.25), line(at - cap, high, at + cap, high, color, 1.25),
            rect(at - width / 2, upper, width, Math.max(1, lower - upper), soft, 2, { stroke: color, lineWidth: 1.25 }),
            line(at - width / 2, middle, at + width / 2, middle, color, 2.5),
            ...box.outside.slice(0, 150).map((value): Drawn => ({ type: 'circle', silent: true, shape: { cx: at, cy: level(value), r: 2.5 }, style: { fill: 'none', stroke: color, opacity: 0.75 } })),
          ]);
        },
      }],
    },
    legend: [],
    by: 'place',
    count: boxes.length,
    at: (index) => [index, 0],
    stop: (index) => {
      const box = boxes[index];
      if (!box) return { title: '', lines: [], pick: null };
      const [low, lower, middle, upper, high] = box.five;
      const lines = ([[words.high, high], [words.upper, upper], [words.median, middle], [words.lower, lower], [words.low, low]] as const).map(([name, value]) => ({ name, value: write(value) }));
      const more = [...(box.count > 0 ? [{ name: words.count, value: count(wanted, box.count), faint: true }] : []), ...(box.outside.length > 0 ? [{ name: words.outliers, value: count(wanted, box.outside.length), faint: true }] : [])];
      return { title: named(index), lines: [...lines, ...more], pick: drawing.x < 0 || x === undefined ? null : { column: x, value: box.cell } };
    },
    ...(places.length > kept.length ? { note: fill(words.firstDrawn, { n: count(wanted, kept.length), total: count(wanted, places.length) }) } : {}),
    summary: sentence(wanted, boxes, named, write),
  };
}

function ofColumns({ drawing, lens }: Wanted): Box[] {
  return lens.rows.flatMap((row, index): Box[] => {
    const five = drawing.y.slice(0, 5).map((column) => lens.amount(row, column));
    if (five.some((value) => value === null)) return [];
    const cell = drawing.x >= 0 ? (row[drawing.x] ?? null) : null;
    return [{ id: drawing.x >= 0 ? key(cell) : String(index), cell, five: (five as number[]).toSorted((a, b) => a - b) as Box['five'], outside: [], count: 0 }];
  });
}

/** Tukey's: whiskers reach the last value within one and a half boxes. */
function ofValues({ drawing, lens }: Wanted): Box[] {
  const column = drawing.y[0] ?? -1;
  const groups = new Map<string, { cell: Cell; values: number[] }>();
  for (const row of lens.rows) {
    const value = lens.amount(row, column);
    const cell = drawing.x >= 0 ? (row[drawing.x] ?? null) : null;
    const group = groups.get(key(cell)) ?? { cell, values: [] };
    groups.set(key(cell), group);
    if (value !== null) group.values.push(value);
  }
  return [...groups].flatMap(([id, { cell, values }]): Box[] => {
    if (values.length === 0) return [];
    const sorted = values.toSorted((a, b) => a - b);
    const [lower, middle, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
    const reach = 1.5 * (upper - lower);
    const inside = sorted.filter((value) => value >= lower - reach && value <= upper + reach);
    const outside = sorted.filter((value) => value < lower - reach || value > upper + reach);
    return [{ id, cell, five: [inside[0] ?? lower, lower, middle, upper, inside.at(-1) ?? upper], outside, count: values.length }];
  });
}

/** Between the two nearest values, as spreadsheets have it. */
export function quantile(sorted: number[], share: number): number {
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

function sentence(wanted: Wanted, boxes: Box[], named: (index: number) => string, write: (value: number) => string): string {
  const { words, lens, drawing } = wanted;
  const kind = kindName(wanted);
  const order = boxes.map((box, index) => ({ middle: box.five[2], name: named(index) })).toSorted((a, b) => a.middle - b.middle);
  const [least, most] = [order[0], order.at(-1)];
  if (!least || !most) return fill(words.sumNothing, { kind });
  return fill(words.sumBox, {
    kind, y: lens.label(drawing.y[0] ?? -1), n: count(wanted, boxes.length), max: write(most.middle), maxAt: most.name, min: write(least.middle), minAt: least.name,
  });
}
