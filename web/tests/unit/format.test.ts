import { describe, expect, test } from 'vitest';
import { epochZone, isTemporal, moment, NOTHING, region, writer } from '../../src/embed/lib/format';
import type { Cell, Column, ColumnType, Format, Row } from '../../src/embed/lib/types';

const column = (type: ColumnType, name = 'n'): Column => ({ name, type });
const write = (type: ColumnType, cell: Cell, format?: Format, locale = 'en-GB', zone = 'Europe/London', rows: Row[] = []) =>
  writer(column(type), format, region(locale, zone), rows, 0)(cell).replace(/[\u00a0\u202f]/g, ' ');

describe('numbers', () => {
  test('exact decimals and big integers keep every digit', () => {
    expect(write('decimal', '12345678901234567.8901')).toBe('12,345,678,901,234,567.8901');
    expect(write('integer', '9223372036854775807')).toBe('9,223,372,036,854,775,807');
    expect(write('decimal', '12345678901234567.89', { style: 'currency', currency: 'EUR' }, 'de')).toBe('12.345.678.901.234.567,89 €');
  });
  test('percent is in percent already', () => {
    expect(write('decimal', '12.5', { style: 'percent' })).toBe('12.5%');
    expect(write('float', 12.5, { style: 'percent', decimals: 0 }, 'fr')).toBe('13 %');
    expect(write('decimal', '0.07', { style: 'percent', decimals: 2 })).toBe('0.07%');
  });
  test('what is no number stays as it is', () => {
    expect(write('float', 'NaN')).toBe('NaN');
    expect(write('text', 'abc', { style: 'number' })).toBe('abc');
    expect(write('integer', null)).toBe(NOTHING);
  });
  test('names of rows and years are not grouped', () => {
    const plain = region('en', 'UTC');
    expect(writer(column('integer', 'user_id'), undefined, plain)(12345)).toBe('12345');
    expect(writer(column('integer', 'year'), undefined, plain)(2026)).toBe('2026');
    expect(writer(column('integer', 'paid'), undefined, plain)(12345)).toBe('12,345');
  });
  test('sizes and spans have units', () => {
    expect(write('integer', 1_500_000, { style: 'bytes' })).toBe('1.5 MB');
    expect(write('integer', 0, { style: 'bytes' })).toBe('0 byte');
    expect(write('integer', 181, { style: 'duration_days', decimals: 0 }, 'de')).toBe('181 Tage');
  });
});

describe('days and moments', () => {
  test('seconds are shown on the tenant’s clock', () => {
    const evening = 1_767_225_600 + 86_400 - 1800; // 23:30 UTC
    expect(write('integer', evening, { style: 'epoch_date' }, 'en-GB', 'UTC')).toBe('1 Jan 2026');
    expect(write('integer', evening, { style: 'epoch_date' }, 'en-GB', 'Europe/Paris')).toBe('2 Jan 2026');
    expect(write('integer', evening, { style: 'epoch_datetime' }, 'en-GB', 'America/New_York')).toBe('1 Jan 2026, 18:30');
  });
  test('days that were cut in UTC stay those days west of Greenwich', () => {
    const rows: Row[] = [[1_767_225_600], [null], [1_767_312_000]];
    const west = region('en-GB', 'America/New_York');
    expect(epochZone(rows, 0, west)).toBe('UTC');
    expect(write('integer', 1_767_225_600, { style: 'epoch_date' }, 'en-GB', 'America/New_York', rows)).toBe('1 Jan 2026');
    expect(epochZone([...rows, [1_767_312_001]], 0, west)).toBe('America/New_York');
  });
  test('a timestamp shows the wall clock it came with', () => {
    expect(write('timestamp', '2026-03-01T23:30:00+05:30')).toBe('1 Mar 2026, 23:30');
    expect(write('datetime', '2026-03-01T23:30:00')).toBe('1 Mar 2026, 23:30');
    expect(write('date', '2026-03-01')).toBe('1 Mar 2026');
    expect(write('date', 'soon')).toBe('soon');
  });
  test('a time axis reads the wall clock as UTC', () => {
    expect(moment(1_767_225_600, column('integer'), { style: 'epoch_datetime' }, 'Asia/Tokyo')).toBe(Date.UTC(2026, 0, 1, 9));
    expect(moment('2026-03-01T10:00:00.5-08:00', column('timestamp'), undefined, 'UTC')).toBe(Date.UTC(2026, 2, 1, 10, 0, 0, 500));
    expect(moment('never', column('date'), undefined, 'UTC')).toBeNull();
  });
  test('a format says what a number is', () => {
    expect(isTemporal(column('integer'), { style: 'epoch_date' })).toBe(true);
    expect(isTemporal(column('date'), { style: 'number' })).toBe(false);
  });
});

test('unknown locales and zones do not break the page', () => {
  expect(region('not a locale', 'Mars/Olympus')).toEqual({ locale: 'en', timezone: 'UTC' });
});
