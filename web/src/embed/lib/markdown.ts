/** A tiny markdown as nodes, never as HTML: paragraphs, lists, **bold**, *italic*, `code`, [links](https://…). */
import { safe } from './safe';

export { safe };

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong'; children: Inline[] }
  | { kind: 'em'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] };

type Lead = (target: string) => string | null;

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] };

/** `lead` says where a link leads, or that it is none. */
export function parse(text: string, lead: Lead = safe): Block[] {
  const blocks: Block[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) blocks.push({ kind: 'paragraph', children: inline(words.join('\n'), 0, lead) });
    words = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const entry = /^\s*(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/.exec(line);
    if (entry) {
      flush();
      const ordered = entry[1] !== undefined;
      const last = blocks.at(-1);
      const item = inline(entry[2] ?? '', 0, lead);
      if (last?.kind === 'list' && last.ordered === ordered) last.items.push(item);
      else blocks.push({ kind: 'list', ordered, items: [item] });
    } else if (line.trim() === '') {
      flush();
    } else {
      words.push(line.trim());
    }
  }
  flush();
  return blocks;
}

// What a mark holds is bounded, and so is the time that a text without closing marks costs.
const MARK = /`([^`\n]{1,2000})`|\*\*([^\n]{1,2000}?)\*\*(?!\*)|\*([^*\s][^*\n]{0,2000})\*|\[([^\]\n]{1,500})\]\(([^()\s]{1,2000})\)/;

/** `depth` ends the nesting of marks, whatever the text says. */
export function inline(text: string, depth = 0, lead: Lead = safe): Inline[] {
  const out: Inline[] = [];
  let rest = text;
  while (rest !== '') {
    const found = depth < 4 ? MARK.exec(rest) : null;
    if (!found) {
      out.push({ kind: 'text', text: rest });
      break;
    }
    if (found.index > 0) out.push({ kind: 'text', text: rest.slice(0, found.index) });
    out.push(node(found, depth, lead));
    rest = rest.slice(found.index + found[0].length);
  }
  return out;
}

function node(found: RegExpExecArray, depth: number, lead: Lead): Inline {
  const [whole, code, strong, em, label, target] = found;
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', children: inline(strong, depth + 1, lead) };
  if (em !== undefined) return { kind: 'em', children: inline(em, depth + 1, lead) };
  const href = lead(target ?? '');
  return href === null ? { kind: 'text', text: whole } : { kind: 'link', href, children: inline(label ?? '', depth + 1, lead) };
}
