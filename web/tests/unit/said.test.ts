import { describe, expect, test } from 'vitest';
import { parse } from '../../src/embed/lib/markdown';
import { chosen, pieces, target, type Say } from '../../src/embed/lib/said';

const VALUES: Record<string, string> = { city: 'Lyon', evil: '**b** [x](javascript:1) {{city}} ]] <img>', off: '', dots: '..', slash: 'a/b?c#d' };
const say: Say = (name) => VALUES[name] ?? null;

describe('texts that name filters', () => {
  test.each([
    ['a[[ in {{city}}]]', 'a in {{city}}'],
    ['a[[ in {{off}}]]b', 'ab'],
    ['[[{{city}} {{off}}]]', ''],
    ['[[plain]] [[{{nobody}}]]', '[[plain]] [[{{nobody}}]]'],
    ['[[{{city}}', '[[{{city}}'],
    ['[[{{evil}}]] [[{{city}}]]', '{{evil}} {{city}}'],
  ])('%s is chosen as %s', (text, wanted) => expect(chosen(text, say)).toBe(wanted));

  test('a value is put in once, and is nothing but itself', () => {
    expect(pieces('{{evil}} and {{ city }}, {{nobody}}, {{off}}.', say)).toEqual([
      { text: VALUES.evil, isValue: true },
      { text: ' and ', isValue: false },
      { text: 'Lyon', isValue: true },
      { text: ', {{nobody}}, ', isValue: false },
      { text: '.', isValue: false },
    ]);
    expect(pieces('plain', say)).toEqual([{ text: 'plain', isValue: false }]);
    expect(pieces('', say)).toEqual([]);
  });

  test.each([
    ['https://e.example/{{slash}}?q={{evil}}', 'https://e.example/a%2Fb%3Fc%23d?q=**b**%20%5Bx%5D(javascript%3A1)%20%7B%7Bcity%7D%7D%20%5D%5D%20%3Cimg%3E'],
    ['https://e.example/', 'https://e.example/'],
    ['https://e.example/{{dots}}/x', null],
    ['https://{{city}}/x', null],
    ['https://e.example.{{city}}/x', null],
    ['https://e.example{{city}}', null],
    ['{{evil}}', null],
    ['{{city}}:{{city}}', null],
    ['javascript:{{city}}', null],
    ['mailto:{{city}}', null],
    ['javascript:1', null],
  ])('a link to %s leads to %s', (template, wanted) => expect(target(template, say)).toBe(wanted));

  test('the text is taken apart before the values are in it', () => {
    expect(parse('**{{evil}}** [see](https://e.example/{{city}}) [no](https://{{city}}/)', (template) => target(template, say))).toEqual([
      {
        kind: 'paragraph',
        children: [
          { kind: 'strong', children: [{ kind: 'text', text: '{{evil}}' }] },
          { kind: 'text', text: ' ' },
          { kind: 'link', href: 'https://e.example/Lyon', children: [{ kind: 'text', text: 'see' }] },
          { kind: 'text', text: ' ' },
          { kind: 'text', text: '[no](https://{{city}}/)' },
        ],
      },
    ]);
  });
});
