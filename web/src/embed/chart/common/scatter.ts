/** Points, or bubbles when a column has their sizes. */
import { amount, axisWriter } from '../../lib/format';
import type { Cell, Row } from '../../lib/types';
import { fill } from '../../messages';
import { mix } from '../color';
import { seriesColor } from '../paint';
import type { Entry, Plan, Wanted } from '../plan';
import { categories, clip, ink, letters, placesOf, quiet, times, values } from './scales';
import { key, MOST_SERIES } from './series';
import { count, kindName } from './summary';

interface Dot {
  row: Row;
  x: number;
  y: number;
  size: number;
  group: number;
}

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, size, rtl, off, words, visualization } = wanted;
  const y = drawing.y[0] ?? -1;
  const groups = groupsOf(wanted);
  const byName = !drawing.overTime && !lens.numeric(drawing.x);
  const found = new Map(lens.rows.map((row) => [key(row[drawing.x]), row[drawing.x] ?? null]));
  const { places, step } = placesOf(wanted, found, false);
  const order = new Map(places.map((place, index) => [place.id, index]));
  const across = (row: Row): number | null => (byName ? (order.get(key(row[drawing.x])) ?? null) : drawing.overTime ? lens.moment(drawing.x, row[drawing.x]) : lens.amount(row, drawing.x));
  const all = lens.rows.flatMap((row): Dot[] => {
    const [at, value] = [across(row), lens.amount(row, y)];
    const group = groups.of(row);
    return at === null || value === null ? [] : [{ row, x: at, y: value, size: amount(row[drawing.size]) ?? 0, group }];
  });
  const dots = all.filter((dot) => !off.has(groups.entries[dot.group]?.id ?? '')).toSorted((a, b) => a.x - b.x || a.y - b.y);
  const largest = all.reduce((most, dot) => Math.max(most, Math.abs(dot.size)), 0);
  const bubbles = drawing.size >= 0 && largest > 0;
  const limit = Math.min(56, Math.max(18, Math.min(...size) / 7));
  const many = dots.length > 1500;
  const radius = (dot: Dot) => (bubbles ? Math.max(5, Math.sqrt(Math.abs(dot.size) / largest) * limit) : many ? 4 : dots.length > 300 ? 6 : 8);
  const label = nameColumn(wanted);
  const used = new Set(dots.map((dot) => dot.group));
  const drawnGroups = [...used].toSorted((a, b) => a - b);
  const xs = drawing.overTime ? times(wanted, places, step) : byName ? categories(wanted, places, step, false, true) : {
    ...values({ ...wanted, visualization: { ...visualization, min: null, max: null, logarithmic: false } }, { column: drawing.x, lying: true }), inverse: rtl, position: 'bottom', scale: true,
    axisLine: { show: true, onZero: false, lineStyle: { color: paint.line } }, splitLine: { show: false },
  };
  const title = { ...ink(wanted), fontSize: 11.5 };
  return {
    option: {
      useUTC: true,
      grid: { top: 26, bottom: 22, left: rtl ? 16 : 4, right: rtl ? 4 : 16, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: { ...xs, name: quiet(clip(lens.label(drawing.x), letters(size[0] * 0.7))), nameLocation: 'middle', nameGap: 24, nameTextStyle: title },
      yAxis: { ...values(wanted, { column: y, lying: false }), scale: true, name: quiet(clip(lens.label(y), letters(size[0] * 0.6))), nameGap: 10, nameTextStyle: { ...title, align: rtl ? 'right' : 'left' } },
      series: drawnGroups.map((group) => {
        const color = groups.entries[group]?.color ?? seriesColor(paint, 0);
        const own = dots.filter((dot) => dot.group === group);
        return {
          type: 'scatter', large: many && !bubbles, largeThreshold: 1500, progressive: 0,
          data: own.map((dot) => (bubbles ? { value: [dot.x, dot.y], symbolSize: radius(dot) } : [dot.x, dot.y])),
          symbol: { square: 'rect', triangle: 'triangle', diamond: 'diamond' }[groups.entries[group]?.shape as string] ?? 'circle',
          ...(bubbles ? {} : { symbolSize: own[0] ? radius(own[0]) : 8 }),
          itemStyle: { color, opacity: bubbles ? 0.62 : many ? 0.4 : 0.78, borderColor: bubbles ? mix(color, paint.surface, 0.1) : paint.surface, borderWidth: many ? 0 : bubbles ? 1 : 0.5 },
          emphasis: { disabled: true },
        };
      }),
    },
    legend: groups.entries.length > 1 ? groups.entries : [],
    by: 'point',
    count: dots.length,
    at: (index) => [dots[index]?.x ?? 0, dots[index]?.y ?? 0],
    stop: (index) => {
      const dot = dots[index];
      if (!dot) return { title: '', lines: [], pick: null };
      const entry = groups.entries[dot.group];
      const lines = [drawing.x, y, ...(drawing.size >= 0 ? [drawing.size] : [])].map((column) => ({ name: lens.label(column), value: lens.write(column)(dot.row[column] ?? null) }));
      const title = label >= 0 ? lens.write(label)(dot.row[label] ?? null) : (entry?.name ?? '');
      const column = lens.columns[label >= 0 ? label : drawing.x]?.name;
      return { title, lines: lines.map((line, place) => (place === 0 && entry ? { ...line, color: entry.color, shape: entry.shape } : line)), pick: column === undefined ? null : { column, value: dot.row[label >= 0 ? label : drawing.x] ?? null, row: dot.row } };
    },
    summary: sentence(wanted, dots, y, words.sumScatter),
  };
}

