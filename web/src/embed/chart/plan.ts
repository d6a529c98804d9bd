/** What a kind of chart makes of an answer: the library's options, and all that the page draws itself around them. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Drawing } from '../lib/defaults';
import type { Region } from '../lib/format';
import type { Lens } from '../lib/lens';
import type { Cell, Pick, Visualization } from '../lib/types';
import type { ChartWords } from '../messages/charts/en';
import type { Paint } from './paint';

export type Option = EChartsCoreOption;

export interface Wanted {
  lens: Lens;
  drawing: Drawing;
  visualization: Visualization;
  region: Region;
  paint: Paint;
  /** Width and height of the drawing in pixels. */
  size: [number, number];
  words: ChartWords;
  /** No movement. */
  still: boolean;
  rtl: boolean;
  /** Series that the viewer switched off. */
  off: ReadonlySet<string>;
}

export type Shape = 'square' | 'circle' | 'diamond' | 'triangle' | 'line' | 'dashed';

/** An entry of the legend. */
export interface Entry {
  id: string;
  name: string;
  color: string;
  shape: Shape;
  /** What stands beside the name, such as a share. */
  value?: string;
  /** Whether it can be switched off. */
  fixed?: boolean;
}

/** A scale of colours, in place of a legend. */
export interface Ramp {
  colors: string[];
  from: string;
  to: string;
  /** What the colours stand for. */
  name: string;
}

export interface Line {
  name: string;
  value: string;
  color?: string;
  shape?: Shape;
  /** Of less weight: a share, a note. */
  faint?: boolean;
}

/** One place of the chart that the pointer or the arrow keys reach. */
export interface Stop {
  title: string;
  lines: Line[];
  pick: Pick | null;
}

export interface Plan {
  option: Option;
  legend: Entry[];
  ramp?: Ramp;
  /** Where the legend wants to be when there is room. */
  side?: boolean;
  /** The pointer finds the nearest place along the axis, the nearest point, or the mark that it is on. */
  by: 'place' | 'point' | 'mark';
  /** How many stops there are. */
  count: number;
  stop(index: number): Stop;
  /** By place: the value on the axis, and whether places run downwards. By point: both values. */
  at?(index: number): [number | string, number | string];
  lying?: boolean;
  /** Where a stop is, in pixels, when the library has no axes for it. */
  pixel?(index: number): [number, number];
  /** Whether a thin line marks the place, instead of a band. */
  cross?: boolean;
  /** Points of lines at a place: which value axis, where, and in which colour. */
  dots?(index: number): { axis: 0 | 1; at: [number, number]; color: string }[];
  /** Which series and item of the drawing a stop is, and back. */
  mark?(index: number): { series: number; data: number };
  find?(series: number, data: number, type?: string): number;
  /** The value that the drawing's series stands for, when a column has it. */
  also?(series: number): { column: string; value: Cell } | null;
  /** Pixels of height that the drawing needs, when more than the card has. */
  height?: number;
  /** What is not drawn, in words. */
  note?: string;
  /** One sentence that says what is seen. */
  summary: string;
}
