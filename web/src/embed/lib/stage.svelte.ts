/** What an element shows: a board, and the boards that a click led away from. Tokens come and go here. */
import type { TokenProvider } from '../element/public';
import { Board, type Around, type Wishes } from './board.svelte';
import { provided } from './provided';
import { Renewal } from './renewal';
import { isSameView } from './token';
import type { Theme, Values } from './types';

/** A board that a click led away from. */
interface Left {
  board: Board;
  token: string;
  dashboard: string | undefined;
}

export class Stage {
  board = $state.raw() as Board;
  theme = $state.raw<Theme>({});
  untitled = $state(false);
  /** Whether the view is on a page of ours, which it fills. */
  isPage = $state(false);
  /** Whether our page leaves the ground to the page around it. */
  bare = $state(false);
  /** One item alone, which fills the element. */
  isSingle = $state(false);
  past = $state.raw<Left[]>([]);

  #wishes: Wishes;
  #token: string | null = null;
  #running = false;
  readonly #renewal = new Renewal((token) => this.#take(token));

  constructor(
    wishes: Wishes,
    private readonly tell: Around['tell'],
  ) {
    this.#wishes = wishes;
    this.board = this.#make(wishes);
  }

  get token(): string | null {
    return this.#token;
  }

  get canGoBack(): boolean {
    return this.board.canGoBack || this.past.length > 0;
  }

  #make(wishes: Wishes): Board {
    const board: Board = new Board(wishes, {
      tell: this.tell,
      renew: () => this.#renewal.ask('expired'),
      ends: (at, skew) => board === this.board && this.#renewal.plan(at, skew),
      open: (dashboard, filters) => void this.#open(dashboard, filters),
    });
    return board;
  }

  /** Begins, or goes on after `stop`. Without a token and without somebody to ask for one it waits for either. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    if (this.#token !== null) this.#begin(this.#token);
    else void this.#first();
  }

  async #first(): Promise<void> {
    if (this.#renewal.provider === null) return;
    if ((await this.#renewal.ask('start')) === null && this.#running && this.#token === null) {
      this.board.failed({ code: 'token-missing', status: 401 }, null);
    }
  }

  stop(): void {
    this.#running = false;
    this.#renewal.stop();
    this.board.stop();
  }

  /** A token that the host page gave. */
  give(token: string | null): void {
    if (token === this.#token) return;
    if (token !== null) this.#take(token);
    else {
      this.stop();
      this.#token = null;
      this.#restart(this.#wishes);
      this.start();
    }
  }

  set provider(provider: TokenProvider | null) {
    this.#renewal.provider = provider;
    if (this.#running && this.#token === null) void this.#first();
  }

  /** `token` is the one that comes with the wishes: another server is not asked with the one before. */
  wish(wishes: Wishes, token = this.#token): void {
    const before = this.#wishes;
    this.#wishes = wishes;
    if ((Object.keys(wishes) as (keyof Wishes)[]).every((name) => wishes[name] === before[name])) return;
    if (wishes.server !== this.board.wishes.server) {
      this.#token = token;
      return this.#restart(wishes);
    }
    // Where a click led, the host's filters, tab and item mean nothing.
    const { filters, tab, item } = this.board.wishes;
    this.board.wish(this.past.length > 0 ? { ...wishes, filters, tab, item } : wishes);
  }

  #restart(wishes: Wishes): void {
    this.board.stop();
    this.past = [];
    this.#renewal.dashboard = undefined;
    this.board = this.#make(wishes);
    if (this.#running && this.#token !== null) this.#begin(this.#token);
  }

  /** The same view under a new token stays as it is; any other begins anew, and nothing of the old one is left to see. */
  #take(token: string): void {
    const before = this.#token;
    this.#token = token;
    if (!this.#running) return;
    if (this.board.shown !== null && isSameView(before, token, this.board.wishes.server)) this.board.renew(token);
    else if (before === null) this.#begin(token);
    else this.#restart(this.#wishes);
  }

  #begin(token: string): void {
    if (this.board.shown === null) void this.board.start(token);
    else this.board.resume(token);
  }

  /** The viewer asks again after the whole view failed. */
  retry(): void {
    if (this.#renewal.provider !== null && (this.#token === null || this.board.isOver)) void this.#renewal.ask('expired');
    else if (this.#token !== null) this.#begin(this.#token);
  }

  get canRenew(): boolean {
    return this.#renewal.provider !== null;
  }

  /** Another dashboard needs another token. */
  async #open(dashboard: string, filters: Values): Promise<void> {
    const { provider } = this.#renewal;
    if (provider === null || this.#token === null) return;
    const from: Left = { board: this.board, token: this.#token, dashboard: this.#renewal.dashboard };
    try {
      const token = await provided(provider, { reason: 'open', dashboard });
      if (this.board !== from.board || !this.#running) return;
      this.#renewal.stop();
      from.board.stop();
      this.past = [...this.past, from];
      this.#token = token;
      this.#renewal.dashboard = dashboard;
      this.board = this.#make({ ...from.board.wishes, filters, tab: null, item: null });
      this.#begin(token);
    } catch {
      this.board.told = this.board.words.notFound;
    }
  }

  /** One click back. */
  back(): void {
    if (this.board.canGoBack) return this.board.back();
    const before = this.past.at(-1);
    if (!before) return;
    this.#renewal.stop();
    this.board.stop();
    this.past = this.past.slice(0, -1);
    this.board = before.board;
    this.#token = before.token;
    this.#renewal.dashboard = before.dashboard;
    this.board.resume(before.token);
  }
}
