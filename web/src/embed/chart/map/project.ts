/** From degrees to pixels: the Equal Earth projection, in which areas compare, fitted to a part of the world. */
import type { MapArea } from '../../lib/types';

/** West, south, east, north. */
export type Box = [number, number, number, number];

export const AREAS: Record<MapArea, Box> = {
  europe: [-11, 35, 41, 70],
  'south-america': [-82, -55.5, -34, 13],
  oceania: [112, -47, 179, -1],
  africa: [-18.5, -35.5, 52, 37.5],
  'north-america': [-168, 7, -52, 72],
  asia: [26, -11, 150, 56],
  world: [-168, -55.5, 179.9, 78],
};

const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const ROOT = Math.sqrt(3) / 2;

/** Šavrič, Patterson and Jenny, 2018. */
export function equalEarth([longitude, latitude]: [number, number]): [number, number] {
  const t = Math.asin(ROOT * Math.sin((latitude * Math.PI) / 180));
  const t2 = t * t;
  const t6 = t2 * t2 * t2;
  const x = (longitude * Math.PI * Math.cos(t)) / 180 / (ROOT * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)));
  return [x, -t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))];
}

/** The meridian in the middle. The world is cut in the Bering Strait, so that no country is. */
export const turned = ([west, , east]: Box) => (east - west < 180 ? (west + east) / 2 : 11);

/** A box of degrees in the middle of a rectangle of pixels. Small parts of the world are turned so that they stand upright. */
export function fitted(box: Box, [width, height]: [number, number], padding: number): (point: [number, number]) => [number, number] {
  const [west, south, east, north] = box;
  const turn = turned(box);
  const raw = ([longitude, latitude]: [number, number]): [number, number] => {
    const own = longitude - turn;
    return equalEarth([own > 180 ? own - 360 : own < -180 ? own + 360 : own, latitude]);
  };
  const edge: [number, number][] = [];
  for (let step = 0; step <= 20; step += 1) {
    const [x, y] = [west + ((east - west) * step) / 20, south + ((north - south) * step) / 20];
    edge.push([x, south], [x, north], [west, y], [east, y]);
  }
  const points = edge.map(raw);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - 2 * padding) / (right - left), (height - 2 * padding) / (bottom - top));
  return (point) => {
    const [x, y] = raw(point);
    return [width / 2 + (x - (left + right) / 2) * scale, height / 2 + (y - (top + bottom) / 2) * scale];
  };
}

/** A ring cut at the edges of the map, 180 degrees from its middle: none, one or two rings. */
export function cut(ring: [number, number][], turn: number): [number, number][][] {
  let turns = 0;
  const whole = ring.map(([x, y], index): [number, number] => {
    const before = ring[index - 1]?.[0];
    if (before !== undefined && Math.abs(x - before) > 180) turns += x < before ? 360 : -360;
    return [x + turns, y];
  });
  const [low, high] = [turn - 180, turn + 180];
  if (whole.every(([x]) => x >= low && x <= high)) return [whole];
  return [-360, 0, 360].flatMap((shift) => {
    const moved = whole.map(([x, y]): [number, number] => [x + shift, y]);
    const inside = half(half(moved, low, 1), high, -1);
    return inside.length > 2 ? [inside] : [];
  });
}

/** What of a ring is on one side of a meridian (Sutherland and Hodgman). */
function half(ring: [number, number][], edge: number, side: 1 | -1): [number, number][] {
  const keep = ([x]: [number, number]) => (x - edge) * side >= 0;
  return ring.flatMap((point, index): [number, number][] => {
    const before = ring[(index + ring.length - 1) % ring.length] ?? point;
    const [a, b] = [keep(before), keep(point)];
    if (a && b) return [point];
    if (!a && !b) return [];
    const share = (edge - before[0]) / (point[0] - before[0]);
    const crossing: [number, number] = [edge, before[1] + share * (point[1] - before[1])];
    return b ? [crossing, point] : [crossing];
  });
}

/** The smallest part of the world that has all these points. */
export function areaOf(points: [number, number][]): Box {
  const inside = ([west, south, east, north]: Box) => points.every(([x, y]) => x >= west - 2 && x <= east + 2 && y >= south - 2 && y <= north + 2);
  return points.length === 0 ? AREAS.world : (Object.values(AREAS).find(inside) ?? AREAS.world);
}

/** Around points, with room, and not closer than some hundred kilometres. */
export function around(points: [number, number][]): Box {
  if (points.length === 0) return AREAS.world;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  if (east - west > 120 || north - south > 80) return AREAS.world;
  const [wide, high] = [Math.max(6, (east - west) * 1.25), Math.max(4, (north - south) * 1.25)];
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  return [x - wide / 2, Math.max(-85, y - high / 2), x + wide / 2, Math.min(85, y + high / 2)];
}
