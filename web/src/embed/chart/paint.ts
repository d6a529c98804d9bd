/** The colours of a drawing, from the look of the page. */
import { seriesOf } from '../lib/palette';
import type { Look } from '../lib/theme';
import { mix, readable } from './color';

export interface Paint {
  series: string[];
  text: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
  good: string;
  warning: string;
  bad: string;
  font: string;
  dark: boolean;
}

// Teal and brick, not green and red: eyes that mix up those two tell these apart. A sign or an arrow says it, too.
const SENSES = {
  light: { good: '#0b7a6b', warning: '#a85d00', bad: '#b3261e' },
  dark: { good: '#43c9b2', warning: '#f0b04f', bad: '#ff8f86' },
};

export function paint(look: Look, font: string): Paint {
  const property = (name: string, otherwise: string) => look.properties[name] ?? otherwise;
  const dark = look.mode === 'dark';
  const surface = property('--surface', dark ? '#181f29' : '#ffffff');
  const text = property('--text', dark ? '#e8ecf2' : '#18202c');
  const sense = SENSES[look.mode];
  const clear = (color: string) => readable(color, surface, text, 4.5);
  const series = seriesOf(look);
  return {
    series,
    text,
    muted: mix(surface, text, 0.72),
    line: mix(surface, text, 0.13),
    surface,
    accent: property('--accent', series[0] ?? text),
    good: clear(sense.good),
    warning: clear(sense.warning),
    bad: clear(sense.bad),
    font,
    dark,
  };
}

/** The author's word or `#rrggbb`, as a colour that can be seen on the ground. */
export function named(paint: Paint, color: string | null | undefined): string | null {
  switch (color) {
    case null:
    case undefined:
      return null;
    case 'good':
    case 'warning':
    case 'bad':
    case 'accent':
      return paint[color];
    case 'neutral':
      return paint.muted;
    default:
      return /^#[0-9a-f]{6}$/i.test(color) ? readable(color, paint.surface, paint.text, 3) : null;
  }
}

/** The colour of the n-th series: the palette, then the palette nearer to the ink, then nearer to the ground. */
export function seriesColor(paint: Paint, index: number): string {
  const { series, surface, text } = paint;
  const base = series[index % series.length] ?? text;
  const round = Math.floor(index / series.length) % 3;
  return round === 0 ? base : round === 1 ? mix(base, text, 0.38) : readable(mix(base, surface, 0.35), surface, text, 2);
}

/** From hardly there to the accent, for colours that mean more or less. */
export function rising(paint: Paint): string[] {
  const deep = paint.series[0] ?? paint.accent;
  return [mix(paint.surface, deep, 0.1), mix(paint.surface, deep, 0.55), paint.dark ? mix(deep, paint.text, 0.25) : mix(deep, '#000000', 0.28)];
}

/** From bad over the ground to good, for values on both sides of zero. */
export function diverging(paint: Paint): string[] {
  return [paint.bad, mix(paint.surface, paint.text, 0.06), paint.good];
}
