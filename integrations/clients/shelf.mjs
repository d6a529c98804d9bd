/** What a tenant has, as our own API tells it: what a client wrote is looked at here, and not where it was written. */
import { deepEqual } from 'node:assert/strict';

/** The most that one page has. No tenant here comes near it. */
const PAGE = 200;

export class Shelf {
  #call;

  constructor({ call }) {
    this.#call = call;
  }

  async #page(list) {
    const { data, next_cursor } = await this.#call(`/v1/${list}?limit=${PAGE}`);
    if (next_cursor) throw new Error(`there are more than ${PAGE} of ${list}`);
    return data;
  }

  #list(kind) {
    return this.#page(`content/${kind}`);
  }

  async #one(kind, number) {
    return (await this.#list(kind)).find((thing) => thing.number === number);
  }

  card(number) {
    return this.#one('cards', number);
  }

  dashboard(number) {
    return this.#one('dashboards', number);
  }

  collection(number) {
    return this.#one('collections', number);
  }

  /** The number of the collection that it lies in, or null. */
  async place({ collection }) {
    return (await this.#list('collections')).find(({ id }) => id === collection)?.number ?? null;
  }

  /** What a card says now. */
  async rows(number, parameters = {}) {
    const { id } = await this.card(number);
    return (await this.#call(`/v1/cards/${id}/rows`, { parameters })).rows;
  }

  /** What a dashboard shows: each card's number, or the text, and where it is. */
  async items(number) {
    const [{ items }, cards] = await Promise.all([this.dashboard(number), this.#list('cards')]);
    return items.map(({ x, y, w, h, show }) => [cards.find(({ id }) => id === show.card)?.number ?? show.text ?? show.kind, x, y, w, h]);
  }

  cards() {
    return this.#list('cards');
  }

  dashboards() {
    return this.#list('dashboards');
  }

  collections() {
    return this.#list('collections');
  }

  /** All that it has, its rows too, to compare. */
  async whole() {
    const lists = ['content/cards', 'content/dashboards', 'content/collections', 'content/snippets', 'api-keys', 'public-links', 'sql/sources'];
    const told = await Promise.all(lists.map(async (list) => [list, (await this.#page(list)).map(({ last_used_at, ...thing }) => thing)]));
    const { rows } = await this.#call('/v1/sql/rows', { source: 'shop', sql: 'SELECT id, city, amount FROM orders ORDER BY id' });
    return { ...Object.fromEntries(told), tenant: await this.#call('/v1/tenant'), rows };
  }
}

/** What was tried upon another tenant's things, who has all of them as they were. */
export async function untouched(client, tenant, tries) {
  const shelf = new Shelf(tenant);
  const before = await shelf.whole();
  await tries();
  await client.holds(`what ${tenant.slug} has is as it was`, async () => deepEqual(await shelf.whole(), before));
}
