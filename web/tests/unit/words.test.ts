import { describe, expect, test } from 'vitest';
import { explain, isOfToken, wait } from '../../src/embed/lib/explain';
import { parse, safe } from '../../src/embed/lib/markdown';
import { describe as say, span, unspan } from '../../src/embed/lib/period';
import { seriesOf } from '../../src/embed/lib/palette';
import { contrast, look, merged } from '../../src/embed/lib/theme';
import { direction, en, messages } from '../../src/embed/messages';

describe('markdown', () => {
  test('marks become nodes', () => {
    expect(parse('a **b *c*** [d](https://e.org/)\n\n- one\n- two\n1. three')).toMatchObject([
      { kind: 'paragraph', children: [{ text: 'a ' }, { kind: 'strong' }, {}, { kind: 'link', href: 'https://e.org/' }] },
      { kind: 'list', ordered: false, items: [[{ text: 'one' }], [{ text: 'two' }]] },
      { kind: 'list', ordered: true, items: [[{ text: 'three' }]] },
    ]);
  });
  test.each(['javascript:alert(1)', 'JaVaScRiPt:x', 'data:text/html,x', 'vbscript:x', '//e.org', '/x', ' '])('%s is no link', (target) => {
    expect(safe(target)).toBeNull();
    expect(JSON.stringify(parse(`[x](${target})`))).not.toContain('"link"');
  });
  test('HTML is text', () => {
    expect(parse('<b>x</b>')).toEqual([{ kind: 'paragraph', children: [{ kind: 'text', text: '<b>x</b>' }] }]);
  });
});

describe('problems', () => {
  test('codes are explained in plain words', () => {
    expect(explain({ code: 'token-expired', status: 401 }, en, []).title).toBe(en.tokenExpired);
    const period = { name: 'p', label: 'Period', type: 'date_range', required: false, multiple: false, default: null, choices: [], has_values: false } as const;
    expect(explain({ code: 'parameter-out-of-range', status: 400, field: 'parameters.p' }, en, [{ ...period, choices: [] }]).why).toContain('“Period”');
    expect(explain({ code: 'never-heard-of', status: 500 }, en, [])).toMatchObject({ title: en.internal, again: true });
    expect(isOfToken({ code: 'token-invalid', status: 401 })).toBe(true);
    expect(isOfToken({ code: 'busy', status: 429 })).toBe(false);
  });
  test('busy is asked again, later each time, and not for ever', () => {
    const busy = { code: 'busy', status: 503, retry_after: 2 };
    expect([0, 1, 2, 4, 5].map((attempt) => wait(busy, attempt))).toEqual([2, 4, 8, 30, null]);
    expect(wait({ code: 'query-failed', status: 422 }, 0)).toBeNull();
  });
});

describe('languages', () => {
  test.each(['fr', 'de', 'es', 'ar'])('%s says everything, with the same places', async (lang) => {
    const { words } = await messages(`${lang}-XX`);
    for (const [name, text] of Object.entries(en)) {
      const own = words[name as keyof typeof en];
      expect(own, name).not.toBe('');
      expect(own.match(/\{\w+\}/g)?.toSorted() ?? [], name).toEqual(text.match(/\{\w+\}/g)?.toSorted() ?? []);
    }
  });
  test('unknown languages are English; Hebrew runs from the right', async () => {
    expect((await messages('xx')).lang).toBe('en');
    expect([direction('ar-EG'), direction('he'), direction('fr')]).toEqual(['rtl', 'rtl', 'ltr']);
  });
});

describe('spans of days', () => {
  test('read and written', () => {
    expect(span('2026-01-01~')).toEqual({ from: '2026-01-01', to: '' });
    expect(span('past7days~')).toBeNull();
    expect(unspan({ from: '', to: '2026-01-31' })).toBe('~2026-01-31');
    expect(unspan({ from: '', to: '' })).toBeNull();
  });
  test('said', () => {
    expect(say('past12months~', en, 'en')).toBe('Past 12 months');
    expect(say('past6weeks', en, 'en')).toBe('Past 6 weeks');
    expect(say('~2026-01-31', en, 'en-GB')).toBe('Until 31 Jan 2026');
    expect(say(null, en, 'en')).toBe('Any time');
  });
});

describe('looks', () => {
  const themes = ['#ffff00', '#000000', '#ffffff', '#1d4ed8', '#9a3412', '#777777'].map((primary) => ({ primary }));
  test.each(themes)('$primary can be read on every ground', (theme) => {
    for (const mode of ['light', 'dark'] as const) {
      const found = look({ ...theme, text: theme.primary }, mode);
      const [{ properties }, series] = [found, seriesOf(found)];
      expect(series.length).toBeGreaterThan(7);
      const [text = '', surface = '', accent = '', on = ''] = ['--text', '--surface', '--accent', '--on-accent'].map((name) => properties[name] ?? '');
      expect(contrast(text, surface)).toBeGreaterThanOrEqual(7);
      expect(contrast(accent, surface)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(on, accent)).toBeGreaterThanOrEqual(4.5);
      for (const color of series) expect(contrast(color, surface)).toBeGreaterThanOrEqual(3);
    }
  });
  test('a light ground is not taken into the dark', () => {
    expect(look({ background: '#ffffff' }, 'dark').properties['--background']).not.toBe('#ffffff');
    expect(look({ background: '#ffffff' }, 'light')).toMatchObject({ hasGround: true, properties: { '--background': '#ffffff' } });
    expect(look({ background: '#ffffff', dark: { background: '#101010' } }, 'dark').properties['--background']).toBe('#101010');
    expect(look({ mode: 'dark' }, 'light').mode).toBe('dark');
    expect(look(merged({ mode: 'dark' }, { mode: 'auto' }), 'light').mode).toBe('light');
  });
  test('a font is a list of names and nothing else', () => {
    expect(look({ font: 'Inter, "Segoe UI"' }, 'light').properties['--font']).toBe('Inter, "Segoe UI"');
    expect(look({ font: 'x; background: url(//e)' }, 'light').properties).not.toHaveProperty('--font');
  });
});
