/** The page's state: what is shown, the filters, and one state per card. */
import { direction, en, language, messages, type Messages } from '../messages';
import { Api, Failure } from './api';
import { isOfToken, wait } from './explain';
import { region, type Region } from './format';
import { hidden, normal, place, readValues, same, speaksOfFilters, writeValues, fragment } from './place';
import type { CardItem, Column, Item, Json, Parameter, Problem, Row, RunEvent, Shown, Values } from './types';

export interface Answer {
  columns: Column[];
  rows: Row[];
  truncated: boolean;
}

export interface CardState {
  /** `busy` waits for its next attempt. */
  phase: 'loading' | 'ready' | 'error' | 'busy' | 'waiting';
  answer: Answer | null;
  problem: Problem | null;
  /** Seconds until the next attempt, when busy. */
  retryIn: number;
}

/** Typing is not a reason to ask the database at every letter. */
const PAUSE = 350;

export class Board {
  shown = $state.raw<Shown | null>(null);
  problem = $state.raw<Problem | null>(null);
  words = $state.raw<Messages>(en);
  region = $state.raw<Region>(region('en', 'UTC'));
  values = $state.raw<Values>({});
  cards = $state<Record<string, CardState>>({});
  tab = $state<string | null>(null);
  hidden = $state.raw<Set<string>>(new Set());
  /** What a screen reader hears. */
  told = $state('');

