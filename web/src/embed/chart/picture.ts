/** A chart as a picture, with its name and legend: SVG as it is drawn, PNG by the library's other renderer, without a request. */
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { emptiable } from './draw';
import { planner } from './kinds';
import type { Entry, Plan, Wanted } from './plan';

use([CanvasRenderer]);

/** Twice the pixels: a picture is put into documents. */
const RATIO = 2;
const EDGE = 20;
const LINE = 20;

interface Placed {
  entry: Entry;
  x: number;
  y: number;
}

export async function picture(kind: 'png' | 'svg', name: string, wanted: Wanted): Promise<Blob> {
  const plan = await planner(wanted.drawing.kind);
  const still = { ...wanted, still: true };
  const planned = plan(still);
  const [width, height] = [wanted.size[0], planned.height ?? wanted.size[1]];
  const head = header(name, planned, still, width);
  const full = { width: width + 2 * EDGE, height: height + head.height + 2 * EDGE };
  const host = document.createElement('div');
  emptiable(host);
  const chart = init(host, null, { renderer: kind === 'png' ? 'canvas' : 'svg', width, height, devicePixelRatio: RATIO });
  try {
    chart.setOption({ animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: wanted.paint.font }, ...planned.option });
    if (kind === 'png') return await png(chart.getRenderedCanvas({ pixelRatio: RATIO, backgroundColor: 'transparent' }), head, full, wanted);
    // Drawn and then read: the library's own writer forgets to escape the font's quotes.
    chart.getZr().flush();
    const drawn = host.querySelector('svg');
    if (!drawn) throw new Error('no drawing');
    return svg(drawn, head, full, wanted);
  } finally {
    for (const inner of host.querySelectorAll('*')) emptiable(inner);
    chart.dispose();
  }
}

interface Header {
  title: string[];
  entries: Placed[];
  plan: Plan;
  height: number;
}

const titleFont = ({ paint }: Wanted) => `650 16px ${paint.font}`;
const entryFont = ({ paint }: Wanted) => `12px ${paint.font}`;

/** Where the name's lines and the legend's entries are. */
function header(name: string, plan: Plan, wanted: Wanted, width: number): Header {
  const context = document.createElement('canvas').getContext('2d');
  const measure = (font: string, text: string) => {
    if (!context) return text.length * 7;
    context.font = font;
    return context.measureText(text).width;
  };
  const title: string[] = [];
  let line = '';
  for (const word of name.split(/\s+/)) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(titleFont(wanted), next) > width) {
      title.push(line);
      line = word;
    } else line = next;
  }
  title.push(line);
  const entries: Placed[] = [];
  let [x, y] = [0, title.length * 22 + 6];
  for (const entry of plan.legend.filter(({ id }) => !wanted.off.has(id))) {
    const room = 18 + measure(entryFont(wanted), said(entry)) + 16;
    if (x > 0 && x + room > width) [x, y] = [0, y + LINE];
    entries.push({ entry, x, y });
    x += room;
  }
  return { title, entries, plan, height: (entries.length > 0 || plan.ramp ? y + LINE : title.length * 22) + 10 };
}

const said = (entry: Entry) => (entry.value ? `${entry.name}  ${entry.value}` : entry.name);

/** From the other side where the language runs from the right. */
const sided = (rtl: boolean, full: number, x: number, width = 0) => (rtl ? full - EDGE - x - width : EDGE + x);

async function png(drawn: HTMLCanvasElement, head: Header, full: { width: number; height: number }, wanted: Wanted): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = full.width * RATIO;
  canvas.height = full.height * RATIO;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  const { paint, rtl } = wanted;
  context.scale(RATIO, RATIO);
  context.fillStyle = paint.surface;
  context.fillRect(0, 0, full.width, full.height);
  context.direction = rtl ? 'rtl' : 'ltr';
  context.textAlign = 'start';
  context.textBaseline = 'middle';
  context.fillStyle = paint.text;
  context.font = titleFont(wanted);
  head.title.forEach((line, index) => context.fillText(line, sided(rtl, full.width, 0), EDGE + 11 + index * 22));
  context.font = entryFont(wanted);
  for (const { entry, x, y } of head.entries) {
    context.fillStyle = entry.color;
    context.fillRect(sided(rtl, full.width, x, 11), EDGE + y + 4, 11, 11);
    context.fillStyle = paint.text;
    context.fillText(said(entry), sided(rtl, full.width, x + 17), EDGE + y + 10);
  }
  const { ramp } = head.plan;
  if (ramp) {
    const at = EDGE + head.height - LINE - 2;
    context.fillStyle = paint.muted;
    const [name, from] = [`${ramp.name}   ${ramp.from}`, ramp.to];
    context.fillText(name, sided(rtl, full.width, 0), at + 4);
    const start = context.measureText(name).width + 8;
    ramp.colors.forEach((color, index) => {
      context.fillStyle = color;
      context.fillRect(sided(rtl, full.width, start + index * 8, 8), at, 8.5, 9);
    });
    context.fillStyle = paint.muted;
    context.fillText(from, sided(rtl, full.width, start + ramp.colors.length * 8 + 8), at + 4);
  }
  context.drawImage(drawn, EDGE, EDGE + head.height, drawn.width / RATIO, drawn.height / RATIO);
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no picture'))), 'image/png'));
}

function svg(drawn: SVGElement, head: Header, full: { width: number; height: number }, wanted: Wanted): Blob {
  const { paint, rtl } = wanted;
  const escape = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const anchor = rtl ? ' direction="rtl"' : '';
  const text = (x: number, y: number, size: number, weight: number, fill: string, words: string) =>
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" dominant-baseline="central"${anchor}>${escape(words)}</text>`;
  const square = (x: number, y: number, width: number, height: number, fill: string) => `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
  const parts = [
    square(0, 0, full.width, full.height, paint.surface),
    ...head.title.map((line, index) => text(sided(rtl, full.width, 0), EDGE + 11 + index * 22, 16, 650, paint.text, line)),
    ...head.entries.flatMap(({ entry, x, y }) => [square(sided(rtl, full.width, x, 11), EDGE + y + 4, 11, 11, entry.color), text(sided(rtl, full.width, x + 17), EDGE + y + 10, 12, 400, paint.text, said(entry))]),
  ];
  const { ramp } = head.plan;
  if (ramp) {
    const at = EDGE + head.height - LINE - 2;
    const name = `${ramp.name}   ${ramp.from}`;
    const start = name.length * 6.6 + 8;
    parts.push(text(sided(rtl, full.width, 0), at + 4, 12, 400, paint.muted, name));
    ramp.colors.forEach((color, index) => parts.push(square(sided(rtl, full.width, start + index * 8, 8), at, 8.5, 9, color)));
    parts.push(text(sided(rtl, full.width, start + ramp.colors.length * 8 + 8), at + 4, 12, 400, paint.muted, ramp.to));
  }
  const open = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${full.width}" height="${full.height}" viewBox="0 0 ${full.width} ${full.height}" font-family="${escape(paint.font)}">`;
  drawn.setAttribute('x', String(EDGE));
  drawn.setAttribute('y', String(EDGE + head.height));
  drawn.removeAttribute('style');
  const inner = new XMLSerializer().serializeToString(drawn);
  return new Blob([`${open}${parts.join('')}${inner}</svg>`], { type: 'image/svg+xml' });
}
