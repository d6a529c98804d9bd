import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Renewal } from '../../src/embed/lib/renewal';
import { isSameView as isSame } from '../../src/embed/lib/token';

const isSameView = (one: string | null, other: string | null, server = 'https://reports.example') => isSame(one, other, server);

const part = (data: unknown) => btoa(JSON.stringify(data)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const token = (claims: Record<string, unknown>, head: Record<string, unknown> = {}) => `${part({ alg: 'HS256', kid: 'a', ...head })}.${part(claims)}.c2ln`;

describe('two tokens', () => {
  const base = { resource: { dashboard: 'x' }, params: { city: ['Lyon', 'Nice'] }, exp: 1 };
  test('are the same view when only their times and names differ', () => {
    expect(isSameView(token(base), token({ ...base, exp: 9, iat: 3, nbf: 2, jti: 'z' }))).toBe(true);
    expect(isSameView(token(base), token({ exp: 9, params: { city: ['Lyon', 'Nice'] }, resource: { dashboard: 'x' } }))).toBe(true);
  });
  test.each([
    ['another dashboard', { ...base, resource: { dashboard: 'y' } }, {}],
    ['another lock', { ...base, params: { city: ['Lyon'] } }, {}],
    ['another order of a lock', { ...base, params: { city: ['Nice', 'Lyon'] } }, {}],
    ['a time inside a lock', { ...base, params: { city: ['Lyon', 'Nice'], exp: 5 } }, {}],
    ['another viewer', { ...base, sub: 'ada' }, {}],
    ['other attributes', { ...base, attributes: { role: 'teacher' } }, {}],
    ['another key, which may be another tenant', base, { kid: 'b' }],
    ['another algorithm', base, { alg: 'ES256' }],
  ])('are not with %s', (_, claims, head) => {
    expect(isSameView(token(base), token(claims, head))).toBe(false);
  });
  test('are not when they name no key: guests of two tenants may hold the same words', () => {
    for (const head of [{ kid: undefined }, { kid: null }, { kid: '' }, { kid: 7 }]) {
      expect(isSameView(token(base, head), token({ ...base, exp: 9 }, head))).toBe(false);
      expect(isSameView(token(base, head), token(base, head))).toBe(true);
    }
  });
  test('are when a tenant’s own address says whose keys sign them, unless they say something else', () => {
    const guest = (claims: Record<string, unknown>) => token(claims, { kid: undefined });
    const alder = 'https://reports.example/t/alder';
    expect(isSameView(guest(base), guest({ ...base, exp: 9 }), alder)).toBe(true);
    expect(isSameView(guest(base), guest({ ...base, params: { city: ['Nice'] } }), alder)).toBe(false);
    expect(isSameView(guest(base), guest({ ...base, params: { city: ['Lyon', 'Nice'], exp: 9 } }), alder)).toBe(false);
    expect(isSameView(guest(base), token({ ...base, exp: 9 }), alder)).toBe(false);
  });
  test('what cannot be read is never the same', () => {
    for (const bad of ['', 'x', 'a.b', 'a.b.c', 'a.b.c.d', `${part({})}.!.x`]) {
      expect(isSameView(bad, token(base))).toBe(false);
      expect(isSameView(token(base), bad)).toBe(false);
    }
    expect(isSameView(null, null)).toBe(false);
  });
});

describe('renewal', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_800_000_000_000 });
    vi.stubGlobal('document', { addEventListener: vi.fn(), removeEventListener: vi.fn(), visibilityState: 'visible' });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
  function made(provider: () => Promise<string>) {
    const taken: string[] = [];
    const renewal = new Renewal((token) => taken.push(token));
    renewal.provider = vi.fn(provider);
    return { renewal, taken, asked: renewal.provider };
  }

  test('happens a minute, or a fifth of the life, before the end', async () => {
    const { renewal, taken } = made(async () => 'new');
    renewal.plan(at(600));
    await vi.advanceTimersByTimeAsync(539_000);
    expect(taken).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(taken).toEqual(['new']);
    renewal.plan(at(10));
    await vi.advanceTimersByTimeAsync(8100);
    expect(taken).toHaveLength(2);
  });
  test('counts by the server’s clock', async () => {
    const { renewal, taken } = made(async () => 'new');
    // The server is an hour behind: what it calls ten minutes from now is over by our clock.
    renewal.plan(at(600 - 3600), -3600_000);
    await vi.advanceTimersByTimeAsync(530_000);
    expect(taken).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(taken).toEqual(['new']);
  });
  test('a clock that is plainly wrong does not make it ask without end', async () => {
    const { renewal, asked } = made(async () => 'new');
    renewal.plan(at(-60));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).not.toHaveBeenCalled();
  });
  test('fails softly, asks again later each time, and stops when it is told to', async () => {
    const { renewal, asked } = made(async () => {
      throw new Error('away');
    });
    renewal.plan(at(600));
    await vi.advanceTimersByTimeAsync(540_000);
    expect(asked).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(3_900);
    expect(asked).toHaveBeenCalledTimes(2);
    renewal.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveBeenCalledTimes(2);
  });
  test('who asks at the same time gets the same token', async () => {
    const { renewal, asked, taken } = made(async () => 'new');
    expect(await Promise.all([renewal.ask('expired'), renewal.ask('expired')])).toEqual(['new', 'new']);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(taken).toEqual(['new']);
  });
  test('lives longer than a timer can count are waited for', async () => {
    const { renewal, taken } = made(async () => 'new');
    renewal.plan(at(40 * 86_400));
    await vi.advanceTimersByTimeAsync(39 * 86_400_000);
    expect(taken).toEqual([]);
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(taken).toEqual(['new']);
  });
});
