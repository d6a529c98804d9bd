/** Colours: mixing, contrast, and more of them than a palette has. */
export type Rgb = [number, number, number];

/** `#rrggbb`, `rgb(…)` and `color(srgb …)`, as styles and computed styles write them. */
export function rgb(color: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (hex) return [1, 2, 3].map((part) => parseInt(hex[part] ?? '0', 16)) as Rgb;
  const numbers = color.match(/[\d.]+(?=[\s,)/]|$)/g)?.map(Number) ?? [];
  const scale = color.startsWith('color(') ? 255 : 1;
  return [0, 1, 2].map((part) => Math.round((numbers[part] ?? 0) * scale)) as Rgb;
}

export function hex(color: Rgb): string {
  return `#${color.map((byte) => Math.max(0, Math.min(255, Math.round(byte))).toString(16).padStart(2, '0')).join('')}`;
}

/** `share` of the second colour in the first. */
export function mix(one: string, other: string, share: number): string {
  const [a, b] = [rgb(one), rgb(other)];
  return hex([0, 1, 2].map((part) => (a[part] ?? 0) * (1 - share) + (b[part] ?? 0) * share) as Rgb);
}

/** A ramp of `count` colours over these. */
export function ramp(colors: string[], count: number): string[] {
  return Array.from({ length: count }, (_, index) => along(colors, count < 2 ? 1 : index / (count - 1)));
}

/** The colour at a share of the way over these. */
export function along(colors: string[], share: number): string {
  const place = Math.max(0, Math.min(1, share)) * (colors.length - 1);
  const low = Math.min(colors.length - 2, Math.floor(place));
  if (colors.length < 2) return colors[0] ?? '#888888';
  return mix(colors[low] ?? '', colors[low + 1] ?? '', place - low);
}

export function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = rgb(color).map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG's contrast ratio. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Black or white, whichever can be read on this. */
export function inkOn(ground: string): string {
  return contrast(ground, '#ffffff') >= contrast(ground, '#14181f') ? '#ffffff' : '#14181f';
}

/** The colour, moved towards the ink until it has this contrast on the ground. */
export function readable(color: string, ground: string, ink: string, wanted: number): string {
  for (let step = 0; step <= 10; step += 1) {
    const next = mix(color, ink, step / 10);
    if (contrast(next, ground) >= wanted) return next;
  }
  return ink;
}
