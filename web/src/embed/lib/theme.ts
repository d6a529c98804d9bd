/** The client's look, as custom properties. Colours that could not be read are moved until they can be. */
import type { Theme } from './types';

export type Mode = 'light' | 'dark';

export type Rgb = [number, number, number];

const GROUND: Record<Mode, { background: string; surface: string; text: string; primary: string }> = {
  light: { background: '#f5f6f8', surface: '#ffffff', text: '#18202c', primary: '#2563eb' },
  dark: { background: '#0f141b', surface: '#181f29', text: '#e8ecf2', primary: '#6ea8fe' },
};

export interface Look {
  mode: Mode;
  properties: Record<string, string>;
  /** What it was made from, for the colours of charts (`palette.ts`). */
  theme: Theme;
  primary: string;
  /** Whether the ground is the theme's own choice. */
  hasGround: boolean;
}

/** Several themes as one; the later ones win, field by field. */
export function merged(...themes: Theme[]): Theme {
  const all: Theme = {};
  for (const theme of themes) {
    for (const [name, value] of Object.entries(theme) as [keyof Theme, never][]) {
      if (value === null || value === undefined) continue;
      const before = all[name];
      const both = name === 'light' || name === 'dark' ? { ...(before as object), ...(value as object) } : value;
      all[name] = both as never;
    }
  }
  return all;
}

/** `canvas` is the mode of what is around: the viewer's wish on a page of ours, the host page's ground elsewhere. */
export function look(theme: Theme, canvas: Mode): Look {
  const mode = theme.mode === 'light' || theme.mode === 'dark' ? theme.mode : canvas;
  const ground = GROUND[mode];
  const own = theme[mode] ?? {};
  // Colours for both modes make a ground only where they are of the mode that is shown; colours for one mode are meant.
  const fits = (color: string | null | undefined) => rgb(color) !== null && luminance(rgb(color)) > 0.4 === (mode === 'light');
  const chosen = (name: 'background' | 'surface') => {
    const [meant, shared] = [own[name], theme[name]];
    return rgb(meant) ? (meant as string) : fits(shared) ? (shared as string) : null;
  };
  const background = chosen('background') ?? ground.background;
  const surface = chosen('surface') ?? ground.surface;
  const wished = own.text ?? theme.text;
  // Enough for what is written in a paler shade of it, too (`--muted`).
  const text = readable(rgb(wished) ? (wished as string) : ground.text, [background, surface], 9.5, mode, ground.text);
  const leading = own.primary ?? theme.primary;
  const primary = rgb(leading) ? (leading as string) : ground.primary;
  const accent = readable(primary, [background, surface], 4.6, mode);
  const properties: Record<string, string> = {
    '--background': background,
    '--surface': surface,
    '--text': text,
    '--accent': accent,
    '--on-accent': contrast(accent, '#ffffff') >= 4.5 ? '#ffffff' : '#10151c',
  };
  if (theme.font && /^[\p{L}\p{N}\s,'"-]+$/u.test(theme.font)) properties['--font'] = theme.font;
  if (typeof theme.radius === 'number') properties['--radius'] = `${Math.max(0, Math.min(32, theme.radius))}px`;
  return { mode, properties, theme, primary, hasGround: chosen('background') !== null };
}

/** The picture for this mode: only what is in the theme itself, or a path of the server. */
export function logoOf(theme: Theme, mode: Mode, server: string): { src: string; alt: string } | null {
  const { logo } = theme;
  const src = (mode === 'dark' ? logo?.dark : null) ?? logo?.src ?? '';
  const alt = logo?.alt ?? '';
  if (/^data:image\/(png|jpeg|webp|gif|svg\+xml)[;,]/.test(src)) return { src, alt };
  return /^\/(?!\/)/.test(src) ? { src: server + src, alt } : null;
}

/** Sets the look by the style object, which every policy allows. */
export function apply(found: Look, root: HTMLElement): void {
  for (const name of ['--font', '--radius']) if (!(name in found.properties)) root.style.removeProperty(name);
  for (const [name, value] of Object.entries(found.properties)) root.style.setProperty(name, value);
}

/** The colour, moved towards black or white until it has this contrast on every ground. */
export function readable(color: string, grounds: string[], wanted: number, mode: Mode, otherwise?: string): string {
  const start = rgb(color);
  if (!start) return otherwise ?? color;
  const goal: Rgb = mode === 'light' ? [0, 0, 0] : [255, 255, 255];
  for (let step = 0; step <= 20; step += 1) {
    const next = hex(mix(start, goal, step / 20));
    if (grounds.every((ground) => contrast(next, ground) >= wanted)) return next;
  }
  return otherwise ?? hex(goal);
}

/** WCAG's contrast ratio. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(rgb(one)), luminance(rgb(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(color: Rgb | null): number {
  if (!color) return 0;
  const [r, g, b] = color.map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function rgb(color: string | null | undefined): Rgb | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color ?? '');
  return found ? [parseInt(found[1] ?? '', 16), parseInt(found[2] ?? '', 16), parseInt(found[3] ?? '', 16)] : null;
}

function hex(color: Rgb): string {
  return `#${color.map((byte) => Math.round(byte).toString(16).padStart(2, '0')).join('')}`;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((index) => (a[index] ?? 0) * (1 - share) + (b[index] ?? 0) * share) as Rgb;
}
