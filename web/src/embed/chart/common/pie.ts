/** Shares of a whole: a disc, or a ring around the sum. */
import type { Cell } from '../../lib/types';
import { fill } from '../../messages';
import { inkOn } from '../color';
import { seriesColor } from '../paint';
import type { Plan, Wanted } from '../plan';
import { clip, letters, quiet } from './scales';
import { key } from './series';
import { ofParts } from './summary';

/** Slices beyond these are one: a pie of twenty is a riddle. */
const SLICES = 7;

interface Slice {
  id: string;
  name: string;
  cell: Cell;
  value: number;
  color: string;
  rest: boolean;
}

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, size, region, words, off, still } = wanted;
  const column = drawing.y[0] ?? -1;
  const write = lens.made(column);
  const { slices, negative } = slicesOf(wanted, column);
  const visible = slices.filter((slice) => !off.has(slice.id));
  const total = visible.reduce((sum, slice) => sum + slice.value, 0);
  const share = new Intl.NumberFormat(region.locale, { style: 'percent', maximumFractionDigits: 1 });
  const part = (slice: Slice) => share.format(total > 0 ? slice.value / total : 0);
  const donut = drawing.kind === 'donut';
  const radius = Math.min(size[0], size[1]) / 2 - 4;
  const middle = write(total);
  const x = lens.columns[drawing.x]?.name;
  return {
    option: {
      series: [
        {
          type: 'pie',
          radius: donut ? ['62%', '98%'] : [0, '98%'],
          center: ['50%', '50%'],
          startAngle: 90,
          // A whole of nothing is not drawn as a full disc.
          stillShowZeroSum: false,
          animationType: still ? 'none' : 'expansion',
          padAngle: visible.length > 1 && donut ? 0.8 : 0,
          itemStyle: { borderColor: paint.surface, borderWidth: visible.length > 1 ? 1.5 : 0, borderRadius: donut ? 3 : 0 },
          emphasis: { scaleSize: 3 },
          labelLine: { show: false },
          label: {
            show: radius > 52 && !donut, position: 'inside', fontFamily: paint.font, fontSize: 11.5, fontWeight: 600,
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const slice = visible[dataIndex];
              return slice && slice.value / total >= 0.06 ? quiet(part(slice)) : '';
            },
          },
          data: visible.map((slice) => ({ name: quiet(slice.name), value: slice.value, itemStyle: { color: slice.color }, label: { color: inkOn(slice.color) } })),
        },
        ...(donut && radius > 44 ? [sum(wanted, middle, lens.label(column), radius)] : []),
      ],
    },
    legend: slices.map((slice) => ({ id: slice.id, name: slice.name, color: slice.color, shape: 'square', value: off.has(slice.id) ? '' : part(slice) })),
    side: true,
    by: 'mark',
    count: visible.length,
    mark: (index) => ({ series: 0, data: index }),
    find: (series, data) => (series === 0 && data < visible.length ? data : -1),
    stop: (index) => {
      const slice = visible[index];
      if (!slice) return { title: '', lines: [], pick: null };
      return {
        title: slice.name,
        lines: [{ name: lens.label(column), value: write(slice.value), color: slice.color, shape: 'square' }, { name: words.share, value: part(slice), faint: true }],
        pick: slice.rest || x === undefined ? null : { column: x, value: slice.cell },
      };
    },
    ...(negative > 0 ? { note: fill(words.negativeLeft, { n: new Intl.NumberFormat(region.locale).format(negative) }) } : {}),
    summary: ofParts(wanted, lens.label(column), lens.label(drawing.x), visible.map((slice) => `${slice.name} ${part(slice)}`)),
  };
}

function slicesOf({ drawing, lens, words, paint }: Wanted, column: number): { slices: Slice[]; negative: number } {
  const write = lens.write(drawing.x);
  const sums = new Map<string, { cell: Cell; value: number }>();
  let negative = 0;
  for (const row of lens.rows) {
    const value = lens.amount(row, column);
    if (value === null || value === 0) continue;
    if (value < 0) {
      negative += 1;
      continue;
    }
    const cell = row[drawing.x] ?? null;
    sums.set(key(cell), { cell, value: (sums.get(key(cell))?.value ?? 0) + value });
  }
  const all = [...sums].map(([id, one]) => ({ id, ...one, name: write(one.cell), rest: false })).toSorted((a, b) => b.value - a.value);
  const kept = all.length > SLICES + 1 ? all.slice(0, SLICES) : all;
  const value = all.slice(kept.length).reduce((sum, slice) => sum + slice.value, 0);
  const slices = kept.map((slice, index) => ({ ...slice, color: seriesColor(paint, index) }));
  if (value > 0) slices.push({ id: 'rest', cell: null, name: words.others, value, rest: true, color: paint.muted });
  return { slices, negative };
}

/** The sum in the middle of the ring: a slice of a pie that is not seen. */
function sum({ paint }: Wanted, text: string, name: string, radius: number): Record<string, unknown> {
  const inner = radius * 1.1;
  const large = Math.max(13, Math.min(26, (inner * 1.5) / Math.max(4, text.length)));
  const named = clip(name, letters(inner));
  return {
    type: 'pie', silent: true, radius: [0, 0], center: ['50%', '50%'], animation: false,
    label: {
      show: true, position: 'center', fontFamily: paint.font,
      formatter: `{v|${quiet(text)}}\n{n|${quiet(named)}}`,
      rich: {
        v: { color: paint.text, fontSize: large, fontWeight: 650, fontFamily: paint.font, lineHeight: large + 6 },
        n: { color: paint.muted, fontSize: 11.5, fontFamily: paint.font },
      },
    },
    data: [{ value: 1, itemStyle: { color: 'transparent' } }],
  };
}
