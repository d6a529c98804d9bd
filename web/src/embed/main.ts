/** The iframe page: one element, which fills it, tied to the page's address and to the page around it. */
import { CloisonDashboard, define } from './element/element';
import type { FilterValues, TokenRequest } from './element/public';
import { readTheme } from './element/read';
import { Parent, type Order } from './lib/parent';
import { options } from './lib/options';
import { fragment, hidden, place, readValues, speaksOfFilters, writeValues } from './lib/place';

define();

/** How long the page around may take to give a token, and to say that it will. */
const PATIENCE = 20_000;
const GREETING = 4000;

class Page {
  readonly #element = new CloisonDashboard();
  readonly #parent = new Parent((order) => this.#take(order));
  #height = 0;
  /** Who waits for a token of the page around. */
  #wanting: ((token: string) => void) | null = null;

  constructor(target: HTMLElement) {
    const element = this.#element;
    const { base, token } = place(location.pathname, location.hash);
    element.fillPage();
    element.server = base;
    element.token = token;
    // An address without a token is a link that was cut off, unless the page around us brings one.
    if (token === null) setTimeout(() => (element.token ??= ''), this.#parent.isFramed ? GREETING : 0);
    this.#read();
    const meta = document.querySelector<HTMLMetaElement>('meta[name="cloison-origins"]')?.content.trim() ?? '';
    if (meta !== '') this.#parent.allow(meta.split(' '));
    this.#listen();
    addEventListener('hashchange', () => this.#readdress());
    addEventListener('pagehide', () => element.stage.stop());
    addEventListener('pageshow', (event) => event.persisted && element.stage.start());
    target.append(element);
  }

  /** What the address says beside the token. */
  #read(): void {
    const said = fragment(location.hash);
    const element = this.#element;
    const guest = options(location.hash);
    element.hide = hidden(location.hash);
    element.untitled = guest.untitled;
    element.refresh = guest.refresh;
    element.stage.bare = guest.bare;
    element.style.boxShadow = guest.bordered ? 'inset 0 0 0 1px #8886' : '';
    this.#readTheme();
    element.locale = said.get('locale');
    element.tab = said.get('tab');
    const { hash } = location;
    element.setFilters((parameters) => readValues(hash, parameters) as FilterValues);
  }

  /** The page around changed the address: a new token, another choice, another theme. */
  #readdress(): void {
    const element = this.#element;
    const { token } = place(location.pathname, location.hash);
    const renewed = token !== null && token !== element.token;
    if (renewed) element.token = token;
    const keeps = renewed && !speaksOfFilters(location.hash);
    if (!keeps) return this.#read();
    this.#readTheme();
    this.#write();
  }

  #readTheme(): void {
    this.#element.theme = readTheme(options(location.hash).theme ?? fragment(location.hash).get('theme'));
  }

  /** Keeps the choice in the address, so that a reload or a copied link shows the same. */
  #write(): void {
    const { board, past } = this.#element.stage;
    // The address is of the dashboard that the token shows, not of one that a click led to.
    if (past.length > 0) return;
    const next = fragment(writeValues(location.hash, board.parameters, board.values));
    if (board.tab !== null && board.tab !== board.shown?.tabs[0]?.id) next.set('tab', board.tab);
    else next.delete('tab');
    const text = next.toString();
    history.replaceState(null, '', text === '' ? location.pathname : `#${text}`);
  }

  #listen(): void {
    const element = this.#element;
    element.addEventListener('ready', ({ detail }) => {
      const { shown, region, lang } = element.stage.board;
      if (!shown) return;
      const origins = shown.origins ?? [];
      if (this.#parent.isForeign(origins)) {
        element.stage.stop();
        return element.stage.board.failed({ code: 'origin-not-allowed', status: 403 }, null);
      }
      this.#parent.allow(origins);
      document.title = `${shown.name} - ${shown.tenant.name}`;
      document.documentElement.lang = lang === 'en' ? 'en' : region.locale;
      this.#parent.tell({ type: 'cloison:ready', detail });
    });
    element.addEventListener('filter-change', ({ detail }) => {
      this.#write();
      this.#parent.tell({ type: 'cloison:filter-change', detail });
    });
    element.addEventListener('tab-change', () => queueMicrotask(() => this.#write()));
    element.addEventListener('drill', ({ detail }) => this.#parent.tell({ type: 'cloison:drill', detail }));
    element.addEventListener('height', ({ detail }) => this.#tellHeight(detail.height));
    element.addEventListener('error', ({ detail }) => {
      this.#parent.tell({ type: 'cloison:error', detail });
      if (element.stage.board.isOver) this.#parent.tell({ type: 'cloison:expired' });
    });
  }

  #tellHeight(height: number): void {
    this.#height = height;
    this.#parent.tell({ type: 'cloison:height', height });
  }

  #take(order: Order): void {
    const element = this.#element;
    if (order.type === 'cloison:hello') {
      if (order.provides === true) element.tokenProvider ??= (request) => this.#want(request);
      if (this.#height > 0) this.#tellHeight(this.#height);
    } else if (order.type === 'cloison:token' && typeof order.token === 'string') {
      if (this.#wanting) this.#wanting(order.token);
      else element.token = order.token;
    } else if (order.type === 'cloison:set') {
      if (typeof order.filters === 'object' && order.filters !== null) element.setFilters({ ...(order.filters as FilterValues) });
      if (order.theme === 'light' || order.theme === 'dark' || order.theme === 'auto') element.theme = order.theme;
      if (typeof order.locale === 'string') element.locale = order.locale;
      if (Array.isArray(order.hide)) element.hide = order.hide.filter((name) => typeof name === 'string');
    }
  }

  #want(request: TokenRequest): Promise<string> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#wanting = null;
        settle();
      };
      const timer = setTimeout(() => end(() => reject(new Error('no token'))), PATIENCE);
      this.#wanting = (token) => end(() => resolve(token));
      this.#parent.tell({ type: 'cloison:token-wanted', request });
    });
  }
}

const target = document.getElementById('app');
if (target) new Page(target);
