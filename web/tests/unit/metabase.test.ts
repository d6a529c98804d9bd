import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Parameter } from '../../src/embed/lib/types';
import { resourceOf } from '../../src/metabase/provider';
import { fitted, readNames, readTheme, readValues } from '../../src/metabase/read';

const parameter = (type: Parameter['type'], multiple = false) => ({ name: 'one', type, multiple }) as Parameter;

describe('attributes of pages that were written for Metabase', () => {
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined));
  afterEach(() => vi.restoreAllMocks());

  test.each([
    ['{"city": "Lyon"}', { city: 'Lyon' }],
    ["{ 'city': ['Lyon', 'Nice'] }", { city: ['Lyon', 'Nice'] }],
    ['{"city": "L\'Aigle"}', { city: "L'Aigle" }],
    ['', null],
    ['[1]', null],
    ['city=Lyon', null],
  ])('%s are these values', (text, values) => expect(readValues('parameters', text)).toEqual(values));

  test('values that cannot be read are told of', () => {
    readValues('parameters', 'x');
    expect(console.warn).toHaveBeenCalledOnce();
    readValues('parameters', null);
    expect(console.warn).toHaveBeenCalledOnce();
  });

  test.each([["['a', 'b c']", ['a', 'b c']], ['["a"]', ['a']], ['a, b', ['a', 'b']], ['', []], [null, []]])('%s are these names', (text, names) =>
    expect(readNames(text)).toEqual(names));

  test.each([
    ['text', false, ['Lyon'], 'Lyon'],
    ['text', true, 'Lyon', ['Lyon']],
    ['text', false, 5, '5'],
    ['text', true, [], []],
    ['text', false, [], null],
    ['text', false, '', null],
    ['id', false, '42', 42],
    ['id', false, '007a', '007a'],
    ['id', false, '12345678901234567890', '12345678901234567890'],
    ['boolean', false, 'true', true],
    ['date_range', false, 'past7days', 'past7days'],
  ] as const)('a filter of type %s (several: %s) takes %j as %j', (type, several, given, taken) =>
    expect(fitted(parameter(type, several), given as never)).toEqual(taken));
});

describe('themes of pages that were written for Metabase', () => {
  const hex = (color: string) => (/^#[0-9a-f]{6}$/.test(color) ? color : null);
  test('become ours as far as ours has the same', () => {
    const colors = { brand: '#123456', background: '#ffffff', 'text-primary': 'no colour', charts: ['#000001', { base: '#000002', tint: '#000003' }, 7] };
    expect(readTheme({ preset: 'dark', colors, fontFamily: 'Lato' }, hex)).toEqual({
      mode: 'dark', primary: '#123456', background: '#ffffff', surface: '#ffffff', text: null, colors: ['#000001', '#000002'], font: 'Lato',
    });
    expect(readTheme({ components: { dashboard: { backgroundColor: '#000004', card: { backgroundColor: '#000005' } } } }, hex)).toMatchObject({ mode: 'light', background: '#000004', surface: '#000005' });
  });
  test.each([[undefined], [null], ['dark'], [3]])('%j is none', (theme) => expect(readTheme(theme, hex)).toBeNull());
});

test('a token says which thing it opens', () => {
  const token = (claims: unknown) => `e30.${btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims)))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.x`;
  expect(resourceOf(token({ resource: { dashboard: 7 } }))).toEqual({ entityType: 'dashboard', entityId: 7 });
  expect(resourceOf(token({ resource: { question: 'é' } }))).toEqual({ entityType: 'question', entityId: 'é' });
  for (const bad of [null, '', 'x', 'a.b.c', token({}), token({ resource: { dashboard: {} } }), token(null)]) expect(resourceOf(bad)).toBeNull();
});
