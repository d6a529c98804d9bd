/** Colours of a chart's series: apart from the look of the page, which is there before any chart is. */
import { readable, rgb, type Look, type Mode, type Rgb } from './theme';

/** Okabe and Ito's idea: hues apart for every kind of colour vision, each 3:1 or more on its ground. */
const SERIES: Record<Mode, string[]> = {
  light: ['#2563eb', '#cb7e09', '#1b9a99', '#8f1450', '#8a6d10', '#0b5570', '#7d2fc4', '#5d7f76'],
  dark: ['#6ea8fe', '#d9803f', '#54e6bd', '#c586c0', '#f7d452', '#b3dcff', '#8286f5', '#bdb5a2'],
};

export function seriesOf({ theme, mode, primary, properties }: Look): string[] {
  const surface = properties['--surface'] ?? '';
  const own = theme[mode] ?? {};
  const colors = (own.colors?.length ? own.colors : (theme.colors ?? [])).filter((color) => rgb(color) !== null);
  if (colors.length > 0) return colors.map((color) => readable(color, [surface], 3, mode));
  // The tenant's colour leads; the palette's nearest one steps back, so that no two series look alike.
  const lead = readable(primary, [surface], mode === 'dark' ? 4.5 : 3, mode);
  const rest = SERIES[mode].toSorted((a, b) => distance(b, lead) - distance(a, lead)).slice(0, -1);
  return [lead, ...SERIES[mode].filter((color) => rest.includes(color))];
}

/** How far apart two colours look, roughly: weighted distance in RGB. */
function distance(one: string, other: string): number {
  const a: Rgb = rgb(one) ?? [0, 0, 0];
  const b: Rgb = rgb(other) ?? [0, 0, 0];
  return 2 * (a[0] - b[0]) ** 2 + 4 * (a[1] - b[1]) ** 2 + 3 * (a[2] - b[2]) ** 2;
}
