import { expect, test } from 'vitest';
import { fileName } from '../../src/embed/lib/api';
import { lines } from '../../src/embed/lib/ndjson';

function stream(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

async function all(text: string, size: number): Promise<unknown[]> {
  const found = [];
  for await (const one of lines(stream(new TextEncoder().encode(text), size))) found.push(one);
  return found;
}

test.each([1, 2, 3, 7, 1000])('lines are whole when bytes come %i at a time', async (size) => {
  expect(await all('{"a":"é😀\\n"}\n\n{"b":[1,2]}\r\n{"c":null}', size)).toEqual([{ a: 'é😀\n' }, { b: [1, 2] }, { c: null }]);
});

test('half a line is an error, not a value', async () => {
  await expect(all('{"a":1}\n{"b":', 4)).rejects.toThrow();
});

test('who stops reading ends the stream', async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('{}\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const one of lines(endless)) if (one) break;
  expect(cancelled).toBe(true);
});

test('names of files', () => {
  expect(fileName('attachment; filename="a b.csv"')).toBe('a b.csv');
  expect(fileName(`attachment; filename="x.csv"; filename*=UTF-8''caf%C3%A9.csv`)).toBe('café.csv');
  expect(fileName(null)).toBeNull();
});
