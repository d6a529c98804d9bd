/** What a host page may give and hear. Nothing of our insides is named here: these are the types of the npm package. */

export type FilterValue = null | boolean | number | string | FilterValue[] | { [key: string]: FilterValue };

/** Filters by name. `null` is "no value", which is not the same as absent: an absent filter has its default. */
export type FilterValues = Record<string, FilterValue>;

/** Why a token is wanted: the first one, one before the old one ends, one after it ended, or one for another dashboard. */
export interface TokenRequest {
  reason: 'start' | 'renew' | 'expired' | 'open';
  /** The dashboard to be opened, by slug or id, when `reason` is `open`. */
  dashboard?: string;
}

/**
 * Where tokens come from: an address of your own server that answers with the token, as text or as `{"token": "…"}`, or a function.
 * An address is asked with your page's own credentials when it is of your page's origin, and with none when it is not.
 */
export type TokenProvider = string | ((request: TokenRequest) => string | Promise<string>);

export interface Colors {
  /** Accent colour, `#rrggbb`, as are all of these. */
  primary?: string | null;
  background?: string | null;
  surface?: string | null;
  text?: string | null;
  /** Colours of a chart's series. */
  colors?: string[];
}

/** A look. What is absent is the tenant's. Colours that could not be read on their ground are moved until they can be. */
export interface Theme extends Colors {
  mode?: 'light' | 'dark' | 'auto' | null;
  /** Colours for one mode only, before those above. */
  light?: Colors | null;
  dark?: Colors | null;
  /** A list of font families that the viewer's machine or your page has. */
  font?: string | null;
  /** Corner radius in pixels, 0 to 32. */
  radius?: number | null;
  logo?: Logo | null;
  /** Whether the maker of the software is named below the dashboard. Never, unless this is true. */
  credit?: boolean | null;
}

/** A picture: `data:image/…` or a path of the server. */
export interface Logo {
  src: string;
  /** For dark grounds; `src` when absent. */
  dark?: string | null;
  alt?: string | null;
}

export interface ReadyDetail {
  kind: 'dashboard' | 'card';
  name: string;
  filters: FilterValues;
}

export interface FilterChangeDetail {
  /** All filters that the viewer may set. */
  filters: FilterValues;
  /** Names of those that changed. */
  changed: string[];
}

export interface TabChangeDetail {
  tab: string;
}

/** A click on a mark or a cell. `preventDefault()` keeps the element from following it. */
export interface DrillDetail {
  /** The item of the dashboard; `card` for a card's token. */
  item: string;
  /** The clicked column and its value, and the other values of the mark by column. */
  column: string;
  value: FilterValue;
  values: FilterValues;
  /** What follows: another filter, another dashboard, another address, or nothing but this event. */
  action: 'filter' | 'open' | 'visit' | 'none';
  /** The filters that are set here or there. */
  filters?: FilterValues;
  dashboard?: string;
  url?: string;
}

export interface ErrorDetail {
  /** A code of the API, such as `token-expired`, or `network`. */
  code: string;
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** The item that failed; `null` when it is the whole view. */
  item: string | null;
}

export interface HeightDetail {
  /** In CSS pixels. */
  height: number;
}

export interface CloisonEventMap {
  ready: CustomEvent<ReadyDetail>;
  'filter-change': CustomEvent<FilterChangeDetail>;
  'tab-change': CustomEvent<TabChangeDetail>;
  drill: CustomEvent<DrillDetail>;
  error: CustomEvent<ErrorDetail>;
  height: CustomEvent<HeightDetail>;
}

/** `<cloison-dashboard>` and `<cloison-card>`. Each property has an attribute of the same meaning; see the README. */
export interface CloisonElement extends HTMLElement {
  /** The embed token. Not reflected to the attribute. */
  token: string | null;
  tokenProvider: TokenProvider | null;
  /** Where the server is, such as `https://reports.example`; with `/embed.js` it is where the script came from. */
  server: string;
  /** Reads: every filter as it is. Writes: the filters that are not to have their default. */
  filters: FilterValues;
  /** Filters that the viewer does not see; `*` hides all. They still have their values. */
  hide: string[];
  theme: 'light' | 'dark' | 'auto' | Theme | null;
  /** BCP 47; the tenant's when `null`. */
  locale: string | null;
  /** IANA; the tenant's when `null`. */
  timezone: string | null;
  /** The open tab. */
  tab: string | null;
  /** Shows one item of the dashboard alone. */
  item: string | null;
  /** Seconds between refreshes, 10 or more; `null` leaves it to the dashboard. */
  refresh: number | null;
  /** Whether the name and the description are left out. */
  untitled: boolean;
  /** Whether every mark and cell answers to clicks with `drill`, also where the author wired nothing. */
  clickable: boolean;
  /** Asks for everything again; what is shown stays until the answer is there. */
  reload(): void;
  /** Filters back to their defaults. */
  reset(): void;
  /** One click back: a filter set by a click, or a dashboard opened by one. */
  back(): void;
  addEventListener<K extends keyof CloisonEventMap>(type: K, listener: (this: this, event: CloisonEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof CloisonEventMap>(type: K, listener: (this: this, event: CloisonEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}
