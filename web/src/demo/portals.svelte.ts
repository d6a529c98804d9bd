/** The demo's three clients. Their tokens are short-lived: new ones are fetched before the old ones end. */

export interface Portal {
  name: string;
  slug: string;
  embed_url: string;
  portal_url: string;
  color: string;
  engine: string;
  expires_at: string;
}

export class Portals {
  list = $state.raw<Portal[]>([]);
  failed = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    let wait = 15_000;
    try {
      const response = await fetch('/demo/portals.json', { cache: 'no-store', credentials: 'omit' });
      if (!response.ok) throw new Error(String(response.status));
      this.list = (await response.json()) as Portal[];
      this.failed = false;
      wait = untilRenewal(this.list, Date.now());
    } catch {
      this.failed = this.list.length === 0;
    }
    this.#timer = setTimeout(() => void this.load(), wait);
  }
}

/** Four fifths of the shortest life that is left, in milliseconds: between ten seconds and an hour. */
export function untilRenewal(portals: Pick<Portal, 'expires_at'>[], now: number): number {
  const ends = portals.map((portal) => Date.parse(portal.expires_at)).filter((end) => !Number.isNaN(end));
  const left = ends.length > 0 ? Math.min(...ends) - now : 60_000;
  return Math.min(3_600_000, Math.max(10_000, left * 0.8));
}
