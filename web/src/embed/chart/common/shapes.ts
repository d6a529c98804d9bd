/** How a series looks: as bars, or as a line. */
import type { Mark } from '../../lib/types';
import type { Wanted } from '../plan';
import { quiet, type Place } from './scales';
import type { Series } from './series';

export interface Look {
  mark: Mark;
  lying: boolean;
  running: boolean;
  places: number;
  secondary: boolean;
  labelled: boolean;
  stacked: boolean;
}

type Data = (number | null)[];

export function bars(wanted: Wanted, series: Series, data: Data, look: Look): Record<string, unknown> {
  const { paint, rtl } = wanted;
  const corner = look.stacked ? 0 : look.places > 60 ? 1 : 3;
  const ends = { up: [corner, corner, 0, 0], down: [0, 0, corner, corner], right: [0, corner, corner, 0], left: [corner, 0, 0, corner] };
  const plus = look.lying ? (rtl ? ends.left : ends.right) : ends.up;
  const minus = look.lying ? (rtl ? ends.right : ends.left) : ends.down;
  const below = data.some((value) => value !== null && value < 0);
  const side = (value: number | null) => {
    const negative = value !== null && value < 0;
    if (!look.lying) return negative ? 'bottom' : 'top';
    return negative === rtl ? 'right' : 'left';
  };
  return {
    type: 'bar',
    ...axis(look),
    ...(look.stacked ? { stack: look.secondary ? 'second' : 'all' } : {}),
    data: below && corner > 0 ? data.map((value) => (value !== null && value < 0 ? { value, itemStyle: { borderRadius: minus }, label: { position: side(value) } } : value)) : data,
    barMaxWidth: look.lying ? 20 : 40,
    ...(look.stacked ? {} : { barMinHeight: 1 }),
    barCategoryGap: look.places > 45 ? '14%' : '34%',
    barGap: '6%',
    itemStyle: { color: series.color, borderRadius: plus, ...(look.stacked && look.places <= 80 ? { borderColor: paint.surface, borderWidth: 0.75 } : {}) },
    emphasis: { disabled: true },
    ...(look.labelled ? { label: { ...label(wanted, series), position: look.stacked ? 'inside' : look.lying ? (rtl ? 'left' : 'right') : 'top' } } : {}),
  };
}

export function lines(wanted: Wanted, series: Series, data: Data, places: Place[], look: Look): Record<string, unknown> {
  const { paint, size } = wanted;
  const few = look.mark === 'line' && data.length <= Math.min(40, size[0] / 14);
  // A point between two gaps has no line to be seen by.
  const alone = new Set(few ? [] : data.flatMap((value, index) => (value !== null && (data[index - 1] ?? null) === null && (data[index + 1] ?? null) === null ? [index] : [])));
  const marked = few || (alone.size > 0 && data.length <= 600);
  const points = look.running ? places.map((place, index) => [place.at, data[index] ?? null]) : data;
  return {
    type: 'line',
    ...axis(look),
    ...(look.stacked ? { stack: look.secondary ? 'second' : 'all' } : {}),
    data: points,
    showSymbol: marked,
    symbol: { square: 'rect', triangle: 'triangle', diamond: 'diamond' }[series.shape as string] ?? 'circle',
    symbolSize: few ? 6 : (_: unknown, { dataIndex }: { dataIndex: number }) => (alone.has(dataIndex) ? 5 : 0),
    ...(data.length > 1500 ? { sampling: 'lttb' } : {}),
    connectNulls: false,
    itemStyle: { color: series.color, borderColor: paint.surface, borderWidth: few ? 1 : 0 },
    lineStyle: { color: series.color, width: look.mark === 'area' && look.stacked ? 1.25 : 2, cap: 'round', join: 'round', type: series.rest ? [4, 4] : 'solid' },
    ...(look.mark === 'area' ? { areaStyle: { color: series.color, opacity: look.stacked ? 0.62 : 0.14, origin: 'auto' } } : {}),
    emphasis: { disabled: true },
    ...(look.labelled ? { label: { ...label(wanted, series), position: 'top' } } : {}),
    z: 5,
  };
}

const axis = (look: Look) => (look.secondary ? (look.lying ? { xAxisIndex: 1 } : { yAxisIndex: 1 }) : {});

function label({ paint, drawing, region }: Wanted, series: Series): Record<string, unknown> {
  const share = new Intl.NumberFormat(region.locale, { style: 'percent', maximumFractionDigits: 0 });
  const write = (value: number) => (drawing.normalized ? share.format(value) : series.write(value));
  return {
    show: true,
    color: paint.text,
    fontSize: 11.5,
    fontFamily: paint.font,
    textBorderColor: paint.surface,
    textBorderWidth: 2,
    formatter: ({ value }: { value: number | number[] }) => {
      const own = Array.isArray(value) ? value[1] : value;
      return typeof own === 'number' ? quiet(write(own)) : '';
    },
  };
}
