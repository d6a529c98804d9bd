/** The cards' answers: one request for many cards, one state per card, each asked for anew without losing what is shown. */
import type { Messages } from '../messages';
import { Answers, type Answer } from './answers';
import { Failure, type Api } from './api';
import { isOfToken, wait } from './explain';
import type { CardItem, Column, Json, Parameter, Problem, Row, RunEvent, Values } from './types';

export type { Answer };

export interface CardState {
  /** `busy` waits for its next attempt. */
  phase: 'loading' | 'ready' | 'error' | 'busy' | 'waiting';
  answer: Answer | null;
  /** With `ready`: the answer is an older one, and this is why there is no newer. */
  problem: Problem | null;
  /** Seconds until the next attempt, when busy. */
  retryIn: number;
}

/** What the runs need to know of the board. */
export interface Ground {
  readonly api: Api;
  readonly words: Messages;
  readonly values: Values;
  readonly parameters: Parameter[];
  readonly allCards: CardItem[];
  told: string;
  failed(problem: Problem, item: string | null): void;
}

interface Part {
  columns: Column[];
  rows: Row[];
  key: string;
}

export class Runs {
  cards = $state<Record<string, CardState>>({});
  #asked = new Map<string, AbortController>();
  #attempts = new Map<string, number>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #answers = new Answers();

  constructor(private readonly ground: Ground) {}

  /** A new set of cards: nothing of an earlier one is kept but the states of cards that are still there. */
  begin(cards: CardItem[], keep: boolean): void {
    this.stop();
    if (!keep) this.#answers.clear();
    const before = keep ? this.cards : {};
    this.cards = Object.fromEntries(cards.map((card) => [card.id, before[card.id] ?? blank()]));
  }

  stop(): void {
    for (const id of [...this.#asked.keys(), ...this.#timers.keys()]) this.#forget(id);
    this.#attempts.clear();
  }

  /** Whether a card has neither an answer nor a request under way. */
  isUntouched(card: CardItem): boolean {
    return this.cards[card.id]?.phase === 'loading' && !this.#asked.has(card.id);
  }

  /** The filters changed: the next request is the first of its kind. */
  outdate(card: CardItem): void {
    this.#attempts.delete(card.id);
    const state = this.cards[card.id];
    if (!state) return;
    this.#forget(card.id);
    state.phase = 'loading';
  }

  retry(card: CardItem): void {
    this.#attempts.delete(card.id);
    this.run([card]);
  }

  /** The names that a card still waits for: a required filter without a value. */
  missing(card: CardItem): Parameter | undefined {
    const { parameters, values } = this.ground;
    return parameters.find((one) => one.required && card.parameters.includes(one.name) && (values[one.name] ?? null) === null);
  }

  /** The filters that these cards take; others are not the server's business. */
  given(cards: CardItem[]): Values {
    const taken = new Set(cards.flatMap((card) => card.parameters));
    return Object.fromEntries(Object.entries(this.ground.values).filter(([name]) => taken.has(name)));
  }

  /** One request for all of them; each card that is still asked for is asked for anew. `quiet`: what is shown stays as it is meanwhile. */
  run(wanted: CardItem[], quiet = false): void {
    const cards = wanted.filter((card) => !this.missing(card));
    let loud = false;
    for (const card of wanted) {
      this.#forget(card.id);
      const state = this.cards[card.id];
      if (!state) continue;
      const known = this.#answers.get(this.#key(card));
      if (known) state.answer = known;
      if (!cards.includes(card)) state.phase = 'waiting';
      else if (known || (quiet && state.phase === 'ready')) state.phase = 'ready';
      else {
        state.phase = 'loading';
        loud = true;
      }
      if (state.phase !== 'ready') state.problem = null;
    }
    if (cards.length > 0) void this.#stream(cards, loud);
  }

  async #stream(cards: CardItem[], loud: boolean): Promise<void> {
    const { ground } = this;
    const controller = new AbortController();
    const open = new Map<string, Part>(cards.map((card) => [card.id, { columns: [], rows: [], key: this.#key(card) }]));
    for (const card of cards) this.#asked.set(card.id, controller);
    if (loud && ground.told !== ground.words.updating) ground.told = ground.words.updating;
    const all = cards.length === ground.allCards.length;
    let problem: Problem = { code: 'network', status: 0 };
    try {
      for await (const event of ground.api.run(this.given(cards), all ? null : cards.map((card) => card.id), controller.signal)) {
        this.#take(event, open, controller);
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      problem = failure(error);
    }
    // What the answer did not tell about has failed, too.
    for (const id of open.keys()) this.#fail(id, problem, controller);
    if (loud) ground.told = ground.words.updated;
  }

  #take(event: RunEvent, open: Map<string, Part>, controller: AbortController): void {
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
    } else if (event.event === 'done') {
      open.delete(item);
      this.#asked.delete(item);
      this.#attempts.delete(item);
      const { key, ...rest } = part;
      state.answer = { ...rest, truncated: event.truncated };
      state.problem = null;
      state.phase = 'ready';
      this.#answers.put(key, state.answer);
    }
  }

  #fail(id: string, problem: Problem, controller: AbortController): void {
    const state = this.cards[id];
    if (!state || this.#asked.get(id) !== controller) return;
    this.#asked.delete(id);
    const attempt = this.#attempts.get(id) ?? 0;
    const seconds = wait(problem, attempt);
    state.problem = problem;
    // What is shown stays, when only its renewal failed.
    const kept = state.phase === 'ready' && !isOfToken(problem);
    if (seconds === null) {
      if (!kept) state.phase = 'error';
      this.ground.failed(problem, id);
      return;
    }
    this.#attempts.set(id, attempt + 1);
    if (!kept) state.phase = 'busy';
    state.retryIn = Math.ceil(seconds);
    const again = () => this.run(this.ground.allCards.filter((card) => card.id === id), kept);
    this.#timers.set(id, setTimeout(again, seconds * 1000));
  }

  /** Ends a request when no card waits for it any more. */
  #forget(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const controller = this.#asked.get(id);
    this.#asked.delete(id);
    if (controller && ![...this.#asked.values()].includes(controller)) controller.abort();
  }

  #key(card: CardItem): string {
    const given = this.given([card]);
    const sorted = Object.keys(given).toSorted().map((name) => [name, given[name]] as [string, Json]);
    return JSON.stringify([card.id, sorted]);
  }
}

function blank(): CardState {
  return { phase: 'loading', answer: null, problem: null, retryIn: 0 };
}

export function failure(error: unknown): Problem {
  return error instanceof Failure ? error.problem : { code: 'internal', status: 0 };
}
