/**
 * `<metabase-dashboard>` and `<metabase-question>` for pages that were written for Metabase: our element, with the attributes, the
 * configuration and the token provider that such pages have. What is drawn and asked is `<cloison-dashboard>` itself.
 */
import { CloisonDashboard } from '../embed/element/element';
import type { FilterChangeDetail, FilterValue, FilterValues, ReadyDetail, TokenRequest } from '../embed/element/public';
import { hexOf } from '../embed/lib/host-style';
import { configuration, listen } from './config';
import { ask, resourceOf, type Entity } from './provider';
import { fitted, loose, readNames, readTheme, readValues } from './read';

let home = '';

/** Where the server is when the page does not say: where the script came from, with the tenant's part of the address. */
export function setHome(address: string): void {
  home = address;
}

/**
 * What a page wishes not to be seen: downloads, which are the embed key's to allow, as ever; and the name on a question's card, which is
 * above its filters or, by the page's wish, nowhere.
 */
const UNSEEN = `:host([with-downloads="false"]) .tools > [aria-haspopup] { display: none }
:host(metabase-question) article .words { visibility: hidden }`;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

class GuestElement extends CloisonDashboard {
  static override readonly observedAttributes: string[] = [
    'token', 'dashboard-id', 'question-id', 'with-title', 'hidden-parameters', 'auto-refresh-interval', 'locale',
    'initial-parameters', 'parameters', 'initial-sql-parameters', 'sql-parameters',
  ];

  static readonly kind: Entity['entityType'] = 'dashboard';
  #silence: (() => void) | null = null;
  #controlled: FilterValues | null = null;
  #begun = false;
  #sheet: CSSStyleSheet | null = null;

  constructor() {
    super();
    const values = (detail: FilterChangeDetail | ReadyDetail, source: string) => {
      this.#begun = true;
      const { parameters } = this.stage.board;
      const defaults = Object.fromEntries(parameters.map((one) => [one.name, one.default]));
      const name = this.#kind === 'question' ? 'sql-parameters-change' : 'parameters-change';
      this.dispatchEvent(new CustomEvent(name, { detail: { source, parameters: detail.filters, defaultParameters: defaults, lastUsedParameters: detail.filters } }));
    };
    this.addEventListener('ready', ({ detail }) => values(detail, 'initial-state'));
    this.addEventListener('filter-change', ({ detail }) => values(detail, 'manual-change'));
  }

  get #kind(): Entity['entityType'] {
    return (this.constructor as typeof GuestElement).kind;
  }

  override connectedCallback(): void {
    // Set by a framework before the browser knew the element, it would hide the accessor.
    for (const name of ['parameters', 'sqlParameters'] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      Reflect.deleteProperty(this, name);
      this[name] = value;
    }
    super.connectedCallback();
    this.#silence ??= listen(() => this.#configure());
    this.#configure();
    // After the root has its sheets, which it gets anew with each coming.
    queueMicrotask(() => queueMicrotask(() => this.#hide()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#silence?.();
    this.#silence = null;
  }

  override attributeChangedCallback(name: string, before: string | null, said: string | null): void {
    switch (name) {
      case 'token': this.token = said; break;
      case 'with-title': this.untitled = said === 'false'; break;
      case 'hidden-parameters': this.hide = readNames(said); break;
      case 'auto-refresh-interval': this.refresh = Number(said) > 0 ? Number(said) : null; break;
      case 'locale': this.#configure(); break;
      case 'dashboard-id':
      case 'question-id':
        // Another one needs another token; the first one comes with the element.
        if (before !== null && before !== said && !this.hasAttribute('token')) this.token = null;
        break;
      case 'parameters':
      case 'sql-parameters':
        this.#controlled = readValues(name, said);
        this.#fill();
        break;
      default:
        // What it begins with; once it has begun, the viewer's choice is not taken away.
        if (!this.#begun) this.#fill();
    }
  }

  /** The filters as the page wants them; what it does not name has its default. */
  get parameters(): FilterValues | undefined {
    return this.#controlled ?? undefined;
  }
  set parameters(values: FilterValues | undefined) {
    this.#controlled = readValues('parameters', values);
    this.#fill();
  }

  get sqlParameters(): FilterValues | undefined {
    return this.parameters;
  }
  set sqlParameters(values: FilterValues | undefined) {
    this.parameters = values;
  }

  #fill(): void {
    const initial = () => {
      const name = ['initial-parameters', 'initial-sql-parameters'].find((one) => this.hasAttribute(one));
      return name === undefined ? null : readValues(name, this.getAttribute(name));
    };
    const wished = this.#controlled ?? initial() ?? {};
    this.setFilters((parameters) => {
      const fit = ([name, value]: [string, FilterValue]) => {
        const parameter = parameters.find((one) => one.name === name);
        return [name, parameter ? fitted(parameter, value) : value] as const;
      };
      return Object.fromEntries(Object.entries(wished).map(fit));
    });
  }

  #configure(): void {
    const config = configuration();
    this.server = text(config.instanceUrl) ?? home;
    this.theme = readTheme(config.theme, hexOf);
    this.locale = this.getAttribute('locale') ?? text(config.locale);
    this.tokenProvider = text(config.guestEmbedProviderUri) === null ? null : this.#provide;
  }

  readonly #provide = async (request: TokenRequest): Promise<string> => {
    const address = text(configuration().guestEmbedProviderUri);
    const entity = this.#entity();
    // Which dashboard a click opens is said by a name of ours, of which such a server knows nothing.
    if (address === null || entity === null || request.reason === 'open') throw new TypeError('there is no token to ask for');
    const context = this.getAttribute('custom-context');
    return ask(address, context === null ? entity : { ...entity, customContext: loose(context) ?? context });
  };

  #entity(): Entity | null {
    const id = this.getAttribute(`${this.#kind}-id`)?.trim() ?? '';
    if (id === '') return resourceOf(this.token);
    return { entityType: this.#kind, entityId: /^\d{1,15}$/.test(id) ? Number(id) : id };
  }

  #hide(): void {
    const sheets = this.shadowRoot?.adoptedStyleSheets;
    if (!sheets || (this.#sheet && sheets.includes(this.#sheet))) return;
    if (this.#sheet === null) {
      this.#sheet = new CSSStyleSheet();
      this.#sheet.replaceSync(UNSEEN);
    }
    sheets.push(this.#sheet);
  }
}

class GuestQuestion extends GuestElement {
  static override readonly kind: Entity['entityType'] = 'question';
}

/** Makes both known to the browser. */
export function define(): void {
  customElements.define('metabase-dashboard', GuestElement);
  customElements.define('metabase-question', GuestQuestion);
}
