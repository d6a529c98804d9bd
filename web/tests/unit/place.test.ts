import { describe, expect, test } from 'vitest';
import { hidden, place, readValues, speaksOfFilters, writeValues } from '../../src/embed/lib/place';
import type { Json, Parameter } from '../../src/embed/lib/types';

const parameter = (name: string, type: Parameter['type'], more: Partial<Parameter> = {}): Parameter => ({
  name, label: name, type, required: false, multiple: false, default: null, choices: [], has_values: false, ...more,
});

describe('where the page is', () => {
  test.each([
    ['/embed/dashboard', '#token=abc.d-e_f', '', 'abc.d-e_f'],
    ['/embed/dashboard/jwt.x.y', '', '', 'jwt.x.y'],
    ['/t/alder/embed/card/jwt', '#token=other', '/t/alder', 'jwt'],
    ['/t/alder/embed/card', '#theme=dark', '/t/alder', null],
    ['/t/alder/embed/question/jwt', '#bordered=true', '/t/alder', 'jwt'],
    ['/public/dashboard/3e3f6c1e-0000-4000-8000-000000000000', '', '', '3e3f6c1e-0000-4000-8000-000000000000'],
    ['/t/alder/public/question/3e3f6c1e-0000-4000-8000-000000000000', '', '/t/alder', '3e3f6c1e-0000-4000-8000-000000000000'],
    ['/embed/card/', '#token=', '', null],
  ])('%s %s', (path, hash, base, token) => {
    expect(place(path, hash)).toEqual({ base, token });
  });
  test('hidden filters', () => {
    expect(hidden('#hide=a,b&hide=c')).toEqual(['a', 'b', 'c']);
    expect(hidden('#hide_parameters=a,%20b&hide_parameters=c,&hide=d')).toEqual(['d', 'a', 'b', 'c']);
    expect(hidden('#token=x')).toEqual([]);
  });
});

describe('filters in the address', () => {
  const all = [
    parameter('period', 'date_range', { default: 'past30days' }),
    parameter('course', 'id', { multiple: true }),
    parameter('one', 'id'),
    parameter('name', 'text'),
    parameter('open', 'boolean'),
  ];
  const back = (values: Record<string, Json>) => readValues(writeValues('#token=t', all, values), all);

  test('what is written is read', () => {
    const values = { period: '2026-01-01~', course: [3, '3', 'x', '"q'], one: '007', name: '50% & more #1', open: false };
    expect(back(values)).toEqual(values);
  });
  test('defaults stay out of the address, "no value" does not', () => {
    expect(writeValues('#token=t', all, { period: 'past30days', course: null, one: null, name: null, open: null })).toBe('#token=t');
    expect(back({ period: null, course: null, one: null, name: null, open: null })['period']).toBeNull();
  });
  test('a host page writes numbers plainly', () => {
    expect(readValues('#filter.course=3&filter.course=9007199254740993&filter.open=1', all)).toMatchObject({
      course: [3, '9007199254740993'], open: true, period: 'past30days',
    });
  });
  test('it is known whether the address speaks of filters', () => {
    expect(speaksOfFilters('#token=x&theme=dark')).toBe(false);
    expect(speaksOfFilters('#filter.a=')).toBe(true);
  });
});
