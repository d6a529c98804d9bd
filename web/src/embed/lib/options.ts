/** What addresses of guest embeds say after their `#`, as pages that were written for Metabase write it. */
import { fragment } from './place';

export interface Options {
  untitled: boolean;
  bordered: boolean;
  /** Whether the page around is seen through ours. */
  bare: boolean;
  /** Their word for a theme, as ours; `null` when they say none. */
  theme: 'light' | 'dark' | null;
  /** Seconds between two answers. */
  refresh: number | null;
}

export function options(hash: string): Options {
  const said = fragment(hash);
  const theme = said.get('theme');
  const isBare = theme === 'transparent';
  const refresh = Number(said.get('refresh'));
  return {
    untitled: said.get('titled') === 'false',
    bordered: said.get('bordered') === 'true',
    bare: isBare || said.get('background') === 'false',
    theme: isBare ? 'light' : theme === 'night' ? 'dark' : null,
    refresh: refresh > 0 && refresh < Infinity ? refresh : null,
  };
}
