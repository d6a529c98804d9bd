/** What can be read from a token without its key: when it ends, and whether another one means the same. Nothing here is believed by the server. */

function parts(token: string): [unknown, unknown] | null {
  const [head, body, signature, ...more] = token.split('.');
  if (head === undefined || body === undefined || signature === undefined || more.length > 0) return null;
  try {
    return [json(head), json(body)];
  } catch {
    return null;
  }
}

function json(part: string): unknown {
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

const PASSING = new Set(['exp', 'iat', 'nbf', 'jti']);

/**
 * Whether `next` stands for the same view as `before`: the same key and claims, but for times. Only then is what the one showed
 * left in place under the other. The header counts: its `kid` names the tenant. Guest tokens have none, and those of two tenants
 * may say the same: none of them stands for the view of another.
 */
export function isSameView(before: string | null, next: string | null): boolean {
  if (before === null || next === null) return false;
  if (before === next) return true;
  const [one, other] = [parts(before), parts(next)];
  return one !== null && other !== null && namesItsKey(one[0]) && canonical(one, true) === canonical(other, true);
}

function namesItsKey(header: unknown): boolean {
  const kid = (header as { kid?: unknown } | null)?.kid;
  return typeof kid === 'string' && kid !== '';
}

/** JSON with sorted names; at the top of the claims, without what differs from token to token. */
function canonical(value: unknown, top = false): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, top)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([name]) => !top || !PASSING.has(name));
  return `{${fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}
