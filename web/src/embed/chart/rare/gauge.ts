/** One number on a dial, with bands and a goal. */
import { amount, axisWriter, NOTHING } from '../../lib/format';
import { fill } from '../../messages';
import { mix } from '../color';
import { clip, letters } from '../common/scales';
import { kindName } from '../common/summary';
import { named, seriesColor } from '../paint';
import type { Plan, Wanted } from '../plan';
import { group, text, type Drawn } from './shapes';

/** The dial is open below: from seven to five o'clock. */
const OPEN = (Math.PI * 2) / 3;

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, size, words, region, visualization } = wanted;
  const column = drawing.y[0] ?? -1;
  const row = lens.rows[0] ?? [];
  const value = lens.amount(row, column);
  const write = lens.write(column);
  const short = axisWriter(lens.format(column), region.locale);
  const goalColumn = lens.columns.findIndex(({ name }) => name === visualization.goal?.column);
  const goal = visualization.goal?.value ?? amount(row[goalColumn]);
  const style = lens.format(column)?.style;
  const bands = visualization.bands ?? [];
  const low = visualization.min ?? Math.min(0, value ?? 0);
  const high = visualization.max ?? (style === 'percent' ? 100 : style === 'fraction' ? 1 : round(Math.max(value ?? 0, goal ?? 0, bands.at(-1)?.from ?? 0)));
  const share = (at: number) => Math.max(0, Math.min(1, (at - low) / (high - low || 1)));
  const band = bands.toReversed().find((one) => value !== null && value >= (one.from ?? -Infinity));
  const color = named(paint, band?.color) ?? seriesColor(paint, 0);
  const goalName = visualization.goal?.label ?? words.goal;
  return {
    option: { series: [{ type: 'custom', coordinateSystem: 'none', data: [[0]], renderItem: () => dial() }] },
    legend: [],
    by: 'mark',
    count: 1,
    mark: () => ({ series: 0, data: 0 }),
    find: () => 0,
    stop: () => ({
      title: lens.label(column),
      lines: [{ name: words.value, value: value === null ? NOTHING : write(row[column] ?? null), color, shape: 'square' }, ...(goal === null ? [] : [{ name: goalName, value: write(goal), faint: true }]), ...(band?.label ? [{ name: words.band, value: band.label, faint: true }] : [])],
      pick: null,
    }),
    summary: value === null
      ? fill(words.sumNothing, { kind: kindName(wanted) })
      : `${fill(words.sumGauge, { kind: kindName(wanted), y: lens.label(column), value: write(row[column] ?? null), min: short(low), max: short(high) })}${goal === null ? '' : ` ${fill(words.sumGoal, { name: goalName, value: write(goal) })}`}${band?.label ? ` ${band.label}.` : ''}`,
  };

  function dial(): Drawn {
    const radius = Math.max(20, Math.min(size[0] / 2 - 26, (size[1] - 24) / (1 + Math.cos(OPEN / 2)) - 4));
    const [cx, cy] = [size[0] / 2, Math.min(size[1] - 20 - radius * Math.cos(OPEN / 2), 8 + radius)];
    const thick = Math.max(9, Math.min(26, radius * 0.2));
    const from = Math.PI / 2 + OPEN / 2;
    const way = Math.PI * 2 - OPEN;
    // Right to left, the dial runs from the right, as the reading does.
    const flip = wanted.rtl;
    const angle = (part: number) => from + way * (flip ? 1 - part : part);
    const arc = (start: number, end: number, inner: number, outer: number, fillColor: string, round = 0): Drawn => ({
      type: 'sector', shape: { cx, cy, r0: inner, r: outer, startAngle: Math.min(angle(start), angle(end)), endAngle: Math.max(angle(start), angle(end)), cornerRadius: round, clockwise: true }, style: { fill: fillColor },
    });
    const rim = bands.length > 0 ? 4 : 0;
    const inner = radius - rim - (rim > 0 ? 3 : 0);
    const at = (part: number, r: number): [number, number] => [cx + Math.cos(angle(part)) * r, cy + Math.sin(angle(part)) * r];
    const drawn = [arc(0, 1, inner - thick, inner, mix(paint.surface, paint.text, 0.09), thick / 2)];
    bands.forEach((one, index) => {
      const [start, end] = [share(one.from ?? low), share(bands[index + 1]?.from ?? high)];
      if (end > start) drawn.push(arc(start, end, radius - rim, radius, named(paint, one.color) ?? paint.muted));
    });
    if (value !== null && share(value) > 0) drawn.push(arc(0, share(value), inner - thick, inner, color, thick / 2));
    if (goal !== null && goal >= low && goal <= high) {
      const [[x1, y1], [x2, y2]] = [at(share(goal), inner - thick - 3), at(share(goal), radius + 3)];
      drawn.push({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: paint.text, lineWidth: 2.5 } });
    }
    const words = value === null ? NOTHING : write(row[column] ?? null);
    const large = Math.max(14, Math.min(38, ((inner - thick) * 2.6) / Math.max(4, words.length)));
    const [start, end] = [at(0, inner - thick / 2), at(1, inner - thick / 2)];
    const font = paint.font;
    return group([
      ...drawn,
      text(cx, cy - (goal === null ? 0 : 6), words, { fill: paint.text, font, size: large, weight: 650, align: 'center' }),
      ...(goal === null ? [] : [text(cx, cy - 6 + large * 0.62 + 8, clip(`${goalName} ${write(goal)}`, letters((inner - thick) * 1.7)), { fill: paint.muted, font, size: 12, align: 'center' })]),
      text(start[0], start[1] + 15, short(low), { fill: paint.muted, font, size: 11.5, align: 'center' }),
      text(end[0], end[1] + 15, short(high), { fill: paint.muted, font, size: 11.5, align: 'center' }),
    ]);
  }
}

/** The next round number above. */
function round(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * power > most * 1.02) ?? 12) * power;
}
