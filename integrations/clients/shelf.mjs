/** What a tenant has, as our own API tells it: what a client wrote is looked at here, and not where it was written. */
import { deepEqual } from 'node:assert/strict';

/** The most that one page has. No tenant here comes near it. */
const PAGE = 200;

export class Shelf {
  #call;

  constructor({ call }) {
    this.#call = call;
  }

  async #list(kind) {
    const { data, next_cursor } = await this.#call(`/v1/content/${kind}?limit=${PAGE}`);
    if (next_cursor) throw new Error(`there are more than ${PAGE} ${kind}`);
    return data;
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
    return items.map(({ x, y, w, h, show }) => [cards.find(({ id }) => id === show.card)?.number ?? show.text ?? show.markdown ?? show.kind, x, y, w, h]);
  }

  /** All of it, to compare. */
  async whole() {
    return Object.fromEntries(await Promise.all(['cards', 'dashboards', 'collections', 'snippets'].map(async (kind) => [kind, await this.#list(kind)])));
  }
}

/** What was tried upon another tenant's things, who has all of them as they were. */
export async function untouched(client, tenant, tries) {
  const shelf = new Shelf(tenant);
  const before = await shelf.whole();
  await tries();
  await client.holds(`what ${tenant.slug} has is as it was`, async () => deepEqual(await shelf.whole(), before));
}
