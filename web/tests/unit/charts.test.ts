import { describe, expect, test } from 'vitest';
import { contrast, rgb } from '../../src/embed/chart/color';
import { plan as axes } from '../../src/embed/chart/common/axes';
import { binned, plan as histogram } from '../../src/embed/chart/common/histogram';
import { plan as pie } from '../../src/embed/chart/common/pie';
import { plan as scatter } from '../../src/embed/chart/common/scatter';
import { quiet, wrap } from '../../src/embed/chart/common/scales';
import { MOST_SERIES } from '../../src/embed/chart/common/series';
import { paint, seriesColor } from '../../src/embed/chart/paint';
import type { Plan, Wanted } from '../../src/embed/chart/plan';
import { plan as box, quantile } from '../../src/embed/chart/rare/box';
import { plan as funnel } from '../../src/embed/chart/rare/funnel';
import { plan as gauge } from '../../src/embed/chart/rare/gauge';
import { plan as heat } from '../../src/embed/chart/rare/heat';
import { flowsOf, plan as sankey } from '../../src/embed/chart/rare/sankey';
import { plan as waterfall } from '../../src/embed/chart/rare/waterfall';
import { decide } from '../../src/embed/lib/defaults';
import { region } from '../../src/embed/lib/format';
import { lens } from '../../src/embed/lib/lens';
import { look } from '../../src/embed/lib/theme';
import { turned } from '../../src/embed/lib/turn';
import type { Cell, Column, ColumnType, Kind, Row, Visualization } from '../../src/embed/lib/types';
import { en } from '../../src/embed/messages/charts/en';

const colors = paint(look({}, 'light'), 'x');
const col = (name: string, type: ColumnType): Column => ({ name, type });
const [month, kind, n] = [col('m', 'date'), col('k', 'text'), col('n', 'integer')];

function wanted(visualization: Visualization, columns: Column[], rows: Row[], more: Partial<Wanted> = {}): Wanted {
  const where = region('en', 'UTC');
  return {
    drawing: decide(visualization, columns, rows), lens: lens(columns, rows, visualization, where), visualization, region: where, paint: colors,
    size: [600, 300], words: en, still: true, rtl: false, off: new Set(), ...more,
  };
}

// The library's own option type says nothing about what is inside.
type Made = Plan & { option: any };
const draw = (visualization: Visualization, columns: Column[], rows: Row[], more: Partial<Wanted> = {}) => axes(wanted(visualization, columns, rows, more)) as Made;
const names = (plan: Made) => plan.option.series.map((one: { name: string }) => one.name);

