/** One dashboard or card: what is shown, the filters, and the cards' answers. */
import type { CloisonEventMap, FilterValues } from '../element/public';
import { en, messages, type Messages } from '../messages';
import type Markdown from '../parts/Markdown.svelte';
import { Api } from './api';
import { isOfToken } from './explain';
import { Labels } from './labels.svelte';
import type { localized } from './localize';
import { region, type Region } from './region';
import { failure, Runs, type Answer, type CardState } from './runs.svelte';
import type { CardItem, Item, Json, Parameter, Pick, Problem, Shown, Values } from './types';
import { normal, same } from './values';

export type { Answer, CardState };

/** What is around a board. */
export interface Around {
  /** Sends an event to the host page; `false` when the host prevented what follows. */
  tell<K extends keyof CloisonEventMap>(name: K, detail: CloisonEventMap[K]['detail']): boolean;
  /** A token in place of one that has ended; `null` when there is none. */
  renew(): Promise<string | null>;
  /** The token ends then; `skew` is how far the server's clock is ahead of ours. */
  ends(at: string | null, skew: number): void;
  /** Opens another dashboard in this one's place. */
  open(dashboard: string, filters: Values): void;
}

export interface Wishes {
  server: string;
  /** The values that are not to be the defaults; a function when they can only be read with the filters' types. */
  filters: FilterValues | ((parameters: Parameter[]) => FilterValues);
  hide: string[];
  locale: string | null;
  timezone: string | null;
  tab: string | null;
  item: string | null;
  refresh: number | null;
  clickable: boolean;
  /** Level of the title's heading; the cards' are one below. */
  level: number;
}

/** Typing is not a reason to ask the database at every letter. */
const PAUSE = 350;

interface Turn {
  values: Values;
  tab: string | null;
}

