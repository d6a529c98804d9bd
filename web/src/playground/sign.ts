/** An embed token, signed in the developer's own browser: for trying, never for production. */

export interface Wish {
  kid: string;
  secret: string;
  kind: 'dashboard' | 'card';
  resource: string;
  /** Locked filters, as JSON. */
  params: string;
  minutes: number;
  subject: string;
}

export class Refused extends Error {}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Locked filters: a JSON object. */
export function readParams(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Refused('Locked filters are JSON, such as {"city": ["Lyon"]}.');
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new Refused('Locked filters are a JSON object, such as {"city": ["Lyon"]}.');
  return found as Record<string, unknown>;
}

export async function sign(wish: Wish, now: number): Promise<string> {
  if (wish.kid.trim() === '' || wish.secret.trim() === '') throw new Refused('An embed key has an id (emk_…) and a secret: both were shown when it was made.');
  if (wish.resource.trim() === '') throw new Refused(`Name the ${wish.kind}, by its slug or its id.`);
  if (!(wish.minutes > 0)) throw new Refused('A token lives for some minutes.');
  // Browsers keep their cryptography from pages that came over plain HTTP.
  if (!globalThis.crypto?.subtle) throw new Refused('Open this page over HTTPS, or on this machine itself: only then the browser can sign.');
  const text = new TextEncoder();
  const part = (data: unknown) => base64url(text.encode(JSON.stringify(data)));
  const claims = {
    resource: { [wish.kind]: wish.resource.trim() },
    params: readParams(wish.params),
    ...(wish.subject.trim() === '' ? {} : { sub: wish.subject.trim() }),
    exp: Math.floor(now / 1000) + Math.round(wish.minutes * 60),
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid: wish.kid.trim() })}.${part(claims)}`;
  const key = await crypto.subtle.importKey('raw', text.encode(wish.secret.trim()), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return `${signed}.${base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(signed))))}`;
}
