/** Countries by colour, or places by point. No tiles and no other server: the shapes come with the page. */
import { axisWriter } from '../../lib/format';
import type { Cell, Row } from '../../lib/types';
import { fill } from '../../messages';
import { along, mix, ramp } from '../color';
import { count, kindName, list } from '../common/summary';
import { diverging, named, rising, seriesColor } from '../paint';
import type { Plan, Stop, Wanted } from '../plan';
import type { Drawn, Params } from '../rare/shapes';
import { AREAS, areaOf, around, cut, fitted, turned, type Box } from './project';
import { Finder, type Region } from './world';

interface Known {
  cell: Cell;
  value: number | null;
}

interface Spot {
  row: Row;
  at: [number, number];
  value: number | null;
}

const NOT_FOUND = 3;

export function plan(wanted: Wanted, regions: Region[]): Plan {
  return wanted.drawing.latitude >= 0 && wanted.drawing.longitude >= 0 ? points(wanted, regions) : areas(wanted, regions);
}

function areas(wanted: Wanted, regions: Region[]): Plan {
  const { drawing, lens, paint, region, words, visualization } = wanted;
  const y = drawing.y[0] ?? -1;
  const write = lens.write(y);
  const short = axisWriter(lens.format(y), region.locale);
  const finder = new Finder(regions, region.locale);
  const known = new Map<number, Known>();
  const lost = new Set<string>();
  for (const row of lens.rows) {
    const cell = row[drawing.x] ?? null;
    const index = finder.find(cell);
    if (index < 0) {
      if (cell !== null) lost.add(lens.write(drawing.x)(cell));
      continue;
    }
    const [value, before] = [lens.amount(row, y), known.get(index)?.value];
    known.set(index, { cell, value: value === null ? (before ?? null) : value + (before ?? 0) });
  }
  const order = [...known.keys()];
  const numbers = [...known.values()].flatMap(({ value }) => (value === null ? [] : [value]));
  const [low, high] = [visualization.min ?? Math.min(0, ...numbers), visualization.max ?? Math.max(0, ...numbers)];
  const both = low < 0 && high > 0;
  const end = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const colors = both ? diverging(paint) : rising(paint);
  const color = (value: number) => along(colors, both ? (value + end) / (2 * end) : (value - low) / (high - low || 1));
  const middles = order.flatMap((index) => (regions[index] ? [regions[index].middle] : []));
  const box = visualization.map?.area ? AREAS[visualization.map.area] : areaOf(middles);
  const ground = paths(wanted, regions, box);
  const x = lens.columns[drawing.x]?.name;
  const most = order.reduce((top, index) => ((known.get(index)?.value ?? -Infinity) > (known.get(top)?.value ?? -Infinity) ? index : top), order[0] ?? -1);
  const left = [...lost];
  return {
    option: {
      series: [{
        type: 'custom', coordinateSystem: 'none', animation: false, data: regions.map((_, index) => [index]),
        renderItem: ({ dataIndex }: Params): Drawn => ground.shape(dataIndex, known.get(dataIndex)?.value ?? null, color),
      }],
    },
    legend: [],
    ...(numbers.length > 0 ? { ramp: { colors: ramp(colors, 12), from: short(both ? -end : low), to: short(both ? end : high), name: lens.label(y) } } : {}),
    by: 'mark',
    count: order.length,
    mark: (index) => ({ series: 0, data: order[index] ?? 0 }),
    find: (_, data) => order.indexOf(data),
    pixel: (index) => ground.project(regions[order[index] ?? -1]?.middle ?? [0, 0]),
    stop: (index) => {
      const own = known.get(order[index] ?? -1);
      const value = own?.value ?? null;
      return {
        title: finder.name(order[index] ?? -1),
        lines: [{ name: lens.label(y), value: write(value), ...(value === null ? {} : { color: color(value), shape: 'square' as const }) }],
        pick: own && x !== undefined ? { column: x, value: own.cell } : null,
      };
    },
    ...(left.length > 0 ? { note: fill(words.notOnMap, { n: count(wanted, left.length), names: list(wanted, left.length > NOT_FOUND ? [...left.slice(0, NOT_FOUND), '…'] : left) }) } : {}),
    summary: most >= 0
      ? fill(words.sumMap, { kind: kindName(wanted), y: lens.label(y), n: count(wanted, order.length), max: write(known.get(most)?.value ?? null), maxAt: finder.name(most) })
      : fill(words.sumNothing, { kind: kindName(wanted) }),
  };
}

