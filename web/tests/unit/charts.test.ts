import { expect, test } from 'vitest';
import { options, quiet, type Wanted } from '../../src/embed/chart/options';
import { decide } from '../../src/embed/lib/defaults';
import { region } from '../../src/embed/lib/format';
import type { Column, Row, Visualization } from '../../src/embed/lib/types';
import { untilRenewal } from '../../src/demo/portals.svelte';
import { address, brief, example, matches, operations, type Spec } from '../../src/docs/spec';

const paint = { series: ['#111111'], text: '#000', muted: '#555', line: '#ddd', surface: '#fff', font: 'x' };

// The library's own option type says nothing about what is inside.
function draw(visualization: Visualization, columns: Column[], rows: Row[]): any {
  const wanted: Wanted = {
    drawing: decide(visualization, columns, rows), columns, rows, visualization, region: region('en', 'UTC'), paint,
    size: [600, 300], others: 'Others', still: true, rtl: false,
  };
  return options(wanted);
}

const month: Column = { name: 'm', type: 'date' };
const kind: Column = { name: 'k', type: 'text' };
const n: Column = { name: 'n', type: 'integer' };

test('a series column makes one series per value, with gaps where there is none', () => {
  const found = draw({ type: 'bar', x: 'm', y: ['n'], series: 'k' }, [month, kind, n], [['2026-01-01', 'a', 1], ['2026-02-01', 'b', 2]]);
  expect(found.series.map((one: { name: string; data: unknown }) => [one.name, one.data])).toEqual([['a', [1, null]], ['b', [null, 2]]]);
});

test('time is an axis of time', () => {
  const found = draw({ type: 'line' }, [month, n], [['2026-01-01', 1], ['2026-03-01', '2']]);
  expect(found.xAxis.type).toBe('time');
  expect(found.series[0].data).toEqual([[Date.UTC(2026, 0, 1), 1], [Date.UTC(2026, 2, 1), 2]]);
});

test('a pie has few slices, and the rest in one', () => {
  const rows: Row[] = Array.from({ length: 12 }, (_, index) => [`k${index}`, 12 - index]);
  const slices = draw({ type: 'pie' }, [kind, n], rows).series[0].data;
  expect(slices).toHaveLength(8);
  expect(slices[7]).toMatchObject({ name: 'Others', value: 5 + 4 + 3 + 2 + 1 });
});

test('tooltips are text: no HTML, and no marks of rich text', () => {
  const found = draw({ type: 'bar' }, [kind, n], [['{a|x} <b>', 1], ['y', 2]]);
  expect(found.tooltip.renderMode).toBe('richText');
  expect(found.tooltip.formatter([{ seriesIndex: 0, dataIndex: 0, marker: '' }])).not.toMatch(/\{[a-zA-Z0-9_]+\|/);
  expect(quiet('{a|b}')).toBe('{\u200ba|b}');
});

test('new tokens are fetched before the old ones end', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const at = (seconds: number) => ({ expires_at: new Date(now + seconds * 1000).toISOString() });
  expect(untilRenewal([at(600), at(300)], now)).toBe(240_000);
  expect(untilRenewal([at(-5)], now)).toBe(10_000);
  expect(untilRenewal([], now)).toBe(48_000);
});

test('the API description becomes operations, addresses and bodies', () => {
  const spec: Spec = {
    info: { title: 'x', version: '1' },
    paths: {
      '/v1/a/{id}': {
        post: {
          tags: ['t'], operationId: 'a_post', summary: 'Make an A.',
          parameters: [{ name: 'id', in: 'path', required: true }, { name: 'q', in: 'query' }],
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } },
        },
      },
    },
    components: { schemas: { A: { type: 'object', required: ['n', 's'], properties: { n: { type: 'integer', minimum: 1 }, s: { enum: ['x', 'y'] }, o: { $ref: '#/components/schemas/A' } } } } },
  };
  const [one] = operations(spec);
  if (!one) throw new Error('no operation');
  expect(address(one, { id: 'a/b', q: 'c d' })).toBe('/v1/a/a%2Fb?q=c+d');
  expect(example(spec, one.body?.schema)).toEqual({ n: 1, s: 'x' });
  expect(brief({ type: ['array', 'null'], items: { $ref: '#/components/schemas/A' } })).toBe('A[] | null');
  expect([matches(one, 'make POST'), matches(one, 'make delete')]).toEqual([true, false]);
});
