import { describe, expect, test } from 'vitest';
import { Answers } from '../../src/embed/lib/answers';
import { addDays, addMonths, today, weeks, weekStart } from '../../src/embed/lib/calendar';
import { readNumber, sayNumber } from '../../src/embed/lib/number';
import { describe as say, relative, unrelative } from '../../src/embed/lib/period';
import { sheetWords } from '../../src/embed/messages/sheets';
import { en } from '../../src/embed/messages';

describe('numbers as people write them', () => {
  test.each([
    ['1,234.5', 'en', '1234.5'], ['1.234,5', 'de', '1234.5'], ['1 234,5', 'fr', '1234.5'], ['1234.5', 'de', '1234.5'], ['1.234', 'de', '1234'], ['1.234', 'en', '1.234'],
    ['١٬٢٣٤٫٥', 'ar-EG', '1234.5'], ['12345678901234567890.123', 'en', '12345678901234567890.123'], ['−5', 'en', '-5'], ['.5', 'en', '0.5'], ['5.', 'en', '5'], ['+7', 'en', '7'],
  ])('%s in %s', (text, locale, wanted) => expect(readNumber(text, locale)).toBe(wanted));
  test.each(['', 'x', '1e5', '1,2,3x', '--1', '1.2.3', '0x10', 'Infinity'])('%j is none', (text) => expect(readNumber(text, 'en')).toBeNull());
  test('are said back with the same digits', () => {
    for (const [text, locale] of [['1234.5', 'de'], ['-0.25', 'fr'], ['12345678901234567890.123', 'ar-EG']] as const) expect(readNumber(sayNumber(text, locale), locale)).toBe(text);
    expect(sayNumber('1234.5', 'de')).toBe('1234,5');
  });
});

describe('calendars', () => {
  test('six whole weeks that begin where the language says', () => {
    const found = weeks('2026-02-14', 1);
    expect([found.length, found[0]?.[0], found[5]?.[6]]).toEqual([6, '2026-01-26', '2026-03-08']);
    expect(weeks('2026-02-14', 7)[0]?.[0]).toBe('2026-02-01');
    expect([weekStart('de'), weekStart('fr-FR')]).toEqual([1, 1]);
  });
  test('months are as long as they are, whatever the clocks do', () => {
    expect([addMonths('2026-01-31', 1), addMonths('2024-01-31', 1), addMonths('2026-03-31', -1), addMonths('2026-12-15', 1), addMonths('2024-02-29', 12)]).toEqual([
      '2026-02-28', '2024-02-29', '2026-02-28', '2027-01-15', '2025-02-28',
    ]);
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
  });
  test('today is a day', () => expect(today('Pacific/Kiritimati')).toMatch(/^\d{4}-\d\d-\d\d$/));
});

describe('relative spans', () => {
  test.each(['past30days', 'past30days~', 'next2weeks', 'past1years', 'past6quarters~'])('%s is read and written', (text) => {
    const found = relative(text);
    expect(found && unrelative(found)).toBe(text);
  });
  test.each(['pastdays', 'past-1days', 'thismonth', '2026-01-01~', null, 3])('%j is none', (value) => expect(relative(value)).toBeNull());
  test('are said', () => {
    expect([say('next2weeks', en, 'en'), say('past2quarters~', en, 'en'), say('lastquarter', en, 'en')]).toEqual(['Next 2 weeks', 'Past 6 months', 'Last quarter']);
  });
});

describe('what opens from a button', () => {
  test.each(['fr', 'de', 'es', 'ar'])('speaks %s', async (lang) => {
    const english = (await sheetWords('en')).words;
    const { words } = await sheetWords(lang);
    for (const [name, text] of Object.entries(english)) {
      const own = words[name as keyof typeof words];
      expect(own, name).toBeTruthy();
      expect(own.match(/\{\w+\}/g)?.toSorted() ?? [], name).toEqual(text.match(/\{\w+\}/g)?.toSorted() ?? []);
    }
  });
});

describe('answers of a moment ago', () => {
  const answer = (rows: number) => ({ columns: [{ name: 'n', type: 'integer' as const }], rows: Array.from({ length: rows }, (_, n) => [n]), truncated: false });
  test('are bounded in cells, oldest first', () => {
    const kept = new Answers(50);
    kept.put('a', answer(20));
    kept.put('b', answer(20));
    expect([kept.get('a'), kept.get('b')].map((one) => one?.rows.length)).toEqual([20, 20]);
    kept.put('c', answer(20));
    expect([kept.get('a'), kept.get('b')?.rows.length]).toEqual([undefined, 20]);
    kept.put('d', answer(500));
    expect(kept.get('d')).toBeUndefined();
    kept.put('b', answer(3));
    expect(kept.get('b')?.rows.length).toBe(3);
    kept.clear();
    expect(kept.get('b')).toBeUndefined();
  });
});
