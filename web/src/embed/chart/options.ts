/** From an answer to what the chart library wants. Pure: no page, no library. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Drawing } from '../lib/defaults';
import { epochZone, isTemporal, moment, NOTHING, plain, writer, type Region, type Write } from '../lib/format';
import type { Cell, Column, Row, Visualization } from '../lib/types';

export interface Paint {
  series: string[];
  text: string;
  muted: string;
  line: string;
  surface: string;
  font: string;
}

export interface Wanted {
  drawing: Drawing;
  columns: Column[];
  rows: Row[];
  visualization: Visualization;
  region: Region;
  paint: Paint;
  /** Width and height of the drawing in pixels. */
  size: [number, number];
  others: string;
  still: boolean;
  rtl: boolean;
}

interface Series {
  name: string;
  points: Map<string, number | null>;
  write: Write;
}

/** Slices beyond these are one: a pie of twenty is a riddle. */
const SLICES = 7;

export function options(wanted: Wanted): EChartsCoreOption {
  return { ...common(wanted), ...(wanted.drawing.kind === 'pie' ? pie(wanted) : axes(wanted)) };
}

function common({ paint, still }: Wanted): EChartsCoreOption {
  return {
    color: paint.series,
    backgroundColor: 'transparent',
    animation: !still,
    animationDuration: 350,
    animationDurationUpdate: 250,
    textStyle: { fontFamily: paint.font, color: paint.text, fontSize: 12 },
  };
}

/** Braces would be read as marks of rich text: a character of no width after them takes their meaning. */
export function quiet(text: string): string {
  return text.replaceAll('{', '{\u200b');
}

function tooltip(paint: Paint): Record<string, unknown> {
  return {
    renderMode: 'richText',
    confine: true,
    backgroundColor: paint.surface,
    borderColor: paint.line,
    borderWidth: 1,
    padding: [9, 12],
    textStyle: { color: paint.text, fontFamily: paint.font, fontSize: 12.5, lineHeight: 19 },
  };
}

function legend({ paint, rtl }: Wanted, more: Record<string, unknown>): Record<string, unknown> {
  return {
    type: 'scroll',
    icon: 'roundRect',
    itemWidth: 11,
    itemHeight: 11,
    itemGap: 16,
    align: rtl ? 'right' : 'left',
    textStyle: { color: paint.text, fontSize: 12, width: 150, overflow: 'truncate' },
    pageTextStyle: { color: paint.muted },
    pageIconColor: paint.text,
    pageIconInactiveColor: paint.line,
    ...more,
  };
}

/** A column's name for people. */
function label(wanted: Wanted, index: number): string {
  const name = wanted.columns[index]?.name ?? '';
  return wanted.visualization.labels?.[name] ?? name;
}

function write(wanted: Wanted, index: number): Write {
  const column = wanted.columns[index];
  if (!column) return plain;
  return writer(column, wanted.visualization.formats?.[column.name], wanted.region, wanted.rows, index);
}

const key = (cell: Cell) => (typeof cell === 'object' ? JSON.stringify(cell) : String(cell));

