/**
 * `<cloison-dashboard>` and `<cloison-card>`. By hand, not by the framework's own custom elements: those write `<style>` into the
 * page and know nothing of tokens that must not be reflected into attributes.
 */
import './base';
import { mount, unmount } from 'svelte';
import type { Wishes } from '../lib/board.svelte';
import { Stage } from '../lib/stage.svelte';
import View from '../View.svelte';
import type { CloisonElement as Public, CloisonEventMap, FilterValues, Theme, TokenProvider } from './public';
import { readFilters, readNames, readNumber, readServer, readTheme } from './read';
import { adopt, release } from './sheets';

// A host page that renders on its server loads the module where there is no DOM.
const Base = (typeof HTMLElement === 'undefined' ? class {} : HTMLElement) as typeof HTMLElement;

let defaultServer = '';

/** Where the server is when the element does not say: the script that the server sends says it here. */
export function setDefaultServer(origin: string): void {
  defaultServer = origin;
}

const PROPERTIES = ['token', 'tokenProvider', 'server', 'filters', 'hide', 'theme', 'locale', 'timezone', 'tab', 'item', 'refresh', 'untitled', 'clickable'] as const;

// The listeners' types are the public ones.
export interface CloisonElement {
  addEventListener: Public['addEventListener'];
  removeEventListener: Public['removeEventListener'];
}

export class CloisonElement extends Base implements Public {
  static readonly observedAttributes = [
    'token', 'token-provider', 'server', 'filters', 'hide', 'theme', 'locale', 'timezone', 'tab', 'item', 'refresh', 'untitled', 'clickable',
  ];

