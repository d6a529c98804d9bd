import { describe, expect, test } from 'vitest';
import { decide } from '../../src/embed/lib/defaults';
import { placed } from '../../src/embed/lib/grid';
import { sorted } from '../../src/embed/lib/sort';
import type { Column, Item } from '../../src/embed/lib/types';

const day: Column = { name: 'day', type: 'date' };
const name: Column = { name: 'name', type: 'text' };
const id: Column = { name: 'id', type: 'integer' };
const n: Column = { name: 'n', type: 'integer' };
const pct: Column = { name: 'pct', type: 'decimal' };

describe('what is drawn when nothing is said', () => {
  test.each([
    ['one number', [n], [[3]], 'scalar'],
    ['a few numbers', [n, pct], [[3, '4.5']], 'scalar'],
    ['a place on earth', [name, { name: 'lat', type: 'float' }, { name: 'lon', type: 'float' }, n], [['a', 1, 2, 3], ['b', 3, 4, 5]], 'map'],
    ['a cloud', [{ name: 'a', type: 'float' }, { name: 'b', type: 'float' }], [[3, 1], [1, 2], [2, 2]], 'scatter'],
    ['a day and a number', [day, n], [['2026-01-01', 1], ['2026-01-02', 2]], 'line'],
    ['names and numbers', [name, n], [['a', 1], ['b', 2]], 'bar'],
    ['one row of several', [name, n], [['a', 1]], 'table'],
    ['text only', [name, name], [['a', 'b'], ['c', 'd']], 'table'],
    ['a key is no quantity', [name, id], [['a', 1], ['b', 2]], 'table'],
  ] as const)('%s', (_, columns, rows, kind) => {
    expect(decide({}, [...columns], rows.map((row) => [...row])).kind).toBe(kind);
  });
  test('the author’s columns win, unknown ones are left out', () => {
    const found = decide({ type: 'bar', x: 'name', y: ['pct', 'gone'] }, [day, name, n, pct], [[null, 'a', 1, '2']]);
    expect([found.x, found.y, found.kind]).toEqual([1, [3], 'bar']);
  });
  test('a chart without its columns is a table', () => {
    expect(decide({ type: 'pie' }, [name], [['a']]).kind).toBe('table');
  });
  test('seconds may be the axis of time', () => {
    const found = decide({ formats: { id: { style: 'epoch_date' } } }, [id, n], [[1, 2], [3, 4]]);
    expect([found.kind, found.x, found.y]).toEqual(['line', 0, [1]]);
  });
  test('a second column of few words makes the series', () => {
    const found = decide({}, [name, { name: 'state', type: 'text' }, n], [['a', 'x', 1], ['a', 'y', 2], ['b', 'x', 3]]);
    expect([found.kind, found.x, found.series, found.y, found.stacked]).toEqual(['bar', 0, 1, [2], true]);
    expect(decide({ type: 'line', series: null }, [day, name, n], [['2026-01-01', 'a', 1], ['2026-01-01', 'b', 2]]).series).toBe(-1);
  });
  test('long names and many rows lie down', () => {
    const rows = (text: string, count: number) => Array.from({ length: count }, (_, index) => [`${text}${index}`, index]);
    expect([rows('a', 4), rows('a', 12), rows('Health and Safety at Work ', 3)].map((all) => decide({}, [name, n], all).horizontal)).toEqual([false, true, true]);
    expect(decide({ type: 'bar' }, [name, n], rows('a', 30)).horizontal).toBe(false);
    expect(decide({ type: 'row' }, [name, n], rows('a', 3))).toMatchObject({ kind: 'bar', horizontal: true });
  });
  test.each([['sankey', [name, n]], ['heatmap', [n]], ['map', [n]], ['pivot', [name]], ['scatter', [n]], ['boxplot', [name]]] as const)('%s without its columns is a table', (type, columns) => {
    expect(decide({ type }, [...columns], [[1, 2], [3, 4]]).kind).toBe('table');
  });
  test('hidden columns are in no table', () => {
    expect(decide({ type: 'table', hidden: ['id'] }, [id, name], [[1, 'a']]).shown).toEqual([1]);
  });
});

describe('order', () => {
  const order = (column: number, descending: boolean) => ({ column, descending });
  test('numbers by value, nothing last either way', () => {
    const rows = [['9'], [null], ['10.5'], ['-1']];
    expect(sorted(rows, [pct], order(0, false), 'en').map(([cell]) => cell)).toEqual(['-1', '9', '10.5', null]);
    expect(sorted(rows, [pct], order(0, true), 'en').map(([cell]) => cell)).toEqual(['10.5', '9', '-1', null]);
  });
  test('integers beyond 2^53 are told apart', () => {
    expect(sorted([['9007199254740993'], ['9007199254740992']], [n], order(0, false), 'en')[0]).toEqual(['9007199254740992']);
  });
  test('text as the locale has it', () => {
    expect(sorted([['z'], ['ä'], ['a10'], ['a9']], [name], order(0, false), 'de').map(([cell]) => cell)).toEqual(['ä', 'a9', 'a10', 'z']);
  });
});

test('small screens keep a row of figures together', () => {
  const card = (id: string, x: number, y: number, h: number): Item => ({
    id, x, y, w: 6, h, kind: 'card', card: id, name: id, description: null, visualization: {}, parameters: [],
  });
  const items = [card('d', 12, 0, 2), card('a', 0, 0, 2), card('b', 6, 0, 2), card('e', 0, 2, 5), card('f', 8, 2, 5)];
  expect(placed(items).map(({ item, narrow, middle }) => [item.id, narrow, middle])).toEqual([
    ['a', 6, 4], ['b', 6, 4], ['d', 12, 4], ['e', 12, 6], ['f', 12, 6],
  ]);
});