function amount(cell: Cell | undefined): number | null {
  if (cell === null || cell === undefined || cell === '') return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** One series per value column, or one per value of the series column. */
function seriesOf(wanted: Wanted): { series: Series[]; categories: Map<string, Cell> } {
  const { drawing, rows } = wanted;
  const categories = new Map<string, Cell>();
  const found = new Map<string, Series>();
  const splitter = drawing.series >= 0 ? write(wanted, drawing.series) : null;
  for (const row of rows) {
    const x = row[drawing.x] ?? null;
    categories.set(key(x), x);
    for (const index of drawing.y) {
      const part = splitter ? splitter(row[drawing.series] ?? null) : null;
      const own = label(wanted, index);
      const name = part === null ? own : drawing.y.length > 1 ? `${part}: ${own}` : part;
      const id = part === null ? `y${index}` : name;
      const series = found.get(id) ?? { name, points: new Map<string, number | null>(), write: write(wanted, index) };
      found.set(id, series);
      const value = amount(row[index]);
      const before = series.points.get(key(x));
      // The same place twice is one place: what the query left apart is added up.
      series.points.set(key(x), typeof before === 'number' && value !== null ? before + value : (value ?? before ?? null));
    }
  }
  return { series: [...found.values()], categories };
}

function axes(wanted: Wanted): EChartsCoreOption {
  const { drawing, columns, visualization, region, paint, size, rtl } = wanted;
  const column = columns[drawing.x];
  const format = column ? visualization.formats?.[column.name] : undefined;
  const overTime = drawing.kind !== 'bar' && column !== undefined && isTemporal(column, format);
  const lying = drawing.kind === 'bar' && drawing.horizontal;
  const { series, categories } = seriesOf(wanted);
  const zone = format?.style === 'epoch_date' ? epochZone(wanted.rows, drawing.x, region) : region.timezone;
  const place = (cell: Cell) => (overTime && column ? moment(cell, column, format, zone) : null);
  const writeX = write(wanted, drawing.x);
  const names = [...categories.values()].map(writeX);
  const several = series.length > 1;
  const writeY = series[0]?.write ?? plain;

  const muted = { color: paint.muted, fontSize: 11.5, hideOverlap: true };
  const values = {
    type: 'value',
    ...(fullScale(wanted, series) ? { max: 100 } : {}),
    axisLabel: { ...muted, formatter: short(writeY, visualization, wanted) },
    splitLine: { lineStyle: { color: paint.line } },
    splitNumber: lying ? Math.max(2, Math.round(size[0] / 130)) : Math.max(2, Math.round(size[1] / 70)),
    position: lying ? 'bottom' : rtl ? 'right' : 'left',
    inverse: lying && rtl,
  };
  const line = { axisLine: { lineStyle: { color: paint.line } }, axisTick: { show: false } };
  const slot = (size[0] - 60) / Math.max(1, names.length);
  const roomy = !lying && slot >= 48;
  const widest = roomy ? slot - 8 : size[0] * (lying ? 0.36 : 0.3);
  const places = overTime
    ? { type: 'time', ...line, axisLabel: { ...muted, formatter: clock(region) }, splitLine: { show: false }, splitNumber: Math.max(2, Math.round(size[0] / 110)), inverse: rtl }
    : {
        type: 'category',
        data: names,
        ...line,
        boundaryGap: drawing.kind === 'bar',
        inverse: lying ? true : rtl,
        position: lying ? (rtl ? 'right' : 'left') : 'bottom',
        axisLabel: { ...muted, ...(lying ? { color: paint.text } : {}), width: Math.min(Math.round(widest), 190), overflow: 'truncate', ...(roomy ? { interval: 0 } : {}) },
      };
  const keys = [...categories.keys()];
  const dense = keys.length > 45;
  return {
    useUTC: true,
    grid: {
      top: several ? 38 : 12,
      // The library takes too much room for the labels of a time axis that runs from the right.
      ...(overTime && rtl ? { left: 24, right: 60, bottom: 30, outerBoundsMode: 'none' } : { left: 4, right: 14, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' }),
    },
    ...(several ? { legend: legend(wanted, { top: 0, left: rtl ? 'auto' : 0, right: rtl ? 0 : 'auto', width: size[0] - 20 }) } : {}),
    tooltip: {
      ...tooltip(paint),
      trigger: 'axis',
      axisPointer: drawing.kind === 'bar' ? { type: 'shadow', shadowStyle: { color: paint.muted, opacity: 0.1 } } : { type: 'line', lineStyle: { color: paint.muted, type: 'solid' } },
      formatter: (points: Point[]) => axisTip(points, series, [...categories.values()], writeX, several),
    },
    xAxis: lying ? values : places,
    yAxis: lying ? places : values,
    series: series.map((one, index) => ({
      name: quiet(one.name),
      ...shape(wanted, dense, index),
      data: keys.map((id) => {
        const value = one.points.get(id) ?? null;
        if (!overTime) return value;
        return [place(categories.get(id) ?? null), value];
      }),
    })),
  };
}

interface Point {
  seriesIndex: number;
  dataIndex: number;
  marker: string;
}

function axisTip(points: Point[], series: Series[], xs: Cell[], writeX: Write, several: boolean): string {
  const first = points[0];
  if (!first) return '';
  const cell = xs[first.dataIndex] ?? null;
  const told = points.map((point) => {
    const one = series[point.seriesIndex];
    const value = one?.points.get(key(xs[point.dataIndex] ?? null)) ?? null;
    const text = one ? one.write(value) : NOTHING;
    return `${several ? point.marker : ''}${quiet(one?.name ?? '')}:  ${quiet(text)}`;
  });
  return [quiet(clip(writeX(cell))), ...told].join('\n');
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function shape({ drawing, paint, size }: Wanted, dense: boolean, index: number): Record<string, unknown> {
  const stack = drawing.stacked ? { stack: 'all' } : {};
  if (drawing.kind === 'bar') {
    const corner = drawing.stacked ? 0 : 3;
    return {
      type: 'bar',
      ...stack,
      barMaxWidth: drawing.horizontal ? 22 : 44,
      barMinHeight: 1,
      barCategoryGap: dense ? '12%' : '32%',
      itemStyle: {
        borderRadius: drawing.horizontal ? [0, corner, corner, 0] : [corner, corner, 0, 0],
        ...(drawing.stacked ? { borderColor: paint.surface, borderWidth: 1 } : {}),
      },
      emphasis: { focus: 'none' },
    };
  }
  return {
    type: 'line',
    ...stack,
    showSymbol: !dense && size[0] > 300,
    symbol: 'circle',
    symbolSize: 5,
    connectNulls: false,
    lineStyle: { width: 2 },
    z: 10 - index,
    ...(drawing.kind === 'area' ? { areaStyle: { opacity: drawing.stacked ? 0.5 : 0.16 } } : {}),
    emphasis: { disabled: true },
  };
}

/** Shares that come near the whole are drawn against the whole. */
function fullScale({ drawing, columns, visualization }: Wanted, series: Series[]): boolean {
  const styles = drawing.y.map((index) => visualization.formats?.[columns[index]?.name ?? '']?.style);
  if (drawing.stacked || !styles.every((style) => style === 'percent')) return false;
  const all = series.flatMap((one) => [...one.points.values()]).filter((value) => value !== null);
  return all.every((value) => value >= 0 && value <= 100) && all.some((value) => value > 60);
}

/** Axis labels: short for counts, the column's own style for everything else. */
function short(write: Write, visualization: Visualization, wanted: Wanted): (value: number) => string {
  const column = wanted.columns[wanted.drawing.y[0] ?? -1];
  const style = column ? visualization.formats?.[column.name]?.style : undefined;
  if (style === 'bytes' || style === 'duration_days') return write;
  const currency = column ? visualization.formats?.[column.name]?.currency : undefined;
  const formatter = new Intl.NumberFormat(wanted.region.locale, {
    notation: 'compact',
    maximumFractionDigits: 2,
    ...(style === 'currency' && currency ? { style: 'currency', currency } : {}),
    ...(style === 'percent' ? { style: 'percent' } : {}),
  });
  return (value) => formatter.format(style === 'percent' ? value / 100 : value);
}

/** A time axis' labels in the tenant's language; the clock of the axis is UTC (see `moment`). */
function clock(region: Region): (value: number) => string {
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(region.locale, { ...options, timeZone: 'UTC' });
  const [year, month, day, hour] = [
    make({ year: 'numeric' }), make({ month: 'short' }), make({ month: 'short', day: 'numeric' }), make({ hour: 'numeric', minute: '2-digit' }),
  ];
  return (value) => {
    const at = new Date(value);
    if (at.getUTCHours() !== 0 || at.getUTCMinutes() !== 0) return hour.format(at);
    if (at.getUTCDate() !== 1) return day.format(at);
    return at.getUTCMonth() === 0 ? year.format(at) : month.format(at);
  };
}

function pie(wanted: Wanted): EChartsCoreOption {
  const { drawing, rows, paint, size, others, region, rtl } = wanted;
  const index = drawing.y[0] ?? -1;
  const writeY = write(wanted, index);
  const writeX = write(wanted, drawing.x);
  const sums = new Map<string, number>();
  for (const row of rows) {
    const value = amount(row[index]);
    const name = writeX(row[drawing.x] ?? null);
    if (value !== null && value > 0) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  const all = [...sums].map(([name, value]) => ({ name, value })).toSorted((a, b) => b.value - a.value);
  const kept = all.length > SLICES + 1 ? all.slice(0, SLICES) : all;
  const rest = all.slice(kept.length).reduce((sum, slice) => sum + slice.value, 0);
  const slices = rest > 0 ? [...kept, { name: others, value: rest, itemStyle: { color: paint.muted } }] : kept;
  const total = slices.reduce((sum, slice) => sum + slice.value, 0);
  const share = new Intl.NumberFormat(region.locale, { style: 'percent', maximumFractionDigits: 1 });
  // Names stand beside the ring when there is room, else below it.
  const beside = size[0] > 330 && size[0] > size[1] * 1.1;
  const list = beside
    ? { orient: 'vertical', top: 'middle', [rtl ? 'left' : 'right']: 0, textStyle: { color: paint.text, fontSize: 12, width: size[0] * 0.36, overflow: 'truncate' } }
    : { bottom: 0, left: 'center' };
  return {
    tooltip: {
      ...tooltip(paint),
      trigger: 'item',
      formatter: (slice: { name: string; value: number; marker: string }) =>
        `${slice.marker}${quiet(clip(slice.name))}\n${quiet(writeY(slice.value))}  (${share.format(total > 0 ? slice.value / total : 0)})`,
    },
    legend: legend(wanted, list),
    series: [
      {
        type: 'pie',
        radius: ['54%', '82%'],
        center: beside ? [rtl ? '70%' : '30%', '50%'] : ['50%', '42%'],
        ...(beside ? {} : { radius: ['44%', '70%'] }),
        label: { show: false },
        labelLine: { show: false },
        itemStyle: { borderColor: paint.surface, borderWidth: 2, borderRadius: 3 },
        emphasis: { scaleSize: 4 },
        data: slices,
      },
    ],
  };
}
