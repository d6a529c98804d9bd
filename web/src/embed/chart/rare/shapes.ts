/** The library's shapes, as far as they are used here. */
export interface Api {
  coord(point: (number | string)[]): [number, number];
  size(span: number[]): [number, number];
  value(dimension: number): number;
}

export interface Drawn {
  type: 'rect' | 'text' | 'line' | 'circle' | 'sector' | 'path' | 'group';
  shape?: Record<string, unknown>;
  style?: Record<string, unknown>;
  children?: Drawn[];
  silent?: boolean;
  z2?: number;
}

export interface Params {
  dataIndex: number;
}

export const rect = (x: number, y: number, width: number, height: number, fill: string, r: number | number[] = 0, more: Record<string, unknown> = {}): Drawn => ({
  type: 'rect', shape: { x, y, width: Math.max(0, width), height: Math.max(0, height), r }, style: { fill, ...more },
});

export const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, lineWidth = 1, lineDash: number[] | null = null): Drawn => ({
  type: 'line', silent: true, shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth, ...(lineDash ? { lineDash } : {}) },
});

export interface Words {
  fill: string;
  font: string;
  size?: number;
  weight?: number;
  align?: 'left' | 'right' | 'center';
  vertical?: 'top' | 'middle' | 'bottom';
}

export const text = (x: number, y: number, words: string, { fill, font, size = 12, weight = 400, align = 'left', vertical = 'middle' }: Words): Drawn => ({
  type: 'text', silent: true, style: { x, y, text: words, fill, font: `${weight} ${size}px ${font}`, align, verticalAlign: vertical },
});

export const group = (children: Drawn[]): Drawn => ({ type: 'group', children });
