/** Colours on a grid. A moment alone becomes day by hour, days become weeks by day. */
import { amount, NOTHING } from '../../lib/format';
import { DAY } from '../../lib/time';
import type { Cell } from '../../lib/types';
import { fill } from '../../messages';
import { along, inkOn, ramp } from '../color';
import { clip, ink, letters, placesOf, quiet } from '../common/scales';
import { key } from '../common/series';
import { count, kindName } from '../common/summary';
import { diverging, rising } from '../paint';
import type { Plan, Wanted } from '../plan';
import { group, rect, text, type Api, type Drawn, type Params } from './shapes';

interface Side {
  ids: string[];
  names: string[];
  cells: (Cell | undefined)[];
}

interface Grid {
  across: Side;
  down: Side;
  values: Map<string, number>;
  /** Whether the sides are columns of the answer, whose values can be picked. */
  own: boolean;
}

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, size, rtl, words, visualization } = wanted;
  const y = drawing.y[0] ?? -1;
  const grid = drawing.series >= 0 ? ofColumns(wanted) : ofMoments(wanted);
  const { across, down, values } = grid;
  const numbers = [...values.values()];
  const [low, high] = [visualization.min ?? Math.min(0, ...numbers), visualization.max ?? Math.max(0, ...numbers)];
  const both = low < 0 && high > 0;
  const colors = both ? diverging(paint) : rising(paint);
  const end = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const color = (value: number) => along(colors, both ? (value + end) / (2 * end) : (value - low) / (high - low || 1));
  const own = y >= 0 ? lens.made(y) : (value: number) => count(wanted, value);
  const write = (value: number | null) => (value === null ? NOTHING : own(value));
  const cells = down.ids.flatMap((row, j) => across.ids.map((column, i) => ({ i, j, value: values.get(`${column}\n${row}`) ?? null })));
  const rooms = { width: (size[0] - 80) / Math.max(1, across.ids.length), height: (size[1] - 30) / Math.max(1, down.ids.length) };
  const spoken = visualization.show_values ?? (rooms.width >= 34 && rooms.height >= 18 && across.ids.length <= 16);
  const most = cells.reduce<(typeof cells)[number] | null>((top, cell) => (cell.value !== null && (!top || cell.value > (top.value ?? -Infinity)) ? cell : top), null);
  const named = (cell: { i: number; j: number } | undefined) => (cell ? `${down.names[cell.j] ?? ''}, ${across.names[cell.i] ?? ''}` : '');
  const axis = (side: Side) => ({ type: 'category', data: side.names.map(quiet), axisTick: { show: false }, axisLine: { show: false }, splitLine: { show: false } });
  const [xName, yName] = [lens.columns[drawing.x]?.name, lens.columns[drawing.series]?.name];
  return {
    option: {
      grid: { top: 2, bottom: 2, left: rtl ? 6 : 2, right: rtl ? 2 : 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: { ...axis(across), inverse: rtl, axisLabel: { ...ink(wanted), hideOverlap: true, formatter: (name: string) => clip(name, letters(Math.max(52, rooms.width * 2))) } },
      yAxis: { ...axis(down), inverse: true, position: rtl ? 'right' : 'left', axisLabel: { ...ink(wanted), interval: rooms.height >= 12 ? 0 : 'auto', formatter: (name: string) => clip(name, letters(Math.min(170, size[0] * 0.28))) } },
      series: [{
        type: 'custom', animation: false, clip: true, data: cells.map(({ i, j }) => [i, j]), encode: { x: 0, y: 1 },
        renderItem: ({ dataIndex }: Params, api: Api): Drawn => {
          const cell = cells[dataIndex];
          const [x, at] = api.coord([cell?.i ?? 0, cell?.j ?? 0]);
          const [width, height] = api.size([1, 1]);
          const gap = Math.min(width, height) > 14 ? 2 : Math.min(width, height) > 5 ? 1 : 0;
          const value = cell?.value ?? null;
          const own = value === null ? paint.surface : color(value);
          const box = rect(x - width / 2 + gap / 2, at - height / 2 + gap / 2, width - gap, height - gap, own, gap > 0 ? 3 : 0, value === null ? { stroke: paint.line, lineWidth: 1 } : {});
          if (!spoken || value === null) return box;
          return group([box, text(x, at, clip(write(value), letters(width + 4)), { fill: inkOn(own), font: paint.font, size: 11.5, align: 'center' })]);
        },
      }],
    },
    legend: [],
    ...(numbers.length > 0 ? { ramp: { colors: ramp(colors, 12), from: write(both ? -end : low), to: write(both ? end : high), name: y >= 0 ? lens.label(y) : words.count } } : {}),
    by: 'mark',
    count: cells.length,
    mark: (index) => ({ series: 0, data: index }),
    find: (_, data) => data,
    stop: (index) => {
      const cell = cells[index];
      const value = cell?.value ?? null;
      const [x, second] = [across.cells[cell?.i ?? -1], down.cells[cell?.j ?? -1]];
      return {
        title: named(cell),
        lines: [{ name: y >= 0 ? lens.label(y) : words.count, value: write(value), ...(value === null ? {} : { color: color(value), shape: 'square' as const }) }],
        pick: grid.own && xName !== undefined && x !== undefined ? { column: xName, value: x, ...(yName !== undefined && second !== undefined ? { also: [{ column: yName, value: second }] } : {}) } : null,
      };
    },
    height: Math.max(size[1], down.ids.length * 13 + 30),
    summary: most?.value != null
      ? fill(words.sumHeat, { kind: kindName(wanted), y: y >= 0 ? lens.label(y) : words.count, across: count(wanted, across.ids.length), down: count(wanted, down.ids.length), max: write(most.value), maxAt: named(most) })
      : fill(words.sumNothing, { kind: kindName(wanted) }),
  };
}

