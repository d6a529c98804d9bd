/** The server, as an embed token reaches it. Every failure is a `Failure` with a problem the page can explain. */
import { lines } from './ndjson';
import type { Choice, Problem, RunEvent, Shown, Values } from './types';

export class Failure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

export const FORMATS = ['csv', 'xlsx', 'json'] as const;
export type FileFormat = (typeof FORMATS)[number];

export interface Found {
  values: Choice[];
  more: boolean;
}

export class Api {
  token: string | null = null;
  /** Milliseconds by which the server's clock is ahead of ours. */
  skew = 0;

  /** `renew` may give a token in place of one that has ended. */
  constructor(
    readonly server: string,
    private readonly renew: () => Promise<string | null>,
  ) {}

  async show(locale: string | null, signal: AbortSignal): Promise<Shown> {
    const query = locale === null ? '' : `?${new URLSearchParams({ locale })}`;
    return (await (await this.#call(query, { signal })).json()) as Shown;
  }

  /** Runs the named items, or all; events come as the server has them. */
  async *run(parameters: Values, items: string[] | null, signal: AbortSignal): AsyncGenerator<RunEvent> {
    const body = items ? { parameters, items } : { parameters };
    const response = await this.#call('/run', { ...json(body), signal });
    if (!response.body) throw new Failure(broken());
    try {
      for await (const event of lines(response.body)) yield event as RunEvent;
    } catch (error) {
      throw signal.aborted ? error : new Failure(broken());
    }
  }

  /** The values of a filter. `given` are the filters it is linked to: in the body, as values do not belong in addresses, which are logged. */
  async values(name: string, search: string, given: Values | null, signal: AbortSignal): Promise<Found> {
    const path = `/parameters/${encodeURIComponent(name)}/values`;
    const query = search === '' ? '' : `?${new URLSearchParams({ search })}`;
    const response = given
      ? await this.#call(path, { ...json({ search: search === '' ? null : search, parameters: given }), signal })
      : await this.#call(path + query, { signal });
    return (await response.json()) as Found;
  }

  async file(item: string, format: FileFormat, parameters: Values): Promise<{ blob: Blob; name: string | null }> {
    const response = await this.#call(`/items/${encodeURIComponent(item)}/export/${format}`, json({ parameters }));
    return { blob: await response.blob(), name: fileName(response.headers.get('content-disposition')) };
  }

  async #call(path: string, init: RequestInit): Promise<Response> {
    let response = await this.#send(path, init);
    if (response.ok) return response;
    const found = await problem(response);
    // A token that ended is renewed and the request asked again, once.
    if (found.code !== 'token-expired' || (await this.renew()) === null) throw new Failure(found);
    response = await this.#send(path, init);
    if (response.ok) return response;
    throw new Failure(await problem(response));
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    if (this.token === null || this.token === '') throw new Failure({ code: 'token-missing', status: 401 });
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.token}` };
    try {
      const response = await fetch(`${this.server}/v1/embed${path}`, {
        ...init, headers, credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', redirect: 'error',
      });
      const clock = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(clock)) this.skew = clock - Date.now();
      return response;
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Failure(broken());
    }
  }
}

function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function broken(): Problem {
  return { code: 'network', status: 0 };
}

async function problem(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  const found: unknown = await response.json().catch(() => null);
  const told = typeof found === 'object' && found !== null && 'code' in found ? (found as Problem) : null;
  const code = told?.code ?? (response.status === 429 ? 'busy' : 'internal');
  return { ...told, code, status: response.status, ...(Number.isFinite(wait) ? { retry_after: wait } : {}) };
}

/** `filename*` (RFC 8187) or `filename` of a Content-Disposition. */
export function fileName(header: string | null): string | null {
  const long = /filename\*\s*=\s*UTF-8''([^;]+)/i.exec(header ?? '')?.[1];
  if (long !== undefined) {
    try {
      return decodeURIComponent(long.trim());
    } catch {
      return null;
    }
  }
  return /filename\s*=\s*"?([^";]+)"?/i.exec(header ?? '')?.[1]?.trim() ?? null;
}
