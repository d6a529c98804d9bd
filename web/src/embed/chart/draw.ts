/** The chart library, as small as it gets: loaded only when there is a chart. */
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent, LegendScrollComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { options, type Wanted } from './options';

use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, LegendScrollComponent, TooltipComponent, SVGRenderer]);

export interface Drawn {
  set(wanted: Wanted): void;
  resize(): void;
  end(): void;
}

/** The renderer empties elements with innerHTML, which the policy (trusted types) refuses even for ''. */
function emptiable(element: Element): void {
  Object.defineProperty(element, 'innerHTML', { configurable: true, set: () => element.replaceChildren() });
}

export function draw(element: HTMLElement): Drawn {
  emptiable(element);
  const chart: EChartsType = init(element, null, { renderer: 'svg' });
  for (const inner of element.querySelectorAll('svg')) emptiable(inner);
  return {
    set: (wanted) => chart.setOption(options(wanted), { notMerge: true }),
    resize: () => chart.resize(),
    end: () => chart.dispose(),
  };
}