function ofColumns(wanted: Wanted): Grid {
  const { drawing, lens } = wanted;
  const values = new Map<string, number>();
  const [xs, rows] = [new Map<string, Cell>(), new Map<string, Cell>()];
  for (const row of lens.rows) {
    const [x, other] = [row[drawing.x] ?? null, row[drawing.series] ?? null];
    xs.set(key(x), x);
    rows.set(key(other), other);
    const value = drawing.y[0] === undefined ? 1 : amount(row[drawing.y[0]]);
    const place = `${key(x)}\n${key(other)}`;
    if (value !== null) values.set(place, (values.get(place) ?? 0) + value);
  }
  const { places } = placesOf(wanted, ordered(xs, lens.numeric(drawing.x)), true);
  const down = [...ordered(rows, lens.numeric(drawing.series))].slice(0, 200);
  const write = lens.write(drawing.series);
  return {
    across: { ids: places.map(({ id }) => id), names: places.map(({ name }) => name), cells: places.map((place) => place.cell ?? undefined) },
    down: { ids: down.map(([id]) => id), names: down.map(([, cell]) => write(cell)), cells: down.map(([, cell]) => cell) },
    values,
    own: true,
  };
}

/** Numbers in order; words as they came. */
function ordered(cells: Map<string, Cell>, numeric: boolean): Map<string, Cell> {
  return numeric ? new Map([...cells].toSorted((a, b) => Number(a[1]) - Number(b[1]))) : cells;
}

/** Hours across and weekdays down; for days without hours, weeks across. */
function ofMoments({ drawing, lens, region }: Wanted): Grid {
  const found = lens.rows.flatMap((row): [number, number][] => {
    const [at, value] = [lens.moment(drawing.x, row[drawing.x]), drawing.y[0] === undefined ? 1 : lens.amount(row, drawing.y[0])];
    return at === null || value === null ? [] : [[at, value]];
  });
  const hours = found.some(([at]) => at % DAY !== 0);
  const first = firstDay(region.locale);
  const weekday = (at: number) => (new Date(at).getUTCDay() - first + 7) % 7;
  const weekOf = (at: number) => Math.floor(at / DAY) * DAY - weekday(at) * DAY;
  const day = new Intl.DateTimeFormat(region.locale, { weekday: 'short', timeZone: 'UTC' });
  const hour = new Intl.DateTimeFormat(region.locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const week = new Intl.DateTimeFormat(region.locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const values = new Map<string, number>();
  const across: number[] = [];
  if (hours) for (let at = 0; at < 24; at += 1) across.push(at);
  else {
    const weeks = found.map(([at]) => weekOf(at));
    const last = Math.max(...weeks);
    for (let at = Math.min(...weeks); at <= last && across.length < 260; at += 7 * DAY) across.push(at);
  }
  for (const [at, value] of found) {
    const place = `${hours ? new Date(at).getUTCHours() : weekOf(at)}\n${weekday(at)}`;
    values.set(place, (values.get(place) ?? 0) + value);
  }
  const days = Array.from({ length: 7 }, (_, index) => index);
  // 1970-01-04 was a Sunday.
  return {
    across: { ids: across.map(String), names: across.map((at) => (hours ? hour.format(at * 3_600_000) : week.format(at))), cells: [] },
    down: { ids: days.map(String), names: days.map((index) => day.format((3 + first + index) * DAY)), cells: [] },
    values,
    own: false,
  };
}

/** The week's first day where the locale is spoken, Sunday being 0; Monday when it is not known. */
export function firstDay(locale: string): number {
  try {
    const found = new Intl.Locale(locale) as Intl.Locale & { weekInfo?: { firstDay: number }; getWeekInfo?: () => { firstDay: number } };
    return ((found.getWeekInfo?.() ?? found.weekInfo)?.firstDay ?? 1) % 7;
  } catch {
    return 1;
  }
}
