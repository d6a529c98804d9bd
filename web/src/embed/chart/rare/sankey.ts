/** Flows from one column's values to another's. */
import { SankeyChart } from 'echarts/charts';
import { use } from 'echarts/core';
import type { Cell } from '../../lib/types';
import { fill } from '../../messages';
import { clip, letters, quiet } from '../common/scales';
import { key } from '../common/series';
import { count, kindName } from '../common/summary';
import { seriesColor } from '../paint';
import type { Plan, Wanted } from '../plan';

use([SankeyChart]);

interface Flow {
  from: string;
  to: string;
  value: number;
  cells: [Cell, Cell];
}

interface Node {
  id: string;
  name: string;
  color: string;
  depth: number;
}

/** More flows than these are hair. */
const MOST = 200;

export function plan(wanted: Wanted): Plan {
  const { drawing, lens, paint, size, rtl, words } = wanted;
  const column = drawing.y[0] ?? -1;
  const write = lens.made(column);
  const { flows, nodes, left } = flowsOf(wanted, column);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const name = (id: string) => byId.get(id)?.name ?? '';
  // The library knows nodes by a text: their place, so that no name of the data is one.
  const place = new Map(nodes.map((node, index) => [node.id, String(index)]));
  const through = (id: string) => Math.max(sum(flows.filter((flow) => flow.from === id)), sum(flows.filter((flow) => flow.to === id)));
  const deepest = nodes.reduce((most, node) => Math.max(most, node.depth), 0);
  const side = Math.min(size[0] * 0.26, nodes.filter((node) => node.depth === deepest).reduce((most, node) => Math.max(most, node.name.length), 0) * 7 + 14);
  const most = flows.toSorted((a, b) => b.value - a.value)[0];
  const [xName, toName] = [lens.columns[drawing.x]?.name, lens.columns[drawing.series]?.name];
  return {
    option: {
      series: [{
        type: 'sankey', left: rtl ? side : 2, right: rtl ? 2 : side, top: 6, bottom: 6, nodeWidth: 12, nodeGap: Math.max(4, Math.min(14, size[1] / (nodes.length + 1) / 2)),
        draggable: false, emphasis: { disabled: true }, layoutIterations: 48,
        data: nodes.map((node) => ({
          name: place.get(node.id), ...(rtl ? { depth: deepest - node.depth } : {}), itemStyle: { color: node.color, borderWidth: 0, borderRadius: 2 },
          label: { position: rtl ? 'left' : 'right' },
        })),
        links: flows.map((flow) => ({ source: place.get(rtl ? flow.to : flow.from), target: place.get(rtl ? flow.from : flow.to), value: flow.value })),
        lineStyle: { color: rtl ? 'target' : 'source', opacity: paint.dark ? 0.34 : 0.28, curveness: 0.5 },
        label: { color: paint.text, fontFamily: paint.font, fontSize: 12, textBorderColor: paint.surface, textBorderWidth: 3, formatter: ({ name: at }: { name: string }) => quiet(clip(nodes[Number(at)]?.name ?? '', letters(size[0] * 0.24))) },
      }],
    },
    legend: [],
    by: 'mark',
    count: flows.length + nodes.length,
    // Nodes first, then flows: the library counts both from zero.
    find: (_, data, type) => (type === 'edge' ? nodes.length + data : data),
    mark: (index) => ({ series: 0, data: index }),
    stop: (index) => {
      const node = nodes[index];
      if (node) {
        return { title: node.name, lines: [{ name: lens.label(column), value: write(through(node.id)), color: node.color, shape: 'square' }], pick: node.depth === 0 && xName !== undefined ? { column: xName, value: flows.find((flow) => flow.from === node.id)?.cells[0] ?? null } : null };
      }
      const flow = flows[index - nodes.length];
      if (!flow) return { title: '', lines: [], pick: null };
      return {
        title: fill(words.flow, { from: name(flow.from), to: name(flow.to) }),
        lines: [{ name: lens.label(column), value: write(flow.value), color: byId.get(flow.from)?.color ?? paint.muted, shape: 'square' }],
        pick: xName === undefined || toName === undefined ? null : { column: xName, value: flow.cells[0], also: [{ column: toName, value: flow.cells[1] }] },
      };
    },
    ...(left > 0 ? { note: fill(words.firstDrawn, { n: count(wanted, flows.length), total: count(wanted, flows.length + left) }) } : {}),
    summary: most
      ? fill(words.sumSankey, { kind: kindName(wanted), y: lens.label(column), n: count(wanted, flows.length), max: write(most.value), maxAt: fill(words.flow, { from: name(most.from), to: name(most.to) }) })
      : fill(words.sumNothing, { kind: kindName(wanted) }),
  };
}

const sum = (flows: Flow[]) => flows.reduce((all, flow) => all + flow.value, 0);

export function flowsOf(wanted: Wanted, column: number): { flows: Flow[]; nodes: Node[]; left: number } {
  const { drawing, lens, paint } = wanted;
  const [writeFrom, writeTo] = [lens.write(drawing.x), lens.write(drawing.series)];
  const found = new Map<string, Flow>();
  const names = new Map<string, string>();
  for (const row of lens.rows) {
    const [a, b] = [row[drawing.x] ?? null, row[drawing.series] ?? null];
    const value = lens.amount(row, column) ?? 0;
    if (value <= 0) continue;
    const [from, to] = [key(a), key(b)];
    const id = `${from}\n${to}`;
    names.set(from, writeFrom(a));
    if (!names.has(to)) names.set(to, writeTo(b));
    found.set(id, { from, to, value: (found.get(id)?.value ?? 0) + value, cells: [a, b] });
  }
  const all = [...found.values()].toSorted((a, b) => b.value - a.value);
  const kept = all.slice(0, MOST);
  // What flows in a circle cannot be laid out in columns: then starts and ends are places of their own.
  const circle = hasCircle(kept);
  const flows = kept.map((flow) => (circle ? { ...flow, from: `a${flow.from}`, to: `b${flow.to}` } : flow));
  const ids = [...new Set(flows.flatMap((flow) => [flow.from, flow.to]))];
  const depth = depths(flows);
  const plain = (id: string) => names.get(circle ? id.slice(1) : id) ?? '';
  const colors = [...new Set(ids.map(plain))];
  const nodes = ids.map((id) => ({ id, name: plain(id), color: seriesColor(paint, colors.indexOf(plain(id))), depth: depth.get(id) ?? 0 }));
  return { flows, nodes, left: all.length - kept.length };
}

function hasCircle(flows: Flow[]): boolean {
  const next = new Map<string, string[]>();
  for (const flow of flows) next.set(flow.from, [...(next.get(flow.from) ?? []), flow.to]);
  const done = new Map<string, boolean>();
  const visit = (id: string): boolean => {
    const known = done.get(id);
    if (known !== undefined) return known;
    done.set(id, true);
    const found = (next.get(id) ?? []).some(visit);
    done.set(id, found);
    return found;
  };
  return [...next.keys()].some(visit);
}

function depths(flows: Flow[]): Map<string, number> {
  const depth = new Map<string, number>(flows.map((flow) => [flow.from, 0]));
  for (let round = 0; round < 50; round += 1) {
    let moved = false;
    for (const flow of flows) {
      const wish = (depth.get(flow.from) ?? 0) + 1;
      if ((depth.get(flow.to) ?? 0) < wish) {
        depth.set(flow.to, wish);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return depth;
}
