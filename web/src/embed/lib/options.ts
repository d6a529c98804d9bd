/** What addresses of guest embeds say after their `#`, as pages that were written for Metabase write it. */
import { fragment } from './place';

export interface Options {
  untitled: boolean;
  bordered: boolean;
  /** Whether the page around is seen through ours. */
  bare: boolean;
  /** Filters that are not to be seen. */
  hide: string[];
  /** Their word for a theme, as ours; `null` when they say none. */
  theme: 'light' | 'dark' | null;
  /** Seconds between two answers. */
  refresh: number | null;
}

const THEMES = new Map<string, 'light' | 'dark'>([
  ['night', 'dark'],
  ['transparent', 'light'],
]);

export function options(hash: string): Options {
  const said = fragment(hash);
  const theme = said.get('theme') ?? '';
  const refresh = Number(said.get('refresh'));
  const hide = said.getAll('hide_parameters').flatMap((list) => list.split(','));
  return {
    untitled: said.get('titled') === 'false',
    bordered: said.get('bordered') === 'true',
    bare: theme === 'transparent' || said.get('background') === 'false',
    hide: hide.map((name) => name.trim()).filter((name) => name !== ''),
    theme: THEMES.get(theme) ?? null,
    refresh: Number.isFinite(refresh) && refresh > 0 ? refresh : null,
  };
}
