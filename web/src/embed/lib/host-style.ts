/** What the page around us looks like, as far as it concerns us. */
import type { Mode } from './theme';
import type { Theme } from './types';

/** The mode of the ground under the element: what `color-scheme` makes of the host's canvas, or the viewer's wish on a page of ours. */
export function canvasOf(host: HTMLElement, dark: boolean, isPage: boolean): Mode {
  const schemes = isPage ? ['light', 'dark'] : getComputedStyle(host).colorScheme.split(' ');
  if (!schemes.includes('dark')) return 'light';
  return dark || !schemes.includes('light') ? 'dark' : 'light';
}

/** `--cloison-primary` and the like, where the host's own styles set them. */
export function wishesOf(host: HTMLElement): Theme {
  const style = getComputedStyle(host);
  const given = (name: string) => style.getPropertyValue(`--cloison-${name}`).trim();
  const theme: Theme = {};
  for (const name of ['primary', 'background', 'surface', 'text'] as const) {
    const color = hexOf(given(name));
    if (color !== null) theme[name] = color;
  }
  const [font, radius] = [given('font'), Number.parseFloat(given('radius'))];
  if (font !== '') theme.font = font;
  if (Number.isFinite(radius)) theme.radius = radius;
  return theme;
}

/** Any CSS colour as `#rrggbb`. */
export function hexOf(color: string): string | null {
  if (color === '' || !CSS.supports('color', color)) return null;
  const probe = document.createElement('canvas').getContext('2d');
  if (!probe) return null;
  probe.fillStyle = color;
  return /^#[0-9a-f]{6}$/.test(probe.fillStyle) ? probe.fillStyle : null;
}