describe('bars, lines and areas', () => {
  test('a series column makes one series per value, with gaps where there is none', () => {
    const found = draw({ type: 'bar', x: 'm', y: ['n'], series: 'k' }, [month, kind, n], [['2026-01-01', 'a', 1], ['2026-02-01', 'b', 2]]);
    expect(found.option.series.map((one: { name: string; data: unknown }) => [one.name, one.data])).toEqual([['a', [1, null]], ['b', [null, 2]]]);
    expect(found.legend.map((entry) => entry.name)).toEqual(['a', 'b']);
  });
  test('time is an axis of time, in order', () => {
    const found = draw({ type: 'line' }, [month, n], [['2026-03-01', '2'], ['2026-01-01', 1]]);
    expect(found.option.xAxis.type).toBe('time');
    expect(found.option.series[0].data).toEqual([[Date.UTC(2026, 0, 1), 1], [Date.UTC(2026, 2, 1), 2]]);
  });
  test('a month without a row is a gap between bars, not a neighbour', () => {
    const found = draw({ type: 'bar' }, [month, n], [['2026-01-01', 1], ['2026-04-01', 4]]);
    expect(found.option.series[0].data).toEqual([1, null, null, 4]);
    expect(found.stop(1)).toMatchObject({ title: 'Feb 2026', pick: null, lines: [{ value: '–' }] });
    expect(found.stop(3).pick).toEqual({ column: 'm', value: '2026-04-01', span: 'month' });
  });
  test('a series that is switched off goes, and the others keep their colours', () => {
    const all = draw({ type: 'bar', x: 'k', y: ['n', 'p'] }, [kind, n, col('p', 'integer')], [['a', 1, 2], ['b', 3, 4]]);
    const less = draw({ type: 'bar', x: 'k', y: ['n', 'p'] }, [kind, n, col('p', 'integer')], [['a', 1, 2], ['b', 3, 4]], { off: new Set(['y1']) });
    expect(names(all)).toEqual(['N', 'P']);
    expect(names(less)).toEqual(['P']);
    expect(less.option.series[0].itemStyle.color).toBe(all.option.series[1].itemStyle.color);
    expect(less.legend).toHaveLength(2);
  });
  test('shares are of what is there, and the tooltip has both', () => {
    const found = draw({ type: 'bar', x: 'm', y: ['n'], series: 'k', normalized: true }, [month, kind, n], [['2026-01-01', 'a', 1], ['2026-01-01', 'b', 3]]);
    expect(found.option.series.map((one: { data: number[] }) => one.data[0])).toEqual([0.25, 0.75]);
    expect(found.option.yAxis).toMatchObject({ max: 1 });
    expect(found.stop(0).lines.map((line) => line.value)).toEqual(['3  75%', '1  25%']);
  });
  test('a combo is bars and a line, and another unit has an axis of its own', () => {
    const columns = [month, col('sold_eur', 'decimal'), col('pass_pct', 'decimal')];
    const found = draw({ type: 'combo' }, columns, [['2026-01-01', '100.50', '80'], ['2026-02-01', '120', '81']]);
    expect(found.option.series.map((one: { type: string; yAxisIndex?: number }) => [one.type, one.yAxisIndex])).toEqual([['bar', undefined], ['line', 1]]);
    expect(found.option.yAxis).toHaveLength(2);
    const own = draw({ type: 'combo', columns: { pass_pct: { axis: 'start', mark: 'bar', color: 'bad' } } }, columns, [['2026-01-01', '100', '80']]);
    expect(own.option.series[1]).toMatchObject({ type: 'bar', itemStyle: { color: colors.bad } });
    expect(Array.isArray(own.option.yAxis)).toBe(false);
  });
  test('many series are few and the rest', () => {
    const rows: Row[] = Array.from({ length: 40 }, (_, index) => ['2026-01-01', `k${index}`, index + 1]);
    const found = draw({ type: 'bar', x: 'm', y: ['n'], series: 'k', stacked: true }, [month, kind, n], rows);
    expect(found.legend).toHaveLength(MOST_SERIES);
    expect(names(found).at(-1)).toBe('Others');
    const sum = found.option.series.reduce((all: number, one: { data: number[] }) => all + (one.data[0] ?? 0), 0);
    expect(sum).toBe(820);
    const lines = draw({ type: 'line', x: 'm', y: ['n'], series: 'k' }, [month, kind, n], rows);
    expect(lines.legend).toHaveLength(MOST_SERIES - 1);
    expect(lines.note).toContain('29');
  });
  test('negative bars are round at their own end, and labels stand beyond it', () => {
    const found = draw({ type: 'bar' }, [kind, n], [['a', -5], ['b', 5]]);
    expect(found.option.series[0].data[0]).toMatchObject({ value: -5, itemStyle: { borderRadius: [0, 0, 3, 3] }, label: { position: 'bottom' } });
  });
  test('ten thousand points are drawn thinner, ten thousand names in part', () => {
    const days: Row[] = Array.from({ length: 10_000 }, (_, index) => [new Date(index * 86_400_000).toISOString().slice(0, 10), index]);
    expect(draw({ type: 'line' }, [month, n], days).option.series[0]).toMatchObject({ sampling: 'lttb', showSymbol: false });
    // Bars of less than a pixel are a filled line.
    expect(draw({ type: 'bar' }, [month, n], days).option.series[0].type).toBe('line');
    const found = draw({ type: 'bar' }, [kind, n], Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]));
    expect([found.count, found.note]).toEqual([400, '400 of 10,000 are drawn. The table has all.']);
    const lying = draw({ type: 'row' }, [kind, n], Array.from({ length: 150 }, (_, index) => [`k${index}`, index]));
    expect(lying.height).toBeGreaterThan(2900);
  });
  test('a goal is a line', () => {
    const found = draw({ type: 'bar', goal: { value: 4, label: 'Plan' } }, [kind, n], [['a', 1], ['b', 2]]);
    expect(found.option.series.at(-1)).toMatchObject({ type: 'line', data: [[0, 4], [1, 4]] });
  });
  test('a logarithmic axis leaves out what it cannot show', () => {
    const found = draw({ type: 'line', logarithmic: true }, [kind, n], [['a', 0], ['b', 10], ['c', -1]]);
    expect(found.option.yAxis.type).toBe('log');
    expect(found.option.series[0].data).toEqual([null, 10, null]);
  });
  test('right to left, the axis runs from the right', () => {
    const found = draw({ type: 'bar' }, [kind, n], [['a', 1], ['b', 2]], { rtl: true });
    expect([found.option.xAxis.inverse, found.option.yAxis.position]).toEqual([true, 'right']);
  });
});

