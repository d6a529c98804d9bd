import { describe, expect, test } from 'vitest';
import { address, dresser, holds } from '../../src/embed/lib/cells';
import { decide } from '../../src/embed/lib/defaults';
import { axisWriter, duration, region, writer } from '../../src/embed/lib/format';
import { lens } from '../../src/embed/lib/lens';
import { formatOf, humane, meant } from '../../src/embed/lib/names';
import { pivoted } from '../../src/embed/lib/pivot';
import { filled, granularity, ticks } from '../../src/embed/lib/time';
import { spark, trend } from '../../src/embed/lib/trend';
import { look } from '../../src/embed/lib/theme';
import { contrast } from '../../src/embed/chart/color';
import { paint } from '../../src/embed/chart/paint';
import { AREAS, areaOf, around, cut, equalEarth, fitted } from '../../src/embed/chart/map/project';
import { Finder, unpack, type Packed } from '../../src/embed/chart/map/world';
import world from '../../src/embed/chart/map/world.json';
import { chartWords } from '../../src/embed/messages/charts';
import { en } from '../../src/embed/messages/charts/en';
import type { Cell, Column, ColumnType, Format, Row, Visualization } from '../../src/embed/lib/types';

const col = (name: string, type: ColumnType): Column => ({ name, type });
const seen = (columns: Column[], rows: Row[], visualization: Visualization = {}, locale = 'en-GB', zone = 'UTC') => lens(columns, rows, visualization, region(locale, zone));
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('names', () => {
  test.each([['active_users', 'Active users'], ['pass_pct', 'Pass %'], ['user_id', 'User ID'], ['revenue_eur', 'Revenue'], ['avg_time_seconds', 'Average time'], ['seconds', 'Seconds'], ['Name', 'Name'], ['Größe', 'Größe'], ['count(*)', 'count(*)']])('%s is %s', (name, words) => {
    expect(humane(name)).toBe(words);
  });
  test.each([
    ['pass_pct', 'decimal', 'percent'], ['filesize', 'integer', 'bytes'], ['time_seconds', 'integer', 'duration_seconds'], ['p95_ms', 'float', 'duration_milliseconds'],
    ['fee_chf', 'decimal', 'currency'], ['fee_xyz', 'decimal', undefined], ['pct', 'text', undefined], ['impact', 'integer', undefined],
  ] as const)('%s of type %s is meant as %s', (name, type, style) => {
    expect(meant(col(name, type), [[1]], 0)?.style).toBe(style);
  });
  test('seconds since 1970 are known by name and size, and only by both', () => {
    const rows: Row[] = [[1_767_225_601], [null]];
    expect(meant(col('timecreated', 'integer'), rows, 0)?.style).toBe('epoch_datetime');
    expect(meant(col('timecreated', 'integer'), [[12], [1_767_225_601]], 0)).toBeUndefined();
    expect(meant(col('followers', 'integer'), rows, 0)).toBeUndefined();
    expect(meant(col('day_utc', 'integer'), [[1_767_225_600], [1_767_312_000]], 0)?.style).toBe('epoch_date');
  });
  test('the author’s format wins', () => {
    expect(formatOf(col('pass_pct', 'decimal'), { formats: { pass_pct: { style: 'number' } } }, [[1]], 0)?.style).toBe('number');
  });
});

