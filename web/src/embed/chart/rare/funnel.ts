/** Stages, each a part of the first. */
import type { Cell } from '../../lib/types';
import { mix } from '../color';
import { clip, letters, quiet } from '../common/scales';
import { key } from '../common/series';
import { ofParts } from '../common/summary';
import { seriesColor } from '../paint';
import type { Plan, Wanted } from '../plan';
import { group, rect, text, type Drawn, type Params } from './shapes';

interface Stage {
  name: string;
  cell: Cell;
  value: number;
}

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, size, rtl, words, region } = wanted;
  const column = drawing.y[0] ?? -1;
  const write = lens.write(column);
  const stages = stagesOf(wanted, column);
  const first = stages[0]?.value ?? 0;
  const most = Math.max(1e-9, ...stages.map((stage) => stage.value));
  const percent = new Intl.NumberFormat(region.locale, { style: 'percent', maximumFractionDigits: 1 });
  const share = (index: number) => percent.format(first > 0 ? (stages[index]?.value ?? 0) / first : 0);
  const before = (index: number) => percent.format((stages[index - 1]?.value ?? 0) > 0 ? (stages[index]?.value ?? 0) / (stages[index - 1]?.value ?? 1) : 0);
  const color = seriesColor(paint, 0);
  // Names stand before the bars where there is room, else above them.
  const narrow = size[0] < 300;
  const longest = stages.reduce((length, stage) => Math.max(length, stage.name.length), 0);
  const names = narrow ? 0 : Math.min(size[0] * 0.3, longest * 6.8 + 16);
  const figures = Math.max(74, Math.max(...stages.map((stage, index) => write(stage.value).length + share(index).length), 0) * 6.9 + 24);
  const need = stages.length * (narrow ? 44 : 30) + 4;
  const height = Math.max(size[1], need);
  const slot = Math.min(64, (height - 4) / Math.max(1, stages.length));
  const start = (height - slot * stages.length) / 2;
  const room = size[0] - names - figures - 12;
  const x = lens.columns[drawing.x]?.name;
  const flip = (at: number, width = 0) => (rtl ? size[0] - at - width : at);
  const far = rtl ? 'left' : 'right';
  const near = rtl ? 'right' : 'left';
  return {
    option: {
      series: [{
        type: 'custom', coordinateSystem: 'none', data: stages.map((stage, index) => [index, stage.value]),
        renderItem: ({ dataIndex }: Params): Drawn => {
          const stage = stages[dataIndex];
          if (!stage) return group([]);
          const label = narrow ? 16 : 0;
          const top = start + slot * dataIndex + label + 2;
          const thick = slot - label - (narrow ? 8 : 6);
          const width = Math.max(2, (stage.value / most) * room);
          const left = names + (room - width) / 2;
          const track = rect(flip(names, room), top, room, thick, mix(paint.surface, color, 0.09), 4);
          const bar = rect(flip(left, width), top, width, thick, mix(color, paint.surface, Math.min(0.45, dataIndex * 0.07)), 4);
          const middle = top + thick / 2;
          const value = write(stage.value);
          return group([
            track, bar,
            narrow ? text(flip(0), top - 8, clip(stage.name, letters(size[0] * 0.96)), { fill: paint.text, font: paint.font, align: near }) : text(flip(names - 10), middle, clip(stage.name, letters(names - 8)), { fill: paint.text, font: paint.font, align: far }),
            text(flip(size[0] - 2), middle, share(dataIndex), { fill: paint.muted, font: paint.font, align: far }),
            text(flip(names + room + 10), middle, value, { fill: paint.text, font: paint.font, align: near, weight: 650 }),
          ]);
        },
      }],
    },
    legend: [],
    by: 'mark',
    count: stages.length,
    mark: (index) => ({ series: 0, data: index }),
    find: (_, data) => data,
    height,
    stop: (index) => {
      const stage = stages[index];
      if (!stage) return { title: '', lines: [], pick: null };
      const lines = [{ name: lens.label(column), value: write(stage.value), color, shape: 'square' as const }, { name: words.ofFirst, value: share(index), faint: true }];
      return { title: stage.name, lines: index > 0 ? [...lines, { name: words.ofBefore, value: before(index), faint: true }] : lines, pick: x === undefined ? null : { column: x, value: stage.cell } };
    },
    summary: ofParts(wanted, lens.label(column), lens.label(drawing.x), stages.map((stage, index) => `${quiet(stage.name)} ${write(stage.value)} (${share(index)})`)),
  };
}

function stagesOf({ drawing, lens }: Wanted, column: number): Stage[] {
  const write = lens.write(drawing.x);
  const stages = new Map<string, Stage>();
  for (const row of lens.rows) {
    const cell = row[drawing.x] ?? null;
    const value = Math.max(0, lens.amount(row, column) ?? 0);
    const stage = stages.get(key(cell)) ?? { name: write(cell), cell, value: 0 };
    stages.set(key(cell), { ...stage, value: stage.value + value });
  }
  return [...stages.values()].slice(0, 40);
}
