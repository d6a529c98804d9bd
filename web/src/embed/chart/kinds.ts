/** Which module plans which kind, and what else of the library the kind needs. */
import type { Kind } from '../lib/types';
import { plan as axes } from './common/axes';
import { plan as histogram } from './common/histogram';
import { plan as pie } from './common/pie';
import type { Plan, Wanted } from './plan';

export type Planner = (wanted: Wanted) => Plan;

const rare: Partial<Record<Kind, () => Promise<Planner>>> = {
  scatter: async () => {
    const [{ plan }] = await Promise.all([import('./common/scatter'), import('./rare/scatter')]);
    return plan;
  },
  heatmap: async () => (await own(import('./rare/heat'))).plan,
  waterfall: async () => (await own(import('./rare/waterfall'))).plan,
  funnel: async () => (await own(import('./rare/funnel'))).plan,
  boxplot: async () => (await own(import('./rare/box'))).plan,
  gauge: async () => (await own(import('./rare/gauge'))).plan,
  sankey: async () => (await import('./rare/sankey')).plan,
  map: async () => {
    const [{ plan }, regions] = await Promise.all([own(import('./map/map')), import('./map/world').then(({ world }) => world())]);
    return (wanted) => plan(wanted, regions);
  },
};

/** Kinds of shapes of our own need the library's part for those. */
async function own<T>(module: Promise<T>): Promise<T> {
  const [found] = await Promise.all([module, import('./rare/custom')]);
  return found;
}

export async function planner(kind: Kind): Promise<Planner> {
  const load = rare[kind];
  if (load) return load();
  return kind === 'pie' || kind === 'donut' ? pie : kind === 'histogram' ? histogram : axes;
}