export class Board {
  wishes = $state.raw() as Wishes;
  #localized = $state.raw<typeof localized | null>(null);
  /** As the server sent it; `shown` is the same in the viewer's language. */
  #sent = $state.raw<Shown | null>(null);
  problem = $state.raw<Problem | null>(null);
  words = $state.raw<Messages>(en);
  /** The language of `words`. */
  lang = $state('en');
  region = $state.raw<Region>(region('en', 'UTC'));
  values = $state.raw<Values>({});
  tab = $state<string | null>(null);
  /** What a screen reader hears. */
  told = $state('');
  /** What everybody sees for a while: something outside the cards went wrong. */
  notice = $state<string | null>(null);
  markdown = $state.raw<typeof Markdown | null>(null);
  readonly labels = new Labels(this);
  /** What charts offer as pictures, by item. */
  readonly pictures = new Pictures();
  readonly shown = $derived(this.#sent && (this.#localized?.(this.#sent, this.region.locale) ?? this.#sent));
  readonly runs: Runs = new Runs(this);
  readonly api: Api;

  #turns = $state.raw<Turn[]>([]);
  #clicks = $state.raw<typeof import('./clicks') | null>(null);
  #stopped = new AbortController();
  #pending = new Set<string>();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #refresh: ReturnType<typeof setInterval> | undefined;
  #due = false;

  constructor(
    wishes: Wishes,
    private readonly around: Around,
  ) {
    this.wishes = wishes;
    this.api = new Api(wishes.server, () => around.renew());
  }

  get level(): number {
    return this.wishes.level;
  }

  get cards(): Record<string, CardState> {
    return this.runs.cards;
  }

  get parameters(): Parameter[] {
    return this.shown?.parameters ?? [];
  }

  /** Filters on the page: not those that the host page hides. */
  get filters(): Parameter[] {
    const { hide } = this.wishes;
    return hide.includes('*') ? [] : this.parameters.filter((parameter) => !hide.includes(parameter.name));
  }

  get items(): Item[] {
    const all = this.shown?.items ?? [];
    if (this.wishes.item !== null) return all.filter((item) => item.id === this.wishes.item);
    const first = this.shown?.tabs[0]?.id ?? null;
    return all.filter((item) => first === null || (item.tab ?? first) === this.tab);
  }

  get allCards(): CardItem[] {
    return (this.shown?.items ?? []).filter((item) => item.kind === 'card');
  }

  get changed(): boolean {
    return this.filters.some((one) => !same(this.values[one.name] ?? null, normal(one, one.default)));
  }

  /** Whether the token has ended, or never worked. */
  get isOver(): boolean {
    return this.problem !== null && isOfToken(this.problem);
  }

  get canGoBack(): boolean {
    return this.#turns.length > 0;
  }

  /** Shows what the token shows, from the beginning: nothing of what another token showed stays. */
  async start(token: string): Promise<void> {
    this.stop();
    this.#stopped = new AbortController();
    this.api.token = token;
    this.#sent = null;
    this.problem = null;
    this.#turns = [];
    this.runs.begin([], false);
    void this.#speak();
    await this.#show(false);
  }

  /** Ends every request and timer. What is shown stays. */
  stop(): void {
    this.#stopped.abort();
    this.runs.stop();
    clearTimeout(this.#pause);
    clearInterval(this.#refresh);
    document.removeEventListener('visibilitychange', this.#look);
  }

  /** Goes on after `stop`, with what was shown. */
  resume(token: string): void {
    this.#stopped = new AbortController();
    this.api.token = token;
    void this.#show(true);
  }

  /** Another token for the same view: nothing on the page moves. */
  renew(token: string): void {
    this.api.token = token;
    void this.#show(true);
  }

  async #show(again: boolean): Promise<void> {
    const { signal } = this.#stopped;
    const before = this.#sent;
    try {
      const shown = await this.api.show(this.wishes.locale, signal);
      await this.#bring(shown, signal);
      if (signal.aborted) return;
      this.around.ends(shown.expires_at ?? null, this.api.skew);
      const known = again && before !== null && isSame(before, shown);
      const failed = this.problem !== null;
      // What is the same stays the same object, so that nothing on the page is touched.
      if (!known) this.#sent = shown;
      this.problem = null;
      if (!known) this.#begin(shown, again && before !== null);
      else this.run(this.#cardsHere().filter((card) => failed || this.runs.isUntouched(card)));
    } catch (error) {
      // A view that could be seen a moment ago is not taken away because a look at it failed; its next request will tell.
      if (!signal.aborted && (before === null || this.problem !== null)) this.failed(failure(error), null);
    }
  }

  /** Parts that few dashboards need, and these before anything of them is seen: nothing is to move when they come. */
  async #bring(shown: Shown, signal: AbortSignal): Promise<void> {
    const { locale, timezone } = this.wishes;
    const [localize, markdown, spoken] = await Promise.all([
      shown.translations && !this.#localized ? import('./localize') : null,
      shown.items.some((item) => item.kind !== 'card') && !this.markdown ? import('../parts/Markdown.svelte') : null,
      messages(locale ?? shown.tenant.locale),
    ]);
    if (signal.aborted) return;
    this.#place(locale ?? shown.tenant.locale, timezone ?? shown.tenant.timezone);
    this.words = spoken.words;
    this.lang = spoken.lang;
    if (localize) this.#localized = localize.localized;
    if (markdown) this.markdown = markdown.default;
  }

  #begin(shown: Shown, again: boolean): void {
    this.values = this.#chosen(again ? this.values : null);
    this.tab = shown.tabs.find((one) => one.id === (this.tab ?? this.wishes.tab))?.id ?? shown.tabs[0]?.id ?? null;
    this.runs.begin(this.allCards, again);
    this.run(this.#cardsHere());
    this.#keepFresh();
    this.around.tell('ready', { kind: shown.kind === 'card' ? 'card' : 'dashboard', name: this.shown?.name ?? '', filters: { ...this.values } });
    void import('./clicks').then((clicks) => (this.#clicks = clicks), () => undefined);
  }

  /** The values that the host wishes, else those that were there, else the defaults. */
  #chosen(before: Values | null): Values {
    const { filters } = this.wishes;
    const wished = typeof filters === 'function' ? filters(this.parameters) : filters;
    for (const name of Object.keys(wished)) {
      if (!this.parameters.some((one) => one.name === name)) console.warn(`cloison: there is no filter "${name}" that a viewer may set`);
    }
    const value = (one: Parameter) => before?.[one.name] ?? (Object.hasOwn(wished, one.name) ? wished[one.name] : one.default) ?? null;
    return Object.fromEntries(this.parameters.map((one) => [one.name, normal(one, value(one))]));
  }

  /** The host page changed its mind. */
  wish(next: Wishes): void {
    const before = this.wishes;
    this.wishes = next;
    if (this.#sent === null) return;
    if (next.locale !== before.locale || next.timezone !== before.timezone) void this.#speak();
    if (next.locale !== before.locale) void this.#show(true);
    if (next.filters !== before.filters) this.setAll(this.#chosen(null));
    if (next.tab !== before.tab && next.tab !== null) this.open(next.tab);
    if (next.item !== before.item) this.run(this.#cardsHere().filter((card) => this.runs.isUntouched(card)));
    if (next.refresh !== before.refresh) this.#keepFresh();
  }

  set(name: string, value: Json, now = false): void {
    this.setAll({ [name]: value }, now);
  }

  setAll(values: Values, now = false): void {
    const changed: string[] = [];
    const next = { ...this.values };
    for (const one of this.parameters) {
      if (!Object.hasOwn(values, one.name)) continue;
      const value = normal(one, values[one.name] ?? null);
      if (same(this.values[one.name] ?? null, value)) continue;
      next[one.name] = value;
      changed.push(one.name);
    }
    if (changed.length === 0) return;
    this.values = next;
    for (const card of this.allCards) if (card.parameters.some((name) => changed.includes(name))) this.#pending.add(card.id);
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#runPending(), now ? 0 : PAUSE);
    this.around.tell('filter-change', { filters: { ...next }, changed });
    for (const one of this.parameters) if (one.linked?.some((name) => changed.includes(name))) void this.#fit(one);
  }

  reset(): void {
    this.#turns = [];
    this.setAll(Object.fromEntries(this.filters.map((one) => [one.name, one.default])), true);
  }

  /** The values that a linked filter is narrowed by. */
  linkedValues(parameter: Parameter): Values | null {
    if (!parameter.linked?.length) return null;
    return Object.fromEntries(parameter.linked.map((name) => [name, this.values[name] ?? null]).filter(([, value]) => value !== null));
  }

  /** Chosen values that a linked filter no longer lists are let go: they would leave nothing to see. */
  async #fit(parameter: Parameter): Promise<void> {
    const value = this.values[parameter.name] ?? null;
    if (value === null || !parameter.has_values) return;
    try {
      const { values, more } = await this.api.values(parameter.name, '', this.linkedValues(parameter), this.#stopped.signal);
      if (more || !same(this.values[parameter.name] ?? null, value)) return;
      const kept = (Array.isArray(value) ? value : [value]).filter((one) => values.some((choice) => same(choice.value, one)));
      this.set(parameter.name, parameter.multiple ? kept : (kept[0] ?? null), true);
    } catch {
      // Without the list nothing is known to be wrong.
    }
  }

  open(tab: string): void {
    if (!this.shown?.tabs.some((one) => one.id === tab)) return;
    if (this.tab !== tab) this.around.tell('tab-change', { tab });
    this.tab = tab;
    this.run(this.#cardsHere().filter((card) => this.runs.isUntouched(card)));
  }

  canPick(item: CardItem, column: string): boolean {
    const columns = this.cards[item.id]?.answer?.columns ?? [];
    return this.wishes.clickable || (this.#clicks?.isWired(item, column, columns, this.parameters) ?? false);
  }

  /** A mark or a cell was clicked. A value that is set already is taken back. */
  pick(item: CardItem, pick: Pick): void {
    const columns = this.cards[item.id]?.answer?.columns ?? [];
    const clicks = this.#clicks;
    if (!clicks) return;
    const action = clicks.decideClick(item, pick, columns, this.parameters, this.values, this.region.timezone);
    const { column, value } = pick;
    if (!this.around.tell('drill', { item: item.id, column, value, values: clicks.pickedValues(pick, columns), ...action })) return;
    if (action.action === 'filter') {
      this.#turns = [...this.#turns.slice(-19), { values: this.values, tab: this.tab }];
      const set = this.parameters.filter((one) => Object.hasOwn(action.filters, one.name));
      const isSet = set.every((one) => same(this.values[one.name] ?? null, normal(one, action.filters[one.name] ?? null)));
      this.setAll(isSet ? Object.fromEntries(set.map((one) => [one.name, one.default])) : action.filters, true);
    } else if (action.action === 'open') this.around.open(action.dashboard, action.filters);
    else if (action.action === 'visit') window.open(action.url, '_blank', 'noopener,noreferrer');
  }

  back(): void {
    const turn = this.#turns.at(-1);
    if (!turn) return;
    this.#turns = this.#turns.slice(0, -1);
    this.setAll(turn.values, true);
    if (turn.tab !== null) this.open(turn.tab);
  }

  retry(id: string): void {
    for (const card of this.allCards) if (card.id === id) this.runs.retry(card);
  }

  missing(card: CardItem): Parameter | undefined {
    return this.runs.missing(card);
  }

  given(cards: CardItem[]): Values {
    return this.runs.given(cards);
  }

  run(cards: CardItem[], quiet = false): void {
    this.runs.run(cards, quiet);
  }

  /** Asks for all that is on the page again, quietly. */
  reload(): void {
    if (this.#sent !== null && this.problem === null) this.run(this.#cardsHere(), true);
  }

  failed(problem: Problem, item: string | null): void {
    if (item === null || isOfToken(problem)) this.problem = problem;
    this.around.tell('error', { code: problem.code, status: problem.status, item: isOfToken(problem) ? null : item });
  }

  #keepFresh(): void {
    clearInterval(this.#refresh);
    document.removeEventListener('visibilitychange', this.#look);
    const seconds = this.wishes.refresh ?? this.#sent?.refresh_seconds ?? 0;
    if (!(seconds > 0)) return;
    this.#refresh = setInterval(() => this.#fresh(), Math.min(86_400, Math.max(10, seconds)) * 1000);
    document.addEventListener('visibilitychange', this.#look);
  }

  /** A page that nobody sees asks the database nothing; it is brought up to date when it is seen again. */
  #fresh(): void {
    this.#due = document.visibilityState === 'hidden';
    if (!this.#due) this.reload();
  }

  readonly #look = (): void => {
    if (this.#due && document.visibilityState === 'visible') this.#fresh();
  };

  /** The filters changed: what is on the way is out of date, as far as it takes a changed filter. */
  #runPending(): void {
    const stale = this.allCards.filter((card) => this.#pending.has(card.id));
    this.#pending.clear();
    const here = new Set(this.#cardsHere().map((card) => card.id));
    for (const card of stale) this.runs.outdate(card);
    this.run(stale.filter((card) => here.has(card.id)));
  }

  #cardsHere(): CardItem[] {
    return this.items.filter((item) => item.kind === 'card');
  }

  /** The same place stays the same object: everything that writes a number would be written anew. */
  #place(locale: string, timezone: string): void {
    const next = region(locale, timezone);
    if (JSON.stringify(next) !== JSON.stringify(this.region)) this.region = next;
  }

  async #speak(): Promise<void> {
    const tenant = this.#sent?.tenant;
    const wanted = this.wishes.locale ?? tenant?.locale ?? navigator.language;
    this.#place(wanted, this.wishes.timezone ?? tenant?.timezone ?? 'UTC');
    const { words, lang } = await messages(wanted);
    // Another language may have been asked for meanwhile.
    if (wanted !== (this.wishes.locale ?? this.#sent?.tenant.locale ?? navigator.language)) return;
    this.words = words;
    this.lang = lang;
  }
}

/** A map whose readers follow it. Svelte's own has more than these three to bring along. */
class Pictures {
  #all = $state.raw(new Map<string, (kind: 'png' | 'svg') => Promise<Blob>>());

  get(item: string): ((kind: 'png' | 'svg') => Promise<Blob>) | undefined {
    return this.#all.get(item);
  }

  has(item: string): boolean {
    return this.#all.has(item);
  }

  set(item: string, make: (kind: 'png' | 'svg') => Promise<Blob>): void {
    this.#all = new Map(this.#all).set(item, make);
  }

  delete(item: string): void {
    const next = new Map(this.#all);
    if (next.delete(item)) this.#all = next;
  }
}

function isSame(one: Shown, other: Shown): boolean {
  return JSON.stringify({ ...one, expires_at: null }) === JSON.stringify({ ...other, expires_at: null });
}