describe('odd answers draw nothing wrong, in every kind', () => {
  const planners: [Kind, (wanted: Wanted) => Plan][] = [
    ['bar', axes], ['row', axes], ['line', axes], ['area', axes], ['combo', axes], ['pie', pie], ['donut', pie], ['scatter', scatter], ['histogram', histogram],
    ['heatmap', heat], ['waterfall', waterfall], ['funnel', funnel], ['boxplot', box], ['gauge', gauge], ['sankey', sankey],
  ];
  const odd: [string, Row[]][] = [
    ['no row', []],
    ['one row', [['a', 'b', 1]]],
    ['nothing but nulls', [[null, null, null], [null, null, null]]],
    ['words for numbers', [['a', 'b', 'NaN'], ['c', 'd', 'much']]],
    ['the same over and over', Array.from({ length: 50 }, () => ['a', 'a', 5])],
    ['zero', [['a', 'b', 0], ['b', 'c', 0]]],
    ['both sides of zero', [['a', 'b', -3], ['b', 'c', 3]]],
    ['beyond every digit', [['a', 'b', '123456789012345678901234567890'], ['b', 'a', '0.000000000001']]],
    ['lists and objects', [[{ a: [1] }, [2], 1], [['x'], null, 2]]],
    ['marks of rich text', [['{a|x} <b>', '{b|y}', 1], ['y', 'z', 2]]],
  ];
  test.each(planners)('%s', (type, plan) => {
    for (const [what, rows] of odd) {
      for (const columns of [[kind, col('to', 'text'), n], [month, col('to', 'text'), col('n', 'decimal')]]) {
        const own = wanted({ type, x: type === 'histogram' || type === 'scatter' ? 'n' : columns[0]?.name ?? '', y: type === 'histogram' ? [] : ['n'], series: 'to' }, columns, rows, { size: [300, 160] });
        const found = plan({ ...own, drawing: { ...own.drawing, kind: type === 'row' ? 'bar' : type } });
        expect(found.summary, what).not.toMatch(/\{\w+\}|undefined|NaN|Infinity/);
        for (let index = 0; index < Math.min(found.count, 50); index += 1) {
          const stop = found.stop(index);
          expect(`${stop.title}${stop.lines.map((line) => line.name + line.value).join()}`, what).not.toMatch(/undefined|Infinity/);
          const mark = found.mark?.(index);
          if (mark) expect(found.find?.(mark.series, mark.data), what).toBe(index);
        }
        expect(JSON.stringify(found.option), what).not.toMatch(/\{[a-zA-Z0-9_]+\|x\}/);
      }
    }
  });
});

test('braces are no marks of rich text', () => {
  expect(quiet('{a|b}')).toBe('{\u200ba|b}');
  const found = draw({ type: 'bar' }, [kind, n], [['{a|x} <b>', 1], ['y', 2]]);
  expect(found.option.xAxis.data[0]).toBe('{\u200ba|x} <b>');
});

test('names take two lines and no more', () => {
  expect(wrap('Health and Safety at Work', 11, 2)).toBe('Health and\nSafety at…');
  expect(wrap('Donaudampfschifffahrt', 10, 2)).toBe('Donaudamp…');
});

describe('shares', () => {
  test('a pie has few slices, and the rest in one', () => {
    const rows: Row[] = Array.from({ length: 12 }, (_, index) => [`k${index}`, 12 - index]);
    const found = pie(wanted({ type: 'pie' }, [kind, n], rows));
    expect(found.legend).toHaveLength(8);
    expect(found.stop(7)).toMatchObject({ title: 'Others', pick: null, lines: [{ value: '15' }, { value: '19.2%' }] });
  });
  test('negative values are no parts, and it is said', () => {
    const found = pie(wanted({ type: 'donut' }, [kind, n], [['a', 3], ['b', -1], ['c', 1]]));
    expect(found.legend.map((entry) => [entry.name, entry.value])).toEqual([['a', '75%'], ['c', '25%']]);
    expect(found.note).toContain('1');
  });
  test('what is switched off is no part of the whole', () => {
    const rows: Row[] = [['a', 2], ['b', 2]];
    const all = pie(wanted({ type: 'pie' }, [kind, n], rows));
    const found = pie(wanted({ type: 'pie' }, [kind, n], rows, { off: new Set([all.legend[0]?.id ?? '']) }));
    expect(found.count).toBe(1);
    expect(found.stop(0).lines[1]?.value).toBe('100%');
  });
  test('one row of several numbers is a row each', () => {
    const found = turned({ type: 'funnel' }, [col('signed_in', 'integer'), col('finished', 'integer')], [[10, 5]]);
    expect(found?.rows).toEqual([['Signed in', 10], ['Finished', 5]]);
    expect(turned({ type: 'funnel' }, [kind, n], [['a', 1]])).toBeNull();
  });
});

