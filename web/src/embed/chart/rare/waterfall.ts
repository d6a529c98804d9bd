/** Steps up and down from zero to a total. */
import { fill } from '../../messages';
import { categories, placesOf, quiet, values } from '../common/scales';
import { split } from '../common/series';
import { count, kindName } from '../common/summary';
import type { Plan, Wanted } from '../plan';
import { group, line, rect, text, type Api, type Drawn, type Params } from './shapes';

interface Step {
  id: string;
  name: string;
  from: number;
  to: number;
  total: boolean;
}

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, size, rtl, words, visualization } = wanted;
  const column = drawing.y[0] ?? -1;
  const write = lens.made(column);
  const { series, places: found } = split({ ...wanted, drawing: { ...drawing, y: [column], series: -1 } });
  const { places: all, step } = placesOf(wanted, found, false);
  const places = all.slice(0, 100);
  const points = series[0]?.points;
  let level = 0;
  const steps: Step[] = places.map((place) => {
    const from = level;
    level += points?.get(place.id) ?? 0;
    return { id: place.id, name: place.name, from, to: level, total: false };
  });
  if (visualization.totals !== false && all.length === places.length) steps.push({ id: 'total', name: words.total, from: 0, to: level, total: true });
  const good = visualization.good ?? 'up';
  const [up, down] = good === 'neither' ? [paint.series[0] ?? paint.accent, paint.series[1] ?? paint.text] : good === 'up' ? [paint.good, paint.bad] : [paint.bad, paint.good];
  const color = (one: Step) => (one.total ? paint.muted : one.to >= one.from ? up : down);
  const sign = new Intl.NumberFormat(wanted.region.locale, { signDisplay: 'exceptZero' }).formatToParts(1).find((part) => part.type === 'plusSign')?.value ?? '+';
  const change = (one: Step) => (one.total ? write(one.to) : `${one.to - one.from > 0 ? sign : ''}${write(one.to - one.from)}`);
  const slot = (size[0] - 56) / Math.max(1, steps.length);
  const spoken = visualization.show_values ?? slot >= 42;
  const axis = categories({ ...wanted, drawing: { ...drawing, overTime: false } }, steps.map((one) => ({ id: one.id, cell: null, at: 0, name: one.name })), step, false, true);
  const x = lens.columns[drawing.x]?.name;
  return {
    option: {
      grid: { top: 20, bottom: 2, left: rtl ? 14 : 4, right: rtl ? 4 : 14, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: axis,
      yAxis: values(wanted, { column, lying: false, ...(spoken ? { room: [steps.some((one) => one.to < 0 || one.from < 0) ? '8%' : '0%', '4%'] as [string, string] } : {}) }),
      series: [{
        type: 'custom', clip: false, encode: { x: 0, y: [1, 2] }, data: steps.map((one, index) => [index, one.from, one.to]),
        renderItem: ({ dataIndex }: Params, api: Api): Drawn => {
          const one = steps[dataIndex];
          if (!one) return group([]);
          const [at, start] = api.coord([dataIndex, one.from]);
          const [, end] = api.coord([dataIndex, one.to]);
          const width = Math.min(44, (api.size([1, 0])[0] ?? slot) * 0.66);
          const top = Math.min(start, end);
          const next = steps[dataIndex + 1];
          const drawn = [rect(at - width / 2, top, width, Math.max(1.5, Math.abs(end - start)), color(one), 2)];
          if (next && dataIndex + 1 < steps.length) {
            const [beyond] = api.coord([dataIndex + 1, one.to]);
            const way = beyond > at ? 1 : -1;
            drawn.push(line(at + (way * width) / 2, end, beyond - (way * width) / 2, end, paint.muted, 1, [2, 3]));
          }
          const below = one.to < one.from && !one.total;
          if (spoken) drawn.push(text(at, below ? Math.max(start, end) + 4 : top - 4, change(one), { fill: paint.text, font: paint.font, size: 11.5, align: 'center', vertical: below ? 'top' : 'bottom', weight: one.total ? 650 : 400 }));
          return group(drawn);
        },
      }],
    },
    legend: [],
    by: 'place',
    count: steps.length,
    at: (index) => [index, 0],
    stop: (index) => {
      const one = steps[index];
      if (!one) return { title: '', lines: [], pick: null };
      const lines = [{ name: lens.label(column), value: change(one), color: color(one), shape: 'square' as const }];
      return {
        title: one.name,
        lines: one.total ? lines : [...lines, { name: words.soFar, value: write(one.to), faint: true }],
        pick: one.total || x === undefined ? null : { column: x, value: found.get(one.id) ?? null },
      };
    },
    ...(all.length > places.length ? { note: fill(words.firstDrawn, { n: count(wanted, places.length), total: count(wanted, all.length) }) } : {}),
    summary: fill(words.sumWaterfall, { kind: kindName(wanted), y: lens.label(column), n: count(wanted, places.length), total: write(level), x: quiet(lens.label(drawing.x)) }),
  };
}
