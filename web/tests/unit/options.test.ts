import { describe, expect, test } from 'vitest';
import { options } from '../../src/embed/lib/options';

describe('what addresses of guest embeds say', () => {
  const none = { untitled: false, bordered: false, bare: false, theme: null, refresh: null };
  test.each([
    ['', {}],
    ['#bordered=true&titled=true', { bordered: true }],
    ['#bordered=false&titled=false', { untitled: true }],
    ['#theme=night', { theme: 'dark' }],
    ['#theme=transparent', { theme: 'light', bare: true }],
    ['#theme=dark', {}],
    ['#theme=toString', {}],
    ['#background=false', { bare: true }],
    ['#refresh=Infinity', {}],
    ['#refresh=60', { refresh: 60 }],
    ['#refresh=-1', {}],
    ['#refresh=soon', {}],
  ])('%s', (hash, said) => {
    expect(options(hash)).toEqual({ ...none, ...said });
  });
});
