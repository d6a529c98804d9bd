/**
 * `/frame.js`: for host pages with an `<iframe>`. Gives the frame its height and new tokens, and tells what happens in it as events.
 * Listens to that frame's window and origin only, and sends to that origin only.
 */
import type { FilterValues, TokenProvider, TokenRequest } from '../embed/element/public';
import { provided } from '../embed/lib/provided';

export interface FrameOptions {
  /** Where new tokens come from; the attribute `data-token-provider` says the same. */
  tokenProvider?: TokenProvider | null;
  /** Whether the frame gets the height of what is in it. It does, unless this is false. */
  resize?: boolean;
}

export interface FrameWishes {
  filters?: FilterValues;
  theme?: 'light' | 'dark' | 'auto';
  locale?: string;
  hide?: string[];
}

export interface Frame {
  /** Changes what the view in the frame shows. */
  set(wishes: FrameWishes): void;
  /** Gives it a new token. */
  setToken(token: string): void;
  disconnect(): void;
}

/** Nobody scrolls further than this, and no mistake makes a page longer. */
const HIGHEST = 30_000;
const EVENTS = new Set(['ready', 'filter-change', 'drill', 'error', 'height', 'expired']);

const connected = new WeakMap<HTMLIFrameElement, Frame>();

/**
 * Connects a frame of ours. Its events are dispatched on the `<iframe>`: `cloison:ready`, `cloison:filter-change`, `cloison:drill`,
 * `cloison:error`, `cloison:height` and `cloison:expired`, with the detail that the element's events have.
 */
export function connectFrame(iframe: HTMLIFrameElement, options: FrameOptions = {}): Frame {
  const before = connected.get(iframe);
  if (before) return before;
  const { origin } = new URL(iframe.src, document.baseURI);
  const provider = options.tokenProvider ?? iframe.dataset['tokenProvider'] ?? null;
  const send = (message: object) => iframe.contentWindow?.postMessage(message, origin);
  const hello = () => send({ type: 'cloison:hello', provides: provider !== null });

  const hear = ({ source, origin: from, data }: MessageEvent) => {
    if (source === null || source !== iframe.contentWindow || from !== origin) return;
    if (typeof data !== 'object' || data === null || typeof data.type !== 'string' || !data.type.startsWith('cloison:')) return;
    const name = data.type.slice('cloison:'.length);
    if (name === 'token-wanted') return void renew(data.request);
    if (name === 'height' && typeof data.height === 'number' && options.resize !== false) {
      iframe.style.height = `${Math.min(HIGHEST, Math.max(0, Math.ceil(data.height)))}px`;
    }
    if (!EVENTS.has(name)) return;
    const detail = name === 'height' ? { height: data.height } : (data.detail ?? null);
    iframe.dispatchEvent(new CustomEvent(data.type, { detail, bubbles: true }));
  };

  async function renew(request: unknown): Promise<void> {
    if (provider === null) return;
    const { reason, dashboard } = (typeof request === 'object' && request !== null ? request : {}) as Partial<TokenRequest>;
    try {
      const token = await provided(provider, { reason: reason ?? 'renew', ...(typeof dashboard === 'string' ? { dashboard } : {}) });
      send({ type: 'cloison:token', token });
    } catch {
      // The frame stops waiting by itself and says that its view has ended.
    }
  }

  addEventListener('message', hear);
  iframe.addEventListener('load', hello);
  // A frame that was there before this script has loaded already; one that has not is greeted when it has.
  if (document.readyState === 'complete') hello();

  const frame: Frame = {
    set: (wishes) => send({ type: 'cloison:set', ...wishes }),
    setToken: (token) => send({ type: 'cloison:token', token }),
    disconnect: () => {
      removeEventListener('message', hear);
      iframe.removeEventListener('load', hello);
      connected.delete(iframe);
    },
  };
  connected.set(iframe, frame);
  return frame;
}

/** Every `<iframe data-cloison>` that is on the page. */
export function connectFrames(root: ParentNode = document): Frame[] {
  return [...root.querySelectorAll<HTMLIFrameElement>('iframe[data-cloison]')].map((iframe) => connectFrame(iframe));
}