  /** What is shown; for our own page, not for host pages. */
  readonly stage: Stage;
  #wishes: Wishes = {
    server: defaultServer, filters: {}, hide: [], locale: null, timezone: null, tab: null, item: null, refresh: null, clickable: false, level: 2,
  };
  /** A token that the host gave and the stage does not have yet. */
  #given: { token: string | null } | null = null;
  #provider: TokenProvider | null = null;
  #theme: Theme | 'light' | 'dark' | 'auto' | null = null;
  #view: Record<string, unknown> | null = null;
  #connected = false;
  #queued = false;

  constructor() {
    super();
    this.stage = new Stage(this.#wishes, (name, detail) => this.#tell(name, detail));
  }

  connectedCallback(): void {
    // Properties that were set before the element was defined hide its accessors: they are set again.
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    this.#connected = true;
    this.#queue();
  }

  disconnectedCallback(): void {
    this.#connected = false;
    this.#queue();
  }

  /** Attributes and properties that are set in one go are one change, and an element that is moved neither stops nor starts. */
  #queue(): void {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#settle();
    });
  }

  #settle(): void {
    if (!this.#connected) return this.#leave();
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const { stage } = this;
    stage.wish({ ...this.#wishes, level: this.#level() }, this.token);
    if (this.#given) stage.give(this.#given.token);
    this.#given = null;
    stage.provider = this.#provider;
    if (this.#view === null) {
      adopt(root);
      this.#view = mount(View, { target: root, props: { stage, host: this, ontell: (height: number) => this.#tell('height', { height }) } });
    }
    stage.start();
  }

  /** In a page of somebody else the title comes below theirs; without a title the cards do. */
  #level(): number {
    const { stage } = this;
    return stage.isPage || stage.isSingle || stage.untitled || this.#wishes.item !== null ? 1 : 2;
  }

  #leave(): void {
    if (this.#view === null) return;
    this.stage.stop();
    void unmount(this.#view);
    this.#view = null;
    if (this.shadowRoot) release(this.shadowRoot);
  }

  #tell<K extends keyof CloisonEventMap>(name: K, detail: CloisonEventMap[K]['detail']): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable: name === 'drill' }));
  }

  #wish(change: Partial<Wishes>): void {
    this.#wishes = { ...this.#wishes, ...change };
    this.#queue();
  }

  attributeChangedCallback(name: string, _: string | null, text: string | null): void {
    switch (name) {
      case 'token': this.token = text; break;
      case 'token-provider': this.tokenProvider = text; break;
      case 'server': this.server = text ?? ''; break;
      case 'filters': this.filters = readFilters(text); break;
      case 'hide': this.hide = readNames(text); break;
      case 'theme': this.theme = readTheme(text); break;
      case 'locale': this.locale = text; break;
      case 'timezone': this.timezone = text; break;
      case 'tab': this.tab = text; break;
      case 'item': this.item = text; break;
      case 'refresh': this.refresh = readNumber(text); break;
      case 'untitled': this.untitled = text !== null; break;
      case 'clickable': this.clickable = text !== null; break;
    }
  }

  get token(): string | null {
    return this.#given ? this.#given.token : this.stage.token;
  }
  set token(token: string | null) {
    this.#given = { token: token ?? null };
    this.#queue();
  }

  get tokenProvider(): TokenProvider | null {
    return this.#provider;
  }
  set tokenProvider(provider: TokenProvider | null) {
    this.#provider = provider ?? null;
    this.#queue();
  }

  get server(): string {
    return this.#wishes.server;
  }
  set server(server: string) {
    this.#wish({ server: readServer(server, defaultServer) });
  }

  get filters(): FilterValues {
    return { ...this.stage.board.values };
  }
  set filters(filters: FilterValues) {
    this.setFilters(filters ?? {});
  }

  /** Frameworks give the same filters at each rendering: only others are a change, or the viewer's own choice would be lost. */
  setFilters(filters: Wishes['filters']): void {
    const before = this.#wishes.filters;
    if (typeof filters !== 'function' && JSON.stringify(filters) === JSON.stringify(before)) return;
    this.#wish({ filters });
  }

  get hide(): string[] {
    return [...this.#wishes.hide];
  }
  set hide(names: string[]) {
    this.#wish({ hide: [...(names ?? [])] });
  }

  get theme(): 'light' | 'dark' | 'auto' | Theme | null {
    return this.#theme;
  }
  set theme(theme: 'light' | 'dark' | 'auto' | Theme | null) {
    this.#theme = theme ?? null;
    this.stage.theme = typeof theme === 'string' ? readTheme(theme) : (theme ?? {});
  }

  get locale(): string | null {
    return this.#wishes.locale;
  }
  set locale(locale: string | null) {
    this.#wish({ locale: locale || null });
  }

  get timezone(): string | null {
    return this.#wishes.timezone;
  }
  set timezone(timezone: string | null) {
    this.#wish({ timezone: timezone || null });
  }

  get tab(): string | null {
    return this.stage.board.tab;
  }
  set tab(tab: string | null) {
    this.#wish({ tab: tab || null });
  }

  get item(): string | null {
    return this.#wishes.item;
  }
  set item(item: string | null) {
    this.#wish({ item: item || null });
  }

  get refresh(): number | null {
    return this.#wishes.refresh;
  }
  set refresh(seconds: number | null) {
    this.#wish({ refresh: seconds ?? null });
  }

  get untitled(): boolean {
    return this.stage.untitled;
  }
  set untitled(untitled: boolean) {
    this.stage.untitled = Boolean(untitled);
    this.#queue();
  }

  get clickable(): boolean {
    return this.#wishes.clickable;
  }
  set clickable(clickable: boolean) {
    this.#wish({ clickable: Boolean(clickable) });
  }

  reload(): void {
    this.stage.board.reload();
  }

  reset(): void {
    this.stage.board.reset();
  }

  back(): void {
    this.stage.back();
  }

  /** The element fills a page of ours. */
  fillPage(): void {
    this.stage.isPage = true;
    this.#queue();
  }
}

export class CloisonDashboard extends CloisonElement {}

export class CloisonCard extends CloisonElement {
  constructor() {
    super();
    this.stage.isSingle = true;
  }
}

/** Makes the two elements known to the browser; once is enough, and a second copy of the script does no harm. */
export function define(): void {
  if (typeof customElements === 'undefined') return;
  if (!customElements.get('cloison-dashboard')) customElements.define('cloison-dashboard', CloisonDashboard);
  if (!customElements.get('cloison-card')) customElements.define('cloison-card', CloisonCard);
}