describe('rare kinds', () => {
  test('bins are round and hold every value', () => {
    const values = Array.from({ length: 500 }, (_, index): [number, number] => [((index * 7919) % 1000) / 10, 1]);
    const bins = binned(values, null, false);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(500);
    expect(bins[0]?.from).toBe(0);
    expect(bins.every((bin) => Number.isInteger((bin.to - bin.from) * 2))).toBe(true);
    expect(binned(values, 4, false)).toHaveLength(4);
    expect(binned([[5, 3]], null, true)).toEqual([{ from: 5, to: 5, count: 3 }]);
    expect(binned([[0.1, 1], [0.3, 1]], null, false).reduce((sum, bin) => sum + bin.count, 0)).toBe(2);
  });
  test('an answer with counts is taken as it is', () => {
    const found = histogram(wanted({ type: 'histogram', x: 'n', y: ['c'] }, [n, col('c', 'integer')], [[1, 10], [2, 20], [3, 5]]));
    expect(found.summary).toContain('35');
  });
  test('a moment alone is weekday and hour', () => {
    const rows: Row[] = [['2026-03-02T09:15:00', 3], ['2026-03-09T09:45:00', 4], ['2026-03-08T23:00:00', 1]];
    const found = heat(wanted({ type: 'heatmap' }, [col('at', 'datetime'), n], rows, { region: region('en-GB', 'UTC') }));
    expect(found.count).toBe(7 * 24);
    // Mondays at nine are in the first row where weeks begin on Monday.
    expect(found.stop(9)).toMatchObject({ title: 'Mon, 9:00', lines: [{ value: '7' }] });
    expect(found.stop(6 * 24 + 23).lines[0]?.value).toBe('1');
  });
  test('days alone are weeks', () => {
    const found = heat(wanted({ type: 'heatmap' }, [col('day', 'date'), n], [['2026-03-02', 1], ['2026-03-16', 2]], { region: region('en-GB', 'UTC') }));
    expect(found.count).toBe(21);
  });
  test('a waterfall ends at the sum', () => {
    const found = waterfall(wanted({ type: 'waterfall' }, [kind, n], [['a', 10], ['b', -4], ['c', 1]]));
    expect(found.stop(3)).toMatchObject({ title: 'Total', lines: [{ value: '7' }] });
    expect(found.stop(1).lines).toMatchObject([{ value: '-4' }, { name: 'So far', value: '6' }]);
    expect(waterfall(wanted({ type: 'waterfall', totals: false }, [kind, n], [['a', 10]])).count).toBe(1);
  });
  test('stages are parts of the first and of the one before', () => {
    const found = funnel(wanted({ type: 'funnel' }, [kind, n], [['a', 200], ['b', 100], ['c', 25]]));
    expect(found.stop(2).lines.map((line) => line.value)).toEqual(['25', '12.5%', '25%']);
  });
  test('quartiles lie between values, and what is far away is apart', () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    const rows: Row[] = [...[1, 2, 3, 4, 5, 6, 7, 8].map((value): Row => ['a', value]), ['a', 100]];
    const found = box(wanted({ type: 'boxplot' }, [kind, n], rows));
    expect(found.stop(0).lines.map((line) => line.value)).toEqual(['8', '7', '5', '3', '1', '9', '1']);
    const given = box(wanted({ type: 'boxplot', x: 'k', y: ['a', 'b', 'c', 'd', 'e'] }, [kind, ...['a', 'b', 'c', 'd', 'e'].map((name) => col(name, 'integer'))], [['x', 1, 2, 3, 4, 5]]));
    expect(given.stop(0).lines.map((line) => line.value)).toEqual(['5', '4', '3', '2', '1']);
  });
  test('flows in a circle are laid out from start to end', () => {
    const rows: Row[] = [['a', 'b', 1], ['b', 'a', 2]];
    const own = wanted({ type: 'sankey', x: 'k', series: 'to', y: ['n'] }, [kind, col('to', 'text'), n], rows);
    const { nodes, flows } = flowsOf(own, 2);
    expect(nodes.map((node) => node.name)).toEqual(['b', 'a', 'a', 'b']);
    const starts = new Set(flows.map((flow) => flow.from));
    expect(flows.some((flow) => starts.has(flow.to))).toBe(false);
    const straight = flowsOf(wanted({ type: 'sankey', x: 'k', series: 'to', y: ['n'] }, [kind, col('to', 'text'), n], [['a', 'b', 1], ['b', 'c', 2]]), 2);
    expect(straight.nodes.map((node) => [node.name, node.depth])).toEqual([['b', 1], ['c', 2], ['a', 0]]);
  });
  test('a gauge says its band and its goal', () => {
    const found = gauge(wanted({ type: 'gauge', bands: [{ color: 'bad', label: 'Low' }, { from: 50, color: 'good', label: 'Fine' }], goal: { value: 80 } }, [col('rate_pct', 'decimal')], [['71.4']]));
    expect(found.summary).toBe('Gauge: Rate % is 71.4%, between 0% and 100%. Goal: 80%. Fine.');
  });
  test('many points are one shape, few are their own', () => {
    const rows = (count: number): Row[] => Array.from({ length: count }, (_, index) => [index, (index * 7) % 13]);
    const columns = [col('a', 'integer'), col('b', 'integer')];
    const made = (count: number) => (scatter(wanted({ type: 'scatter' }, columns, rows(count))) as Made).option.series[0].large;
    expect([made(10_000), made(100)]).toEqual([true, false]);
  });
});

