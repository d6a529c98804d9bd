import { describe, expect, test } from 'vitest';
import { address, days, decideClick, isWired } from '../../src/embed/lib/clicks';
import { localized } from '../../src/embed/lib/localize';
import type { Click } from '../../src/embed/lib/shown';
import type { CardItem, Column, Parameter, Shown } from '../../src/embed/lib/types';

const parameter = (name: string, type: Parameter['type']): Parameter => ({
  name, label: name, type, required: false, multiple: false, default: null, choices: [], has_values: false,
});
const columns: Column[] = [{ name: 'course', type: 'text' }, { name: 'course_id', type: 'integer' }, { name: 'day', type: 'date' }, { name: 'n', type: 'integer' }];
const card = (clicks: Click[] = []): CardItem => ({
  id: 'a', x: 0, y: 0, w: 1, h: 1, kind: 'card', card: 'c', name: 'A', description: null, visualization: { type: 'bar' }, parameters: [], clicks,
});
const pick = { column: 'course', value: 'Biology', row: ['Biology', 7, '2026-02-01', 3] };
const filters = [parameter('course', 'text'), parameter('period', 'date_range'), parameter('day', 'date_range'), parameter('n', 'identifier')];
const decide = (clicks: Click[], picked: Parameters<typeof decideClick>[1] = pick) => decideClick(card(clicks), picked, columns, filters, { period: 'thismonth' }, 'Europe/Paris');

describe('a click', () => {
  test('without wiring sets the filter of the same name and kind', () => {
    expect(decide([])).toEqual({ action: 'filter', filters: { course: 'Biology' } });
    expect(decide([], { ...pick, column: 'day', value: '2026-02-01' })).toEqual({ action: 'filter', filters: { day: '2026-02-01' } });
    expect(decide([], { ...pick, column: 'n', value: 3 })).toEqual({ action: 'none' });
    expect(decide([], { ...pick, value: null })).toEqual({ action: 'none' });
    expect(isWired({ ...card(), visualization: { type: 'table' } }, 'course', columns, filters)).toBe(false);
    expect(isWired({ ...card(), visualization: {} }, 'course', columns, filters)).toBe(false);
    expect(['course', 'day', 'n', 'course_id'].map((name) => isWired(card(), name, columns, filters))).toEqual([true, true, false, false]);
  });
  test('takes values from columns, filters and constants', () => {
    const click: Click = { action: 'open', dashboard: 'people', filters: { course: { column: 'course_id' }, period: { filter: 'period' }, state: { value: 'open' }, gone: { column: 'nowhere' } } };
    expect(decide([click])).toEqual({ action: 'open', dashboard: 'people', filters: { course: 7, period: 'thismonth', state: 'open' } });
  });
  test('is the one that its column has', () => {
    const clicks: Click[] = [{ column: 'n', action: 'visit', url: 'https://e.org/n' }, { action: 'visit', url: 'https://e.org/{course}' }];
    expect(decide(clicks)).toEqual({ action: 'visit', url: 'https://e.org/Biology' });
    expect(decide(clicks, { ...pick, column: 'n', value: 3 })).toEqual({ action: 'visit', url: 'https://e.org/n' });
  });
  test('a month stands for its days', () => {
    expect(decide([{ action: 'filter', filters: { period: { column: 'day', span: 'month' } } }])).toEqual({ action: 'filter', filters: { period: '2026-02-01~2026-02-28' } });
    expect([days('2026-12-30', 'week', 'UTC'), days('2026-11-07', 'quarter', 'UTC'), days('2024-01-01', 'year', 'UTC'), days('2026-01-01T00:00:00+01:00', 'day', 'UTC')]).toEqual([
      '2026-12-28~2027-01-03', '2026-10-01~2026-12-31', '2024-01-01~2024-12-31', '2026-01-01',
    ]);
    expect([days(1_767_225_600, 'day', 'America/New_York'), days(1_767_225_601, 'day', 'America/New_York'), days('x', 'day', 'UTC'), days(null, 'month', 'UTC')]).toEqual([
      '2026-01-01', '2025-12-31', undefined, undefined,
    ]);
  });
});

describe('an address', () => {
  const now = { period: '2026-01-01~' };
  test('keeps values in their places', () => {
    expect(address('https://e.org/{course}?p={filter:period}#x', { course: 'a/b?c#d@e:f é' }, now)).toBe('https://e.org/a%2Fb%3Fc%23d%40e%3Af%20%C3%A9?p=2026-01-01~#x');
    expect(address('https://e.org/{nowhere}/{constructor}', {}, now)).toBe('https://e.org//');
  });
  test.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//e.org', '/x', ''])('a column that says %j leads nowhere', (value) => {
    expect(address('{url}', { url: value }, now)).toBeNull();
    expect(address(value, {}, now)).toBeNull();
  });
  test('a scheme is never made of a value', () => {
    expect(address('{scheme}:alert(1)', { scheme: 'javascript' }, now)).toBeNull();
    expect(address('https://{host}/', { host: 'evil.example/@' }, now)).toBeNull();
  });
});

describe('translations', () => {
  const shown = {
    kind: 'dashboard', name: 'Overview', description: null, tabs: [{ id: 't', name: 'One' }],
    parameters: [{ ...parameter('city', 'identifier'), choices: [{ value: 'a', label: 'A' }] }],
    items: [{ ...card(), visualization: { type: 'bar', y: ['n'], labels: { day: 'Day' } } }, { id: 'h', x: 0, y: 0, w: 1, h: 1, kind: 'heading', text: 'Use' }],
    translations: {
      fr: { name: 'Aperçu', description: 'Tout', 'tabs.t': 'Un', 'parameters.city.label': 'Ville', 'parameters.city.choices.a': 'Ah', 'items.a.name': 'La', 'items.a.labels.n': 'Nombre', 'items.h.text': 'Usage' },
      'pt-BR': { name: 'Visão' },
    },
  } as unknown as Shown;
  test('replace what they name and nothing else', () => {
    const found = localized(shown, 'fr-CA');
    expect(found).toMatchObject({ name: 'Aperçu', description: 'Tout', tabs: [{ name: 'Un' }], parameters: [{ label: 'Ville', choices: [{ label: 'Ah' }] }] });
    expect(found.items).toMatchObject([{ name: 'La', visualization: { labels: { n: 'Nombre', day: 'Day' } } }, { text: 'Usage' }]);
  });
  test('of another language leave it alone; of the same language in another country they serve', () => {
    expect(localized(shown, 'de')).toBe(shown);
    expect(localized(shown, 'pt-PT')).toMatchObject({ name: 'Visão', tabs: [{ name: 'One' }] });
  });
});
