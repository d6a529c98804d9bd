/** Tokens from the page's own server, asked for as pages that were written for Metabase answer. */

export interface Entity {
  entityType: 'dashboard' | 'question';
  entityId: number | string;
  customContext?: unknown;
}

/** `POST {entityType, entityId, customContext}`, answered by `{jwt}`. The page's cookies go with it: they say there who asks. */
export async function ask(address: string, entity: Entity): Promise<string> {
  const url = new URL(address, document.baseURI);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('guestEmbedProviderUri is an address of http or https');
  // Servers that answer both programs and browsers read this.
  url.searchParams.set('response', 'json');
  const answer = await fetch(url, {
    method: 'POST', credentials: 'include', cache: 'no-store', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(entity),
  });
  const found: unknown = answer.ok ? await answer.json() : null;
  if (typeof found === 'object' && found !== null && 'jwt' in found && typeof found.jwt === 'string') return found.jwt;
  console.warn(`cloison: guestEmbedProviderUri answered ${answer.status}, without {"jwt": "…"}`);
  throw new TypeError('the token provider gave no token');
}

/** The resource that a token names. It is not believed here, only said again to the page's own server. */
export function resourceOf(token: string | null): Entity | null {
  try {
    const bytes = Uint8Array.from(atob((token?.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    const { resource } = JSON.parse(new TextDecoder().decode(bytes)) as { resource: Record<string, unknown> };
    for (const entityType of ['dashboard', 'question'] as const) {
      const id = resource[entityType];
      if (typeof id === 'number' || typeof id === 'string') return { entityType, entityId: id };
    }
  } catch {
    // No token, or none that can be read.
  }
  return null;
}
