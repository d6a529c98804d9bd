/** One JSON value a line, from bytes that may be cut anywhere. Blank lines are skipped. */
export async function* lines(bytes: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const parts = (done ? decoder.decode() : decoder.decode(value, { stream: true })).split('\n');
      for (const [index, part] of parts.entries()) {
        pieces.push(part);
        if (index === parts.length - 1 && !done) break;
        const line = pieces.join('').trim();
        pieces = [];
        if (line !== '') yield JSON.parse(line);
      }
      if (done) return;
    }
  } finally {
    // Whoever stops reading early does not want the rest to be sent.
    await reader.cancel().catch(() => undefined);
  }
}
