/**
 * Makes src/embed/chart/map/world.json from Natural Earth's countries (public domain), as the npm package world-atlas
 * has them (1:50m), simplified. Not part of the build: run it when the map is to change.
 *
 *     npm install --no-save world-atlas@2.0.2 topojson-client@3.1.0 topojson-simplify@3.0.3 i18n-iso-countries@7
 *     node tools/world.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

const require = createRequire(process.env.FROM ?? import.meta.url);
const { presimplify, simplify, sphericalTriangleArea } = require('topojson-simplify');
const client = require('topojson-client');
const source = JSON.parse(readFileSync(require.resolve('world-atlas/countries-50m.json'), 'utf8'));
const codes = require('i18n-iso-countries/codes.json');

const WEIGHT = 2.2e-6;
/** Islands below this are left out, unless they are all that a country has (steradians). */
const ISLAND = 6e-5;
/** Degrees are kept in so many steps around the globe. */
const STEPS = 36_000;

const topology = simplify(presimplify(source, sphericalTriangleArea), WEIGHT);
const byNumeric = new Map(codes.map(([alpha2, alpha3, numeric]) => [numeric, { alpha2, alpha3 }]));
// Without a code of ISO's; the codes that are in use instead.
const EXTRA = { Kosovo: ['XK', 'XKX', ''], 'N. Cyprus': ['', '', ''], Somaliland: ['', '', ''], 'Siachen Glacier': ['', '', ''] };

const used = new Map();
const arcs = [];
/** An arc's new number; negative ones run backwards, as TopoJSON has it. */
function arc(index) {
  const own = index < 0 ? ~index : index;
  if (!used.has(own)) {
    used.set(own, arcs.length);
    let [x, y] = [0, 0];
    arcs.push(
      topology.arcs[own].flatMap(([longitude, latitude], place) => {
        const [nx, ny] = [Math.round((longitude * STEPS) / 360), Math.round((latitude * STEPS) / 360)];
        const step = [nx - x, ny - y];
        [x, y] = [nx, ny];
        return place > 0 && step[0] === 0 && step[1] === 0 ? [] : step;
      }),
    );
  }
  return index < 0 ? ~used.get(own) : used.get(own);
}

function ring(indexes) {
  return client.feature(topology, { type: 'Polygon', arcs: [indexes] }).geometry.coordinates[0];
}

/** The area of a ring in steradians, roughly. */
function full(indexes) {
  const points = client.feature(source, { type: 'Polygon', arcs: [indexes] }).geometry.coordinates[0];
  const rad = Math.PI / 180;
  const sum = points.reduce((all, [x1, y1], index) => {
    const [x2, y2] = points[(index + 1) % points.length];
    return all + (x2 - x1) * rad * (Math.sin(y1 * rad) + Math.sin(y2 * rad));
  }, 0);
  return Math.abs(sum / 2);
}

/** The atlas has no cut at the 180th meridian: longitudes run on beyond it. */
function unwrap(points) {
  let turns = 0;
  return points.map(([x, y], index) => {
    const before = points[index - 1]?.[0];
    if (before !== undefined && Math.abs(x - before) > 180) turns += x < before ? 360 : -360;
    return [x + turns, y];
  });
}

function middle(round) {
  const points = unwrap(round);
  let [area, x, y] = [0, 0, 0];
  points.forEach(([x1, y1], index) => {
    const [x2, y2] = points[(index + 1) % points.length];
    const cross = x1 * y2 - x2 * y1;
    area += cross;
    x += (x1 + x2) * cross;
    y += (y1 + y2) * cross;
  });
  return area === 0 ? points[0] : [x / (3 * area), y / (3 * area)];
}

const regions = [];
for (const geometry of topology.objects.countries.geometries) {
  const name = geometry.properties.name;
  if (name === 'Antarctica') continue;
  const numeric = geometry.id ?? '';
  const iso = byNumeric.get(numeric);
  const [alpha2, alpha3] = iso ? [iso.alpha2, iso.alpha3] : (EXTRA[name] ?? ['', '']);
  const polygons = geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs;
  const sized = polygons.map((rings) => ({ rings, area: full(rings[0]) })).sort((a, b) => b.area - a.area);
  const largest = sized[0];
  const kept = sized.filter((one, index) => index === 0 || one.area >= ISLAND).filter((one) => ring(one.rings[0]).length >= 4);
  const holes = (rings) => [rings[0], ...rings.slice(1).filter((hole) => ring(hole).length >= 4)];
  const source50 = client.feature(source, { type: 'Polygon', arcs: largest.rings }).geometry.coordinates[0];
  const [x, y] = middle(source50).map((value) => Math.round((value > 180 ? value - 360 : value) * 10) / 10);
  regions.push([alpha2, alpha3, numeric, name, x, y, largest.area < 2.5e-4 ? 1 : 0, kept.map(({ rings }) => holes(rings).map((one) => one.map(arc)))]);
}
// Ashmore's islands have Australia's code: the code is the larger one's.
const largest = new Map();
for (const region of regions) if (region[0] !== '' && region[6] === 0) largest.set(region[0], region);
for (const region of regions) if (largest.has(region[0]) && largest.get(region[0]) !== region) region.splice(0, 3, '', '', '');
regions.sort((a, b) => (a[3] < b[3] ? -1 : 1));
const world = { steps: STEPS / 360, arcs, regions };
const text = `${JSON.stringify(world)}\n`;
writeFileSync(new URL('../src/embed/chart/map/world.json', import.meta.url), text);
console.log(`${regions.length} regions, ${arcs.length} arcs, ${(text.length / 1024).toFixed(0)} KiB, ${(gzipSync(text, { level: 9 }).length / 1024).toFixed(1)} KiB gzip`);
console.log('without a code:', regions.filter(([alpha2]) => alpha2 === '').map((one) => one[3]).join(', '));
console.log('without a shape:', regions.filter((one) => one[7].length === 0).map((one) => one[3]).join(', '));