  readonly api: Api;
  #asked = new Map<string, AbortController>();
  #attempts = new Map<string, number>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #pending = new Set<string>();
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const found = place(location.pathname, location.hash);
    this.api = new Api(found.base, found.token);
  }

  get parameters(): Parameter[] {
    return this.shown?.parameters ?? [];
  }

  /** Filters on the page: not those that the host page hides. */
  get filters(): Parameter[] {
    return this.parameters.filter((parameter) => !this.hidden.has(parameter.name));
  }

  get items(): Item[] {
    const first = this.shown?.tabs[0]?.id ?? null;
    return (this.shown?.items ?? []).filter((item) => first === null || (item.tab ?? first) === this.tab);
  }

  get changed(): boolean {
    return this.filters.some((one) => !same(this.values[one.name] ?? null, normal(one, one.default)));
  }

  async start(): Promise<void> {
    this.problem = null;
    await this.speak(navigator.language);
    try {
      const shown = await this.api.show(new AbortController().signal);
      const { locale, timezone } = shown.tenant;
      this.region = region(locale, timezone);
      await this.speak(locale);
      this.hidden = hidden(location.hash);
      this.values = readValues(location.hash, shown.parameters);
      const tab = fragment(location.hash).get('tab');
      this.tab = shown.tabs.find((one) => one.id === tab)?.id ?? shown.tabs[0]?.id ?? null;
      this.cards = Object.fromEntries(shown.items.map((item) => [item.id, blank()]));
      this.shown = shown;
      document.title = `${shown.name} - ${shown.tenant.name}`;
      this.run(this.#cardsHere());
    } catch (error) {
      this.problem = failure(error);
    }
  }

  /** The host page changed the address: a new token, another choice, another theme. */
  readdress(): void {
    const { token } = place(location.pathname, location.hash);
    const renewed = token !== null && token !== this.api.token;
    if (renewed) this.api.token = token;
    this.hidden = hidden(location.hash);
    if (renewed && (this.problem !== null || this.shown === null)) {
      void this.start();
      return;
    }
    if (renewed && !speaksOfFilters(location.hash)) return this.#remember();
    const next = readValues(location.hash, this.parameters);
    for (const [name, value] of Object.entries(next)) this.set(name, value);
  }

  set(name: string, value: Json, now = false): void {
    const parameter = this.parameters.find((one) => one.name === name);
    if (!parameter || same(this.values[name] ?? null, normal(parameter, value))) return;
    this.values = { ...this.values, [name]: normal(parameter, value) };
    this.#remember();
    for (const card of this.#allCards()) if (card.parameters.includes(name)) this.#pending.add(card.id);
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#runPending(), now ? 0 : PAUSE);
  }

  reset(): void {
    for (const one of this.filters) this.set(one.name, normal(one, one.default), true);
  }

  open(tab: string): void {
    this.tab = tab;
    const next = fragment(location.hash);
    next.set('tab', tab);
    history.replaceState(null, '', `#${next}`);
    this.run(this.#cardsHere().filter((card) => this.cards[card.id]?.phase === 'loading' && !this.#asked.has(card.id)));
  }

  retry(id: string): void {
    this.#attempts.delete(id);
    this.run(this.#allCards().filter((card) => card.id === id));
  }

  /** The names that a card still waits for: a required filter without a value. */
  missing(card: CardItem): Parameter | undefined {
    return this.parameters.find(
      (one) => one.required && card.parameters.includes(one.name) && (this.values[one.name] ?? null) === null,
    );
  }

  /** The filters that these cards take; others are not the server's business. */
  given(cards: CardItem[]): Values {
    const taken = new Set(cards.flatMap((card) => card.parameters));
    return Object.fromEntries(Object.entries(this.values).filter(([name]) => taken.has(name)));
  }

  /** One request for all of them; each card that is still asked for is asked for anew. */
  run(wanted: CardItem[]): void {
    const cards = wanted.filter((card) => !this.missing(card));
    for (const card of wanted) {
      this.#forget(card.id);
      const state = this.cards[card.id];
      if (!state) continue;
      state.phase = cards.includes(card) ? 'loading' : 'waiting';
      state.problem = null;
    }
    if (cards.length > 0) void this.#stream(cards);
  }

  async #stream(cards: CardItem[]): Promise<void> {
    const controller = new AbortController();
    const open = new Map(cards.map((card) => [card.id, { columns: [] as Column[], rows: [] as Row[] }]));
    for (const card of cards) this.#asked.set(card.id, controller);
    if (!this.told.startsWith(this.words.updating)) this.told = this.words.updating;
    const all = cards.length === this.#allCards().length;
    let problem: Problem = { code: 'network', status: 0 };
    try {
      for await (const event of this.api.run(this.given(cards), all ? null : cards.map((card) => card.id), controller.signal)) {
        this.#take(event, open, controller);
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      problem = failure(error);
    }
    // What the answer did not tell about has failed, too.
    for (const id of open.keys()) this.#fail(id, problem, controller);
    this.told = this.words.updated;
  }

  #take(event: RunEvent, open: Map<string, { columns: Column[]; rows: Row[] }>, controller: AbortController): void {
    if (event.event === 'end') return;
    const { item } = event;
    const part = open.get(item);
    const state = this.cards[item];
    if (!part || !state || this.#asked.get(item) !== controller) return;
    if (event.event === 'columns') part.columns = event.columns;
    else if (event.event === 'rows') for (const row of event.rows) part.rows.push(row);
    else if (event.event === 'error') {
      open.delete(item);
      this.#fail(item, event.problem, controller);
    } else {
      open.delete(item);
      this.#asked.delete(item);
      this.#attempts.delete(item);
      state.answer = { ...part, truncated: event.truncated };
      state.phase = 'ready';
    }
  }

  #fail(id: string, problem: Problem, controller: AbortController): void {
    const state = this.cards[id];
    if (!state || this.#asked.get(id) !== controller) return;
    this.#asked.delete(id);
    if (isOfToken(problem)) this.problem = problem;
    const attempt = this.#attempts.get(id) ?? 0;
    const seconds = wait(problem, attempt);
    state.problem = problem;
    if (seconds === null) {
      state.phase = 'error';
      return;
    }
    this.#attempts.set(id, attempt + 1);
    state.phase = 'busy';
    state.retryIn = Math.ceil(seconds);
    this.#timers.set(id, setTimeout(() => this.run(this.#allCards().filter((card) => card.id === id)), seconds * 1000));
  }

  /** The filters changed: what is on the way is out of date, as far as it takes a changed filter. */
  #runPending(): void {
    const stale = this.#allCards().filter((card) => this.#pending.has(card.id));
    this.#pending.clear();
    const here = new Set(this.#cardsHere().map((card) => card.id));
    for (const card of stale) {
      this.#attempts.delete(card.id);
      const state = this.cards[card.id];
      if (here.has(card.id) || !state) continue;
      this.#forget(card.id);
      state.phase = 'loading';
    }
    this.run(stale.filter((card) => here.has(card.id)));
  }

  /** Ends a request when no card waits for it any more. */
  #forget(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const controller = this.#asked.get(id);
    this.#asked.delete(id);
    if (controller && ![...this.#asked.values()].includes(controller)) controller.abort();
  }

  #allCards(): CardItem[] {
    return (this.shown?.items ?? []).filter((item) => item.kind === 'card');
  }

  #cardsHere(): CardItem[] {
    return this.items.filter((item) => item.kind === 'card');
  }

  /** Keeps the choice in the address, so that a reload or a copied link shows the same. */
  #remember(): void {
    const next = writeValues(location.hash, this.parameters, this.values);
    history.replaceState(null, '', next === '' ? location.pathname : next);
  }

  private async speak(locale: string): Promise<void> {
    const { words, lang } = await messages(locale);
    this.words = words;
    document.documentElement.lang = lang === language(locale) ? locale : lang;
    document.documentElement.dir = direction(locale);
  }
}

function blank(): CardState {
  return { phase: 'loading', answer: null, problem: null, retryIn: 0 };
}

function failure(error: unknown): Problem {
  return error instanceof Failure ? error.problem : { code: 'internal', status: 0 };
}