describe('dates are as coarse as they are', () => {
  const write = (cells: Cell[], type: ColumnType = 'date', format?: Format) => plain(seen([col('d', type)], cells.map((cell) => [cell]), format ? { formats: { d: format } } : {}).write(0)(cells[0] ?? null));
  test.each([
    [['2026-01-01', '2026-02-01', '2026-04-01'], 'Jan 2026'], [['2025-01-01', '2026-01-01'], '2025'], [['2026-01-01', '2026-01-02'], '1 Jan 2026'],
    [['2026-01-01', '2026-04-01', '2026-07-01'], 'Q1 2026'], [['2026-01-01'], '1 Jan 2026'], [['2026-01-01', null], '1 Jan 2026'],
  ])('%j', (cells, words) => {
    expect(write(cells as Cell[])).toBe(words);
  });
  test('midnights of a timestamp are days, and months when they are', () => {
    expect(write(['2026-01-01T00:00:00+01:00', '2026-02-01T00:00:00+01:00'], 'timestamp')).toBe('Jan 2026');
    expect(write(['2026-01-05T00:00:00', '2026-01-06T00:00:00'], 'datetime')).toBe('5 Jan 2026');
    expect(write(['2026-01-05T00:00:00', '2026-01-06T10:00:00'], 'datetime')).toBe('5 Jan 2026, 00:00');
  });
  test('the author may say otherwise', () => {
    expect(write(['2026-05-17'], 'date', { style: 'date', granularity: 'year' })).toBe('2026');
  });
  test('steps', () => {
    const at = (...texts: string[]) => texts.map((text) => Date.parse(`${text}Z`));
    expect(granularity(at('2026-01-05T00:00', '2026-01-12T00:00', '2026-01-26T00:00'))).toBe('week');
    expect(granularity(at('2026-01-05T10:00', '2026-01-05T11:00'))).toBe('hour');
    expect(filled(Date.UTC(2026, 0, 1), Date.UTC(2026, 3, 1), 'month', 10)?.length).toBe(4);
    expect(filled(0, 1e13, 'minute', 100)).toBeNull();
  });
  test('ticks are round and say the year once', () => {
    const year = ticks(Date.UTC(2025, 10, 1), Date.UTC(2026, 9, 1), 600, 'month', 'en-GB');
    expect([...year.labels.values()]).toEqual(['Nov\n2025', 'Dec', 'Jan\n2026', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct']);
    expect(ticks(Date.UTC(2000, 0, 1), Date.UTC(2026, 0, 1), 300, 'day', 'en').at.length).toBeLessThanOrEqual(7);
    const hours = ticks(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2, 12), 500, 'hour', 'en-GB');
    expect([...hours.labels.values()].filter((text) => text.includes('\n'))).toEqual(['0:00\n1 Jan', '0:00\n2 Jan']);
  });
});

describe('more formats', () => {
  const write = (format: Format, cell: Cell, type: ColumnType = 'integer', locale = 'en-GB') => plain(writer(col('n', type), format, region(locale, 'UTC'))(cell));
  test.each([
    [{ style: 'duration_seconds' }, 5025, '1 hr 24 mins'], [{ style: 'duration_seconds' }, 3599.7, '1 hr'], [{ style: 'duration_seconds' }, 59.6, '60 secs'], [{ style: 'duration_minutes' }, 1500, '1 day 1 hr'],
    [{ style: 'duration_milliseconds' }, 350, '350 ms'], [{ style: 'duration_hours' }, -1.5, '-1 hr 30 mins'], [{ style: 'fraction' }, 0.125, '12.5%'], [{ style: 'number', compact: true }, 1_234_567, '1.2m'],
    [{ style: 'number', prefix: '~', suffix: ' pt' }, 5, '~5 pt'], [{ style: 'currency', currency: 'JPY' }, 1234, 'JP¥1,234'], [{ style: 'currency', currency: 'EUR' }, 12, '€12'],
  ] as [Format, Cell, string][])('%j of %s is %s', (format, cell, text) => {
    expect(write(format, cell)).toBe(text);
  });
  test('nothing has no prefix', () => {
    expect(write({ style: 'number', prefix: '~' }, null)).toBe('–');
  });
  test('axes are short', () => {
    expect(plain(axisWriter({ style: 'currency', currency: 'EUR' }, 'de')(1_500_000))).toBe('1,5 Mio. €');
    expect(axisWriter({ style: 'percent' }, 'en')(7)).toBe('7%');
    expect(axisWriter({ style: 'duration_seconds' }, 'en')(0)).toBe('0');
    expect(plain(duration(90_000, 'fr'))).toBe('1 min 30 s');
  });
});

describe('cells', () => {
  const colors = paint(look({}, 'light'), 'x');
  test('rules compare numbers as numbers, days as days, words as words', () => {
    expect(holds({ when: 'less', value: 50, color: 'bad' }, '7.5')).toBe(true);
    expect(holds({ when: 'at-least', value: 50, color: 'bad' }, '50.0')).toBe(true);
    expect(holds({ when: 'greater', value: '2026-01-31', color: 'bad' }, '2026-02-01')).toBe(true);
    expect(holds({ when: 'contains', value: 'LATE', color: 'bad' }, 'too late')).toBe(true);
    expect(holds({ when: 'equal', value: true, color: 'bad' }, true)).toBe(true);
    expect(holds({ when: 'not-equal', value: 'a', color: 'bad' }, 'b')).toBe(true);
    expect([holds({ when: 'empty', color: 'bad' }, null), holds({ when: 'empty', color: 'bad' }, 0), holds({ when: 'less', value: 5, color: 'bad' }, null)]).toEqual([true, false, false]);
  });
  test('whatever the colour, the text can be read', () => {
    const rows: Row[] = [[0], [5], [10]];
    for (const mode of ['light', 'dark'] as const) {
      const own = paint(look({}, mode), 'x');
      for (const settings of [{ scale: 'rising' }, { scale: 'bad-to-good' }, { rules: [{ when: 'at-least', value: 0, color: '#000000' }] }, { rules: [{ when: 'at-least', value: 0, color: 'warning' }] }] as const) {
        const dress = dresser(JSON.parse(JSON.stringify(settings)), seen([col('n', 'integer')], rows), 0, own);
        for (const row of rows) {
          const found = dress.cell(row);
          expect(contrast(found?.ink ?? '', found?.ground ?? '')).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });
  test('bars start at zero, wherever zero is', () => {
    const dress = dresser({ bar: true }, seen([col('n', 'integer')], [[-5], [15]]), 0, colors);
    expect(dress.bar([15])).toEqual({ start: 0.25, length: 0.75, below: false });
    expect(dress.bar([-5])).toEqual({ start: 0, length: 0.25, below: true });
    expect(dress.bar([null])).toBeNull();
  });
  test('links have the schemes that run nothing, and values cannot leave their place', () => {
    const own = seen([col('id', 'integer'), col('name', 'text')], []);
    const link = (text: string, row: Row) => address({ link: text }, own, 1, row);
    expect(link('https://lms.example/c?id={id}&n={name}', [5, 'a b&c=/../#'])).toBe('https://lms.example/c?id=5&n=a%20b%26c%3D%2F..%2F%23');
    expect(link('https://lms.example/{name}', [5, '//evil.example'])).toBe('https://lms.example/%2F%2Fevil.example');
    expect(link('https://lms.example/c?id={id}', [null, 'a'])).toBeNull();
    expect(link('javascript:alert({id})', [1, 'a'])).toBeNull();
    const cell = (text: Cell) => address(undefined, own, 1, [1, text]);
    expect([cell('https://a.example/x'), cell('javascript:alert(1)'), cell(' https://a.example'), cell('data:text/html,x'), cell('mailto:a@b.example'), cell(5)]).toEqual(['https://a.example/x', null, null, null, 'mailto:a@b.example', null]);
  });
});

describe('pivots', () => {
  const columns = [col('site', 'text'), col('kind', 'text'), col('month', 'date'), col('n', 'integer')];
  const rows: Row[] = [['b', 'x', '2026-02-01', 1], ['b', 'x', '2026-01-01', 2], ['a', 'y', '2026-01-01', 4], ['b', 'y', '2026-01-01', 8], ['b', 'x', '2026-01-01', 16]];
  test('sums by place; words as they came, days in order', () => {
    const found = pivoted(seen(columns, rows), [0, 1], [2], [3], true, 'Total');
    expect(found.across).toEqual([[{ text: 'Jan 2026', span: 1, total: false }, { text: 'Feb 2026', span: 1, total: false }, { text: 'Total', span: 1, total: true }]]);
    expect(found.lines.map((line) => [line.heads.map((head) => head?.text ?? null), line.cells])).toEqual([
      [['b', 'x'], [18, 1, 19]], [[null, 'y'], [8, null, 8]], [['a', 'y'], [4, null, 4]], [['Total', null], [30, 1, 31]],
    ]);
    expect(found.lines[0]?.heads[0]?.span).toBe(2);
  });
  test('without columns across, the values are the columns', () => {
    const found = pivoted(seen(columns, rows), [0], [], [3], false, 'Total');
    expect(found.lines.map((line) => line.cells)).toEqual([[27], [4]]);
    expect(found.across[0]?.map((head) => head.text)).toEqual(['N']);
  });
  test('too many columns are left out, and counted', () => {
    const wide: Row[] = Array.from({ length: 90 }, (_, index) => ['a', `k${index}`, '2026-01-01', 1]);
    const found = pivoted(seen(columns, wide), [0], [1], [3], true, 'Total');
    expect([found.left, found.lines[0]?.cells.at(-1)]).toEqual([30, 90]);
  });
});

describe('trends', () => {
  const columns = [col('m', 'date'), col('n', 'integer')];
  const of = (rows: Row[], own = columns) => trend(seen(own, rows), decide({ type: 'trend' }, own, rows));
  test('the last against the one before, in order of time', () => {
    expect(of([['2026-03-01', 12], ['2026-01-01', 8], ['2026-02-01', 10]])).toMatchObject({ value: 12, before: 10, change: 0.2, at: 'Mar 2026', beforeAt: 'Feb 2026', points: [8, 10, 12] });
  });
  test('nothing to compare with', () => {
    expect(of([['2026-03-01', 12]])).toMatchObject({ value: 12, before: null, change: null });
    expect(of([['2026-02-01', 0], ['2026-03-01', 12]]).change).toBeNull();
    expect(of([[3, 4]], [col('now', 'integer'), col('before', 'integer')])).toMatchObject({ value: 3, before: 4, change: -0.25 });
  });
  test('a spark of equal values is a line in the middle', () => {
    expect(spark([5, 5], 10, 4).line).toBe('M0.0 2.0L10.0 2.0');
  });
});

describe('the world', () => {
  const regions = unpack(world as unknown as Packed);
  test('every country has a shape, a middle near it, and codes of its own', () => {
    expect(regions.length).toBeGreaterThan(200);
    const codes = regions.map((region) => region.alpha2).filter((code) => code !== '');
    expect(new Set(codes).size).toBe(codes.length);
    for (const region of regions) {
      expect(region.polygons.length, region.name).toBeGreaterThan(0);
      expect(Math.abs(region.middle[0]) <= 180 && Math.abs(region.middle[1]) <= 90, region.name).toBe(true);
    }
  });
  test('codes and names in English and in the viewer’s language', () => {
    const finder = new Finder(regions, 'de');
    const names = ['DE', 'deu', '276', 'Germany', 'Deutschland', 'deutschland '].map((name) => finder.find(name));
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toBeGreaterThan(-1);
    expect(finder.name(names[0] ?? -1)).toBe('Deutschland');
    expect([finder.find("Côte d'Ivoire"), finder.find('COTE D IVOIRE'), finder.find('Ivory Coast')]).toEqual(Array(3).fill(finder.find('CI')));
    expect([finder.find('Atlantis'), finder.find(null), finder.find('')]).toEqual([-1, -1, -1]);
    expect(finder.find('USA')).toBe(finder.find('US'));
    expect(finder.find(36)).toBe(finder.find('AU'));
  });
  test('areas compare, and each part of the world holds its countries', () => {
    const [x] = equalEarth([180, 0]);
    expect(x).toBeCloseTo(2.7066, 3);
    const europe = regions.filter((region) => ['DE', 'FR', 'NO', 'MT', 'PT', 'GR'].includes(region.alpha2)).map((region) => region.middle);
    expect(areaOf(europe)).toBe(AREAS.europe);
    expect(areaOf([...europe, [-100, 40]])).toBe(AREAS.world);
    const [left, top] = fitted(AREAS.europe, [400, 300], 10)([AREAS.europe[0], AREAS.europe[3]]);
    expect(left >= 0 && top >= 0 && left < 400 && top < 300).toBe(true);
    expect(around([[4.8, 45.7]])[2] - around([[4.8, 45.7]])[0]).toBeGreaterThanOrEqual(6);
  });
  test('what crosses the edge of the map is cut there', () => {
    const ring: [number, number][] = [[170, 60], [-170, 60], [-170, 70], [170, 70]];
    const parts = cut(ring, 0);
    expect(parts).toHaveLength(2);
    for (const part of parts) for (const [at] of part) expect(Math.abs(at)).toBeLessThanOrEqual(180);
    expect(cut(ring, 180)).toHaveLength(1);
  });
});

test.each(['fr', 'de', 'es', 'ar'])('the words of charts are all there in %s, with the same places', async (lang) => {
  const words = await chartWords(`${lang}-XX`);
  expect(words).not.toBe(en);
  for (const [name, text] of Object.entries(en)) {
    const own = words[name as keyof typeof en];
    expect(own, name).toBeTruthy();
    expect(own.match(/\{\w+\}/g)?.toSorted() ?? [], name).toEqual(text.match(/\{\w+\}/g)?.toSorted() ?? []);
  }
});
