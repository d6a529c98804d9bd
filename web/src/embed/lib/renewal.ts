/** New tokens before the old ones end. */
import type { TokenProvider, TokenRequest } from '../element/public';
import { provided } from './provided';

/** Part of the remaining life that is kept in hand, at most a minute. */
const SHARE = 0.2;
/** Timers hold 31 bits; a later end is looked at again then. */
const LONGEST = 2 ** 31 - 1;

export class Renewal {
  provider: TokenProvider | null = null;
  /** The dashboard that a click opened; the provider's own choice when absent. */
  dashboard: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  #failures = 0;
  #running: Promise<string | null> | null = null;

  /** `take` gets each new token. */
  constructor(private readonly take: (token: string) => void) {}

  /** One token; `null` when there is no provider or it fails. Who asks at the same time gets the same one. */
  ask(reason: TokenRequest['reason']): Promise<string | null> {
    if (this.provider === null) return Promise.resolve(null);
    this.#running ??= this.#fetch({ reason, ...(this.dashboard === undefined ? {} : { dashboard: this.dashboard }) }).finally(() => (this.#running = null));
    return this.#running;
  }

  async #fetch(request: TokenRequest): Promise<string | null> {
    if (this.provider === null) return null;
    try {
      const token = await provided(this.provider, request);
      this.#failures = 0;
      this.take(token);
      return token;
    } catch {
      this.#failures += 1;
      return null;
    }
  }

  /**
   * Renews some time before `end` (ISO 8601). `skew` is how far the server's clock is ahead of ours. A token that seems to be over
   * while it works tells of a wrong clock: then only an answer of the server makes us ask, or we would ask without end.
   */
  plan(end: string | null | undefined, skew = 0): void {
    this.stop();
    const left = Date.parse(end ?? '') - (Date.now() + skew);
    if (this.provider === null || !(left > 0)) return;
    this.#due = Date.now() + left - Math.min(60_000, left * SHARE);
    this.#wait();
    // A machine that slept has missed its timers.
    document.addEventListener('visibilitychange', this.#look);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    this.#failures = 0;
    document.removeEventListener('visibilitychange', this.#look);
  }

  readonly #look = (): void => {
    if (document.visibilityState === 'visible' && Date.now() >= this.#due) void this.#renew();
  };

  #wait(): void {
    clearTimeout(this.#timer);
    const left = Math.max(0, this.#due - Date.now());
    this.#timer = setTimeout(() => (left > LONGEST ? this.#wait() : void this.#renew()), Math.min(left, LONGEST));
  }

  /** A provider that fails is asked again, less and less often: a request of the view will ask for itself, too. */
  async #renew(): Promise<void> {
    clearTimeout(this.#timer);
    if ((await this.ask('renew')) !== null || this.#due === Infinity) return;
    this.#due = Date.now() + Math.min(60_000, 1000 * 2 ** this.#failures);
    this.#wait();
  }
}
