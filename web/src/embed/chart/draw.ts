/** The chart library, as small as it gets: loaded only when there is a chart. What is rare comes in chunks of its own. */
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { GridSimpleComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { planner, type Planner } from './kinds';
import type { Plan, Wanted } from './plan';

use([BarChart, LineChart, PieChart, GridSimpleComponent, SVGRenderer]);

export interface Point {
  x: number;
  y: number;
}

/** Where the marks are: the drawing without its axes. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Drawn {
  /** What is to be drawn, for the page to make room for what stands around it. */
  plan(wanted: Wanted): Plan;
  /** Draws what was planned. */
  paint(): void;
  /** The stop nearest to these pixels; -1 for none. */
  nearest(at: Point): number;
  /** The series whose mark the pointer is on; -1 for none. */
  series(): number;
  /** Where a stop is drawn; `null` when it is not. */
  where(index: number): { x: number; y: number; band: [number, number] | null; area: Area; dots: (Point & { color: string })[] } | null;
  /** What is painted is there at once, and not with the next frame. */
  flush(): void;
  end(): void;
}

/** The renderer empties elements with innerHTML, which the policy (trusted types) refuses even for ''. */
export function emptiable(element: Element): void {
  Object.defineProperty(element, 'innerHTML', { configurable: true, set: () => element.replaceChildren() });
}

/** Further than this from a point, the pointer is not on it. */
const REACH = 30;

export async function draw(element: HTMLElement, kind: Wanted['drawing']['kind']): Promise<Drawn> {
  const plan = await planner(kind);
  emptiable(element);
  const chart = init(element, null, { renderer: 'svg', width: 100, height: 100 });
  for (const inner of element.querySelectorAll('svg')) {
    emptiable(inner);
    inner.setAttribute('aria-hidden', 'true');
  }
  return drawn(chart, plan, element);
}

function drawn(chart: EChartsType, planned: Planner, element: HTMLElement): Drawn {
  let plan: Plan | null = null;
  let wanted: Wanted | null = null;
  let points: Point[] | null = null;
  const finder = { xAxisIndex: 0, yAxisIndex: 0 };
  const pixel = (index: number): Point | null => {
    if (!plan) return null;
    const own = plan.pixel?.(index);
    if (own) return { x: own[0], y: own[1] };
    const at = plan.at?.(index);
    if (!at) return null;
    const [x, y] = chart.convertToPixel(finder, at as number[]) as unknown as [number, number];
    return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
  };
  const all = () => (points ??= Array.from({ length: plan?.count ?? 0 }, (_, index) => pixel(index) ?? { x: Number.NaN, y: Number.NaN }));
  // The mark under the pointer, as the library finds it.
  let under = -1;
  let series = -1;
  chart.on('mouseover', (event) => {
    const own = event as unknown as { seriesIndex: number; dataIndex: number; dataType?: string };
    series = own.seriesIndex;
    under = plan?.find?.(own.seriesIndex, own.dataIndex, own.dataType) ?? -1;
  });
  chart.on('mouseout', () => {
    under = -1;
    series = -1;
  });
  return {
    plan(next) {
      wanted = next;
      plan = planned(next);
      points = null;
      under = -1;
      return plan;
    },
    paint() {
      if (!plan || !wanted) return;
      points = null;
      const [width, height] = [wanted.size[0], plan.height ?? wanted.size[1]];
      chart.resize({ width, height, silent: true });
      chart.setOption({ animation: !wanted.still, animationDuration: 350, animationDurationUpdate: 250, backgroundColor: 'transparent', textStyle: { fontFamily: wanted.paint.font }, ...plan.option }, { notMerge: true });
      // A page that is printed is as wide as the paper: the drawing is scaled.
      const svg = element.querySelector('svg');
      svg?.setAttribute('viewBox', `0 0 ${width} ${height}`);
    },
    nearest(at) {
      if (!plan) return -1;
      // One thing alone is meant wherever the pointer is.
      if (plan.by === 'mark') return plan.count === 1 ? 0 : under;
      let [best, distance] = [-1, plan.by === 'point' ? REACH : Infinity];
      all().forEach((point, index) => {
        const own = plan?.by === 'point' ? Math.hypot(point.x - at.x, point.y - at.y) : Math.abs(plan?.lying ? point.y - at.y : point.x - at.x);
        if (own < distance) [best, distance] = [index, own];
      });
      return best;
    },
    series: () => series,
    where(index) {
      if (!plan) return null;
      const point = plan.by === 'mark' && !plan.pixel ? markAt(chart, plan, index) : pixel(index);
      if (!point) return null;
      const dots = (plan.dots?.(index) ?? []).map(({ axis, at, color }) => {
        const [x, y] = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: axis }, at) as unknown as [number, number];
        return { x, y, color };
      });
      return { ...point, band: plan.by === 'place' && !plan.cross ? bandOf(all(), index, plan.lying === true) : null, area: areaOf(chart), dots };
    },
    flush: () => chart.getZr().flush(),
    end: () => chart.dispose(),
  };
}

/** From half-way to the place before to half-way to the next. */
function bandOf(points: Point[], index: number, lying: boolean): [number, number] | null {
  const along = (place: number) => (lying ? points[place]?.y : points[place]?.x);
  const own = along(index);
  if (own === undefined) return null;
  const next = along(index + 1) ?? along(index - 1);
  const half = next === undefined ? 24 : Math.abs(next - own) / 2;
  return [own - half, own + half];
}

interface Inside {
  getModel(): {
    getComponent(name: 'grid'): { coordinateSystem: { getRect(): Area } } | undefined;
    getSeriesByIndex(index: number): { getData(): { getItemGraphicEl(index: number): Graphic | undefined } } | undefined;
  };
}

interface Graphic {
  getBoundingRect(): { x: number; y: number; width: number; height: number };
  transform?: number[];
}

function areaOf(chart: EChartsType): Area {
  const grid = (chart as unknown as Inside).getModel().getComponent('grid');
  return grid ? grid.coordinateSystem.getRect() : { x: 0, y: 0, width: chart.getWidth(), height: chart.getHeight() };
}

/** The middle of a drawn mark. The library has no public way to ask for it. */
function markAt(chart: EChartsType, plan: Plan, index: number): Point | null {
  const mark = plan.mark?.(index);
  if (!mark) return null;
  const element = (chart as unknown as Inside).getModel().getSeriesByIndex(mark.series)?.getData().getItemGraphicEl(mark.data);
  if (!element) return null;
  const { x, y, width, height } = element.getBoundingRect();
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = element.transform ?? [];
  const [cx, cy] = [x + width / 2, y + height / 2];
  return { x: a * cx + c * cy + e, y: b * cx + d * cy + f };
}
