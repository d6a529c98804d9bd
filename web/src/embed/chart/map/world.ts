/** The world: countries from Natural Earth (public domain), as rings in degrees. */
import type { Json } from '../../lib/types';

export interface Region {
  alpha2: string;
  alpha3: string;
  numeric: string;
  name: string;
  /** Longitude and latitude of its middle. */
  middle: [number, number];
  /** Too small to be seen among others: it gets a dot. */
  tiny: boolean;
  /** Polygons of rings of points. */
  polygons: [number, number][][][];
}

/** What `tools/world.mjs` writes. */
export interface Packed {
  steps: number;
  arcs: number[][];
  regions: [string, string, string, string, number, number, number, number[][][]][];
}

export function unpack(packed: Packed): Region[] {
  const arcs = packed.arcs.map((steps) => {
    let [x, y] = [0, 0];
    const points: [number, number][] = [];
    for (let at = 0; at < steps.length; at += 2) {
      x += steps[at] ?? 0;
      y += steps[at + 1] ?? 0;
      points.push([x / packed.steps, y / packed.steps]);
    }
    return points;
  });
  // A negative number is an arc that runs backwards; where two meet, the point is there once.
  const arc = (index: number) => (index < 0 ? (arcs[-index - 1] ?? []).toReversed() : (arcs[index] ?? []));
  const ring = (indexes: number[]) => indexes.flatMap((index, place) => (place === 0 ? arc(index) : arc(index).slice(1)));
  return packed.regions.map(([alpha2, alpha3, numeric, name, x, y, tiny, polygons]) => ({
    alpha2, alpha3, numeric, name, middle: [x, y], tiny: tiny === 1, polygons: polygons.map((rings) => rings.map(ring)),
  }));
}

let loaded: Promise<Region[]> | undefined;

/** Loaded once, and only when there is a map. */
export function world(): Promise<Region[]> {
  loaded ??= import('./world.json').then((module) => unpack(module.default as unknown as Packed));
  // A failed load may be tried again.
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

/** Letters only, without accents and case, so that `Côte d'Ivoire` and `COTE D IVOIRE` are one. */
const bare = (text: string) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

const ALIASES: Record<string, string> = {
  usa: 'US', unitedstates: 'US', unitedstatesofamerica: 'US', america: 'US', uk: 'GB', greatbritain: 'GB', england: 'GB', britain: 'GB',
  southkorea: 'KR', korea: 'KR', republicofkorea: 'KR', northkorea: 'KP', russia: 'RU', russianfederation: 'RU', czechrepublic: 'CZ', czechia: 'CZ',
  ivorycoast: 'CI', cotedivoire: 'CI', vietnam: 'VN', laos: 'LA', syria: 'SY', iran: 'IR', tanzania: 'TZ', bolivia: 'BO', venezuela: 'VE', moldova: 'MD',
  macedonia: 'MK', northmacedonia: 'MK', swaziland: 'SZ', eswatini: 'SZ', burma: 'MM', myanmar: 'MM', capeverde: 'CV', drc: 'CD', drcongo: 'CD',
  democraticrepublicofthecongo: 'CD', congokinshasa: 'CD', congo: 'CG', congobrazzaville: 'CG', holland: 'NL', thenetherlands: 'NL', uae: 'AE', turkey: 'TR', turkiye: 'TR',
  palestine: 'PS', kosovo: 'XK', hongkong: 'HK', macau: 'MO', macao: 'MO', taiwan: 'TW', brunei: 'BN', micronesia: 'FM', easttimor: 'TL', timorleste: 'TL', vatican: 'VA',
};

/** Finds a country by code or by name, in English and in the viewer's language. */
export class Finder {
  readonly #places = new Map<string, number>();
  readonly #names: (Intl.DisplayNames | null)[];

  constructor(
    private readonly regions: Region[],
    locale: string,
  ) {
    this.#names = [locale, 'en'].map((one) => {
      try {
        return new Intl.DisplayNames(one, { type: 'region', fallback: 'none' });
      } catch {
        return null;
      }
    });
    regions.forEach((region, index) => {
      for (const names of this.#names) this.#add(this.#said(names, region.alpha2), index);
      for (const name of [region.name, region.alpha2, region.alpha3]) this.#add(name, index);
      if (region.numeric !== '') this.#places.set(`#${Number(region.numeric)}`, index);
    });
    const byCode = new Map(regions.map((region, index) => [region.alpha2, index]));
    for (const [alias, code] of Object.entries(ALIASES)) {
      const index = byCode.get(code);
      if (index !== undefined && !this.#places.has(alias)) this.#places.set(alias, index);
    }
  }

  find(cell: Json | undefined): number {
    if (cell === null || cell === undefined || typeof cell === 'object') return -1;
    const text = String(cell).trim();
    if (/^\d{1,3}$/.test(text)) return this.#places.get(`#${Number(text)}`) ?? -1;
    return this.#places.get(bare(text)) ?? -1;
  }

  /** The name in the viewer's language. */
  name(index: number): string {
    const region = this.regions[index];
    return region ? (this.#said(this.#names[0] ?? null, region.alpha2) ?? region.name) : '';
  }

  #said(names: Intl.DisplayNames | null, code: string): string | undefined {
    try {
      return code === '' ? undefined : names?.of(code);
    } catch {
      return undefined;
    }
  }

  #add(name: string | undefined, index: number): void {
    const text = bare(name ?? '');
    if (text !== '' && !this.#places.has(text)) this.#places.set(text, index);
  }
}
