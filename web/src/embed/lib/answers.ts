/** Answers that were here a moment ago: going back to a choice shows them while they are asked for anew. */
import type { Column, Row } from './types';

export interface Answer {
  columns: Column[];
  rows: Row[];
  truncated: boolean;
}

/** Cells, not answers, are what takes memory. */
const LIMIT = 300_000;

export class Answers {
  #kept = new Map<string, Answer>();
  #cells = 0;

  constructor(private readonly limit = LIMIT) {}

  get(key: string): Answer | undefined {
    return this.#kept.get(key);
  }

  put(key: string, answer: Answer): void {
    this.#drop(key);
    this.#kept.set(key, answer);
    this.#cells += cells(answer);
    for (const oldest of this.#kept.keys()) {
      if (this.#cells <= this.limit) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#kept.clear();
    this.#cells = 0;
  }

  #drop(key: string): void {
    const found = this.#kept.get(key);
    if (!found) return;
    this.#cells -= cells(found);
    this.#kept.delete(key);
  }
}

function cells({ columns, rows }: Answer): number {
  return 1 + columns.length * (rows.length + 1);
}
