/** Code as pieces with a class each. One rule for all languages: comments, texts, numbers, words that mean something. */

export interface Piece {
  text: string;
  kind: '' | 'comment' | 'text' | 'word' | 'number' | 'tag';
}

const WORDS = new Set(
  ('import from export function return const let var new class static public async await require def end lambda package func if nil err using ' +
    'fn echo header string throws byte range map type interface struct true false null').split(' '),
);

const PIECE = /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=^|\s)#(?![\da-f]{3,8}\b)[^\n{]*)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|(?<tag><\/?[a-z][\w-]*|\/?>)|(?<number>\b\d+\b)|(?<word>[A-Za-z_$][\w$]*)/g;

export function pieces(code: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of code.matchAll(PIECE)) {
    if (match.index > at) found.push({ text: code.slice(at, match.index), kind: '' });
    const [whole] = match;
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] as Piece['kind'];
    found.push({ text: whole, kind: kind === 'word' && !WORDS.has(whole) ? '' : kind });
    at = match.index + whole.length;
  }
  if (at < code.length) found.push({ text: code.slice(at), kind: '' });
  return found;
}
