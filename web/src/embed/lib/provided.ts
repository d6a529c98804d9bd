/** Asking for a token. */
import type { TokenProvider, TokenRequest } from '../element/public';

export async function provided(provider: TokenProvider, request: TokenRequest): Promise<string> {
  const token = typeof provider === 'function' ? await provider(request) : await fetched(provider, request);
  if (typeof token !== 'string' || token.trim() === '') throw new TypeError('the token provider gave no token');
  return token.trim();
}

async function fetched(address: string, request: TokenRequest): Promise<string> {
  const url = new URL(address, document.baseURI);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('a token provider is an address of http or https');
  if (request.dashboard !== undefined) url.searchParams.set('dashboard', request.dashboard);
  const answer = await fetch(url, { credentials: 'same-origin', cache: 'no-store', headers: { accept: 'application/json, text/plain' } });
  if (!answer.ok) throw new TypeError(`the token provider answered ${answer.status}`);
  const text = await answer.text();
  if (!text.trimStart().startsWith('{')) return text;
  const found: unknown = JSON.parse(text);
  return typeof found === 'object' && found !== null && 'token' in found && typeof found.token === 'string' ? found.token : '';
}
