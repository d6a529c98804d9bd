/** `window.metabaseConfig`: what a page says once for all of its elements, before our script comes, after it, or field by field. */

export interface Config {
  instanceUrl?: unknown;
  theme?: unknown;
  locale?: unknown;
  guestEmbedProviderUri?: unknown;
}

const NAME = 'metabaseConfig';
const config: Record<string, unknown> = {};
const heard = new Set<() => void>();

export function configuration(): Config {
  return config;
}

/** Is told of every change, until it says that it listens no more. */
export function listen(tell: () => void): () => void {
  heard.add(tell);
  return () => void heard.delete(tell);
}

function take(said: unknown): void {
  // Of what is assigned, what it does not name stays: pages call their function once for the theme and once for the rest.
  Object.assign(config, said);
  for (const tell of heard) tell();
}

/** An object whose fields may be set one by one. */
function watched(said: unknown): object {
  const own = typeof said === 'object' && said !== null ? said : {};
  return new Proxy(own, {
    set(target, name, value) {
      if (typeof name === 'string') take({ [name]: value });
      return Reflect.set(target, name, value);
    },
  });
}

/** Reads what is there and hears what comes. */
export function watch(): void {
  const before: unknown = Reflect.get(window, NAME);
  let seen = watched(before);
  take(before);
  try {
    Object.defineProperty(window, NAME, {
      configurable: true,
      enumerable: true,
      get: () => seen,
      set: (said: unknown) => {
        seen = watched(said);
        take(said);
      },
    });
  } catch {
    // A page's own `var metabaseConfig` cannot be made to tell: what it said before our script came holds.
  }
}