/** The first column of text that has no other part: it names the points. */
function nameColumn({ drawing, lens }: Wanted): number {
  const taken = new Set([drawing.x, drawing.series, drawing.size, ...drawing.y]);
  const found = drawing.shown.find((index) => !taken.has(index) && !lens.numeric(index) && !lens.temporal(index));
  return found ?? -1;
}

function groupsOf({ drawing, lens, paint, words }: Wanted): { entries: Entry[]; of: (row: Row) => number } {
  const shapes = ['circle', 'square', 'triangle', 'diamond'] as const;
  if (drawing.series < 0) return { entries: [{ id: 'all', name: '', color: seriesColor(paint, 0), shape: 'circle' }], of: () => 0 };
  const cells = new Map<string, Cell>();
  for (const row of lens.rows) cells.set(key(row[drawing.series]), row[drawing.series] ?? null);
  const ids = [...cells.keys()];
  const write = lens.write(drawing.series);
  const own = ids.length > MOST_SERIES ? ids.slice(0, MOST_SERIES - 1) : ids;
  const entries: Entry[] = own.map((id, index) => ({ id, name: write(cells.get(id) ?? null), color: seriesColor(paint, index), shape: shapes[index % 4] ?? 'circle' }));
  if (own.length < ids.length) entries.push({ id: 'rest', name: words.others, color: paint.muted, shape: 'circle' });
  const place = new Map(own.map((id, index) => [id, index]));
  return { entries, of: (row) => place.get(key(row[drawing.series])) ?? own.length };
}

function sentence(wanted: Wanted, dots: Dot[], y: number, text: string): string {
  const { lens, drawing, region } = wanted;
  const kind = kindName(wanted);
  if (dots.length === 0) return fill(wanted.words.sumNothing, { kind });
  const [lowY, highY] = dots.reduce<[number, number]>(([low, high], dot) => [Math.min(low, dot.y), Math.max(high, dot.y)], [Infinity, -Infinity]);
  const shortY = axisWriter(lens.format(y), region.locale);
  return fill(text, { kind, n: count(wanted, dots.length), x: lens.label(drawing.x), y: lens.label(y), from: shortY(lowY), to: shortY(highY) });
}