function points(wanted: Wanted, regions: Region[]): Plan {
  const { drawing, lens, paint, size, words, visualization } = wanted;
  const column = drawing.size >= 0 ? drawing.size : (drawing.y[0] ?? -1);
  const spots = lens.rows.flatMap((row): Spot[] => {
    const [latitude, longitude] = [lens.amount(row, drawing.latitude), lens.amount(row, drawing.longitude)];
    const real = latitude !== null && longitude !== null && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    return real ? [{ row, at: [longitude, latitude], value: lens.amount(row, column) }] : [];
  });
  // Large ones first, so that small ones lie on them.
  spots.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const box = visualization.map?.area ? AREAS[visualization.map.area] : around(spots.map((spot) => spot.at));
  const ground = paths(wanted, regions, box);
  const most = spots.reduce((top, spot) => Math.max(top, Math.abs(spot.value ?? 0)), 0);
  const limit = Math.max(9, Math.min(...size) / 16);
  const radius = (spot: Spot) => (column < 0 || most === 0 ? 5 : Math.max(3, Math.sqrt(Math.abs(spot.value ?? 0) / most) * limit));
  const color = named(paint, visualization.columns?.[lens.columns[column]?.name ?? '']?.color) ?? seriesColor(paint, 0);
  const label = drawing.x >= 0 ? drawing.x : drawing.shown.find((index) => !lens.numeric(index)) ?? -1;
  const name = (spot: Spot | undefined) => (spot && label >= 0 ? lens.write(label)(spot.row[label] ?? null) : '');
  const x = lens.columns[label]?.name;
  const first = spots[0];
  return {
    option: {
      series: [
        { type: 'custom', coordinateSystem: 'none', animation: false, silent: true, data: regions.map((_, index) => [index]), renderItem: ({ dataIndex }: Params): Drawn => ground.shape(dataIndex, null, () => '') },
        {
          type: 'custom', coordinateSystem: 'none', animation: false, z: 5, data: spots.map((_, index) => [index]),
          renderItem: ({ dataIndex }: Params): Drawn => {
            const spot = spots[dataIndex];
            const [cx, cy] = ground.project(spot?.at ?? [0, 0]);
            return { type: 'circle', shape: { cx, cy, r: spot ? radius(spot) : 0 }, style: { fill: color, opacity: spots.length > 400 ? 0.5 : 0.68, stroke: paint.surface, lineWidth: 1 } };
          },
        },
      ],
    },
    legend: [],
    by: 'point',
    count: spots.length,
    pixel: (index) => ground.project(spots[index]?.at ?? [0, 0]),
    stop: (index): Stop => {
      const spot = spots[index];
      if (!spot) return { title: '', lines: [], pick: null };
      return {
        title: name(spot),
        lines: column >= 0 ? [{ name: lens.label(column), value: lens.write(column)(spot.row[column] ?? null), color, shape: 'circle' }] : [],
        pick: x === undefined ? null : { column: x, value: spot.row[label] ?? null, row: spot.row },
      };
    },
    ...(lens.rows.length > spots.length ? { note: fill(words.withoutPlace, { n: count(wanted, lens.rows.length - spots.length) }) } : {}),
    summary: first
      ? column >= 0
        ? fill(words.sumMap, { kind: kindName(wanted), y: lens.label(column), n: count(wanted, spots.length), max: lens.write(column)(first.row[column] ?? null), maxAt: name(first) })
        : fill(words.sumPlaces, { kind: kindName(wanted), n: count(wanted, spots.length) })
      : fill(words.sumNothing, { kind: kindName(wanted) }),
  };
}

/** The countries as paths in pixels. */
function paths({ paint, size }: Wanted, regions: Region[], box: Box) {
  const project = fitted(box, size, 6);
  const turn = turned(box);
  const blank = mix(paint.surface, paint.text, paint.dark ? 0.16 : 0.1);
  const near = ([x, y]: [number, number]) => x > -80 && y > -80 && x < size[0] + 80 && y < size[1] + 80;
  return {
    project,
    shape(index: number, value: number | null, color: (value: number) => string): Drawn {
      const region = regions[index];
      if (!region) return { type: 'group', children: [] };
      const fillColor = value === null ? blank : color(value);
      const rings = region.polygons.flatMap((polygon) => polygon.flatMap((ring) => cut(ring, turn).map((part) => part.map(project)))).filter((ring) => ring.some(near));
      const pathData = rings.map((ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`).join('');
      const children: Drawn[] = pathData === '' ? [] : [{ type: 'path', shape: { pathData }, style: { fill: fillColor, stroke: paint.surface, lineWidth: 0.6 } }];
      const [cx, cy] = project(region.middle);
      if (value !== null && region.tiny && near([cx, cy])) children.push({ type: 'circle', shape: { cx, cy, r: 4 }, style: { fill: fillColor, stroke: paint.text, lineWidth: 0.8 } });
      return { type: 'group', children };
    },
  };
}
