/** What can be read from a token without its key: when it ends, and whether another one means the same. Nothing here is believed by the server. */

interface View {
  /** Whether the token says which key signed it, and so whose it is. */
  named: boolean;
  /** Header and claims but for times, as one text. */
  means: string;
}

function viewOf(token: string): View | null {
  try {
    const [head, body, signature, more] = token.split('.');
    const both = [json(head), json(body)] as const;
    return signature && more === undefined ? { named: Boolean(both[0].kid) && typeof both[0].kid === 'string', means: JSON.stringify(both.map(lasting), sorted) } : null;
  } catch {
    return null;
  }
}

function json(part = ''): Record<string, unknown> {
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>;
}

/** Without what differs from token to token. A filter may have one of these names: only the claims themselves are meant. What is no object means itself. */
function lasting(part: Record<string, unknown>): unknown {
  const { exp, iat, nbf, jti, ...rest } = part;
  return isObject(part) ? rest : part;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}

function sorted(_: string, value: unknown): unknown {
  return value && isObject(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
}

/**
 * Whether `next` stands for the same view as `before`: the same key and claims, but for times. Only then is what the one showed
 * left in place under the other. The header counts: its `kid` names the tenant. Guest tokens have none, and those of two tenants
 * may say the same; but below a tenant's own address, `/t/<slug>`, that tenant's keys sign them and no others.
 */
export function isSameView(before: string | null, next: string | null, server: string): boolean {
  if (before === null || next === null) return false;
  if (before === next) return true;
  const [one, other] = [viewOf(before), viewOf(next)];
  return one !== null && (one.named || server.includes('/t/')) && one.means === other?.means;
}