describe('colours', () => {
  test.each(['light', 'dark'] as const)('%s: every series is seen on the ground', (mode) => {
    const own = paint(look({}, mode), 'x');
    for (let index = 0; index < MOST_SERIES; index += 1) expect(contrast(seriesColor(own, index), own.surface)).toBeGreaterThanOrEqual(index < 8 ? 3 : 2);
    for (const sense of [own.good, own.warning, own.bad, own.muted]) expect(contrast(sense, own.surface)).toBeGreaterThanOrEqual(4.5);
  });
  // Machado, Oliveira and Fernandes (2009), full severity.
  const eyes: Record<string, number[][]> = {
    protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
  };
  const linear = (color: string) => rgb(color).map((byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4));
  function lab(color: string, eye: number[][] | null): number[] {
    const own = linear(color);
    const [r = 0, g = 0, b = 0] = eye ? eye.map((row) => Math.max(0, Math.min(1, row.reduce((sum, part, index) => sum + part * (own[index] ?? 0), 0)))) : own;
    const [l, m, s] = [0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b, 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b, 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b].map(Math.cbrt);
    return [0.2104542553 * (l ?? 0) + 0.793617785 * (m ?? 0) - 0.0040720468 * (s ?? 0), 1.9779984951 * (l ?? 0) - 2.428592205 * (m ?? 0) + 0.4505937099 * (s ?? 0), 0.0259040371 * (l ?? 0) + 0.7827717662 * (m ?? 0) - 0.808675766 * (s ?? 0)];
  }
  const apart = (a: string, b: string, eye: number[][] | null) => Math.hypot(...lab(a, eye).map((part, index) => part - (lab(b, eye)[index] ?? 0)));
  test.each(['light', 'dark'] as const)('%s: six series, good and bad are told apart by every kind of eye', (mode) => {
    const own = paint(look({}, mode), 'x');
    for (const [name, eye] of [['usual', null], ...Object.entries(eyes)] as [string, number[][] | null][]) {
      for (let one = 0; one < 6; one += 1) {
        for (let other = 0; other < one; other += 1) expect(apart(seriesColor(own, one), seriesColor(own, other), eye), `${name} ${one} ${other}`).toBeGreaterThan(0.07);
      }
      expect(apart(own.good, own.bad, eye), name).toBeGreaterThan(0.07);
    }
  });
});

test('what a viewer picks is the raw cell, with the series beside it where there is one', () => {
  const heated = heat(wanted({ type: 'heatmap', x: 'k', series: 'to', y: ['n'] }, [kind, col('to', 'text'), n], [['a', 'b', 1]]));
  expect(heated.stop(0).pick).toEqual({ column: 'k', value: 'a', also: [{ column: 'to', value: 'b' }] });
  const splitted = draw({ type: 'bar', x: 'm', y: ['n'], series: 'k' }, [month, kind, n], [['2026-01-01', 'a', 1], ['2026-01-01', 'b', 2]]);
  expect([splitted.also?.(1), splitted.also?.(2)]).toEqual([{ column: 'k', value: 'b' }, null]);
  const cell: Cell = 7;
  expect(draw({ type: 'bar', x: 'n', y: ['p'] }, [n, col('p', 'integer')], [[cell, 1], [8, 2]]).stop(0).pick).toEqual({ column: 'n', value: 7 });
});
