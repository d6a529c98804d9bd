/** The author's 24 columns on screens that have no room for them: twelve, in reading order. */
import type { Item } from './types';

export interface Placed {
  item: Item;
  /** Columns of twelve on a phone: two figures side by side, everything else alone. */
  narrow: number;
  /** Columns of twelve between a phone and a desk. */
  middle: number;
}

export function placed(items: Item[]): Placed[] {
  const ordered = items.toSorted((a, b) => a.y - b.y || a.x - b.x);
  return ordered.map((item) => {
    const row = ordered.filter((other) => other.y === item.y);
    const tiny = item.kind === 'card' && item.h <= 2;
    const lone = row.length % 2 === 1 && row.at(-1) === item;
    return { item, narrow: tiny && !lone ? 6 : 12, middle: share(row.length, tiny, lone) };
  });
}

function share(count: number, tiny: boolean, lone: boolean): number {
  if (count === 1) return 12;
  if (tiny && (count === 3 || count === 4)) return 12 / count;
  return lone ? 12 : 6;
}
