/**
 * The page around an iframe of ours. Both directions are for exact origins: what the embed key allows, else the page that is
 * there. Nothing is ever sent to `*`, and nothing is taken from a window that is not our parent.
 */

import type { TokenRequest } from '../element/public';

export type Message =
  | { type: 'cloison:height'; height: number }
  | { type: 'cloison:expired' }
  | { type: 'cloison:token-wanted'; request: TokenRequest }
  | { type: 'cloison:ready' | 'cloison:filter-change' | 'cloison:drill' | 'cloison:error'; detail: unknown };

export type Order =
  /** `provides`: the page around gives tokens when it is asked for them. */
  | { type: 'cloison:hello'; provides?: boolean }
  | { type: 'cloison:token'; token: string }
  | { type: 'cloison:set'; filters?: Record<string, unknown>; theme?: unknown; locale?: string | null; hide?: string[] };

/** What the page around must know before a token says who may hear: that there is none that works. */
const OPEN = new Set<Message['type']>(['cloison:expired', 'cloison:token-wanted']);

export class Parent {
  /** Whether there is a page around us. */
  readonly isFramed = window.parent !== window;
  /** Origins that the key allows; any when empty, unknown while `null`. */
  #allowed: Set<string> | null = null;
  #origin: string | null = null;
  #waiting: Message[] = [];
  #orders: { order: Order; origin: string }[] = [];

  constructor(private readonly take: (order: Order) => void) {
    if (!this.isFramed) return;
    // What the browser says itself; where it says nothing, the parent's first word tells.
    this.#origin = ancestors()[0] ?? null;
    addEventListener('message', (event) => this.#hear(event));
  }

  /** Whether a page around us is one that the key does not allow. Where our address names the key, the browser has refused it before. */
  isForeign(allowed: string[]): boolean {
    return this.isFramed && allowed.length > 0 && ancestors().some((origin) => origin !== location.origin && !allowed.includes(origin));
  }

  allow(origins: string[]): void {
    this.#allowed = new Set(origins);
    for (const message of this.#waiting.splice(0)) this.tell(message);
    for (const { order, origin } of this.#orders.splice(0)) if (this.#mayBe(origin)) this.take(order);
  }

  /** Sends to the parent's own origin. Until it is known who may hear, messages wait; the last of a kind is enough. */
  tell(message: Message): void {
    if (!this.isFramed) return;
    if (this.#allowed === null && !OPEN.has(message.type)) {
      this.#waiting = [...this.#waiting.filter((one) => one.type !== message.type), message];
      return;
    }
    for (const origin of this.#targets()) window.parent.postMessage(message, origin);
  }

  #targets(): string[] {
    if (this.#origin !== null) return this.#mayBe(this.#origin) ? [this.#origin] : [];
    if (this.#allowed?.size) return [...this.#allowed];
    const from = URL.canParse(document.referrer) ? new URL(document.referrer).origin : 'null';
    return from === 'null' ? [] : [from];
  }

  #mayBe(origin: string): boolean {
    return origin !== 'null' && (origin === location.origin || !this.#allowed?.size || this.#allowed.has(origin));
  }

  #hear(event: MessageEvent): void {
    if (event.source !== window.parent || !this.#mayBe(event.origin)) return;
    // Another origin than the browser's word, or than the first that spoke, is a page that has no business here.
    if (this.#origin !== null && event.origin !== this.#origin) return;
    const order: unknown = event.data;
    if (typeof order !== 'object' || order === null || !('type' in order) || typeof order.type !== 'string') return;
    if (!order.type.startsWith('cloison:')) return;
    this.#origin = event.origin;
    // A token says itself who may give it; everything else waits until that is known.
    if (this.#allowed !== null || order.type === 'cloison:token' || order.type === 'cloison:hello') this.take(order as Order);
    else this.#orders.push({ order: order as Order, origin: event.origin });
  }
}

function ancestors(): string[] {
  return 'ancestorOrigins' in location ? [...location.ancestorOrigins] : [];
}
