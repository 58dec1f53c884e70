import type { Clock, MediaAddress } from '../../adapters/contract/index.ts';
import { createChanges } from './change.ts';

/** Signed addresses of media, asked for in batches and renewed before they end. */
export interface MediaAddresses {
  /** The address of `media:<id>` or of the bare id, when known; asking for an unknown one fetches it. */
  lookup(media: string): MediaAddress | undefined;
  /** A fact from the server: this medium is ready, or failed. */
  update(address: MediaAddress): void;
  /** Ask again for everything that is not there yet, e.g. after a reconnection. */
  refresh(): void;
  subscribe(listener: () => void): () => void;
  /** Forget all (sign-out). */
  clear(): void;
}

export interface MediaAddressesOptions {
  clock: Clock;
  /** Absolute base of relative addresses: the server's origin. */
  server: string;
  /** At most {@link batchSize} ids. What fails or is not there yet is asked for again, less and less often. */
  resolve(ids: string[]): Promise<MediaAddress[]>;
}

/** Ids in one request. */
export const batchSize = 50;
/** Addresses are renewed this long before they end, in ms. */
const renewBefore = 5 * 60_000;
/** What could not be had, or is being prepared, is asked for again after this long, then twice as long, in ms. */
const askAgainAfter = 500;
/** Then it waits for a fact from the server, a new connection, or the next time someone looks. */
const mostQuestions = 9;

export function createMediaAddresses(options: MediaAddressesOptions): MediaAddresses {
  const { clock } = options;
  const changes = createChanges();
  const known = new Map<string, MediaAddress>();
  const wanted = new Set<string>();
  /** Ids that were asked for and are not there yet → how often. */
  const asked = new Map<string, number>();
  let scheduled = false;
  let generation = 0;

  const idOf = (media: string) => media.replace(/^media:/, '').replace(/\/thumbnail$/, '');
  const absolute = (url: string) => new URL(url, options.server).href;
  const endOf = (address: MediaAddress) =>
    address.expiresAt ? Date.parse(address.expiresAt) : Number.POSITIVE_INFINITY;

  function store(address: MediaAddress): void {
    const { url, thumbnailUrl } = address;
    known.set(address.id, {
      ...address,
      ...(url !== undefined && { url: absolute(url) }),
      ...(thumbnailUrl !== undefined && { thumbnailUrl: absolute(thumbnailUrl) }),
    });
    const end = endOf(address);
    // Renewed from here, not at the next lookup: a page left open still shows pictures the next day.
    if (end !== Number.POSITIVE_INFINITY) {
      const started = generation;
      // Addresses live for an hour; a far longer time would overflow a browser's timer.
      const wait = Math.min(Math.max(10_000, end - renewBefore - clock.now()), 86_400_000);
      clock.after(wait, () => {
        if (started === generation && known.get(address.id)?.expiresAt === address.expiresAt) want(address.id);
      });
    }
  }

  function want(id: string): void {
    wanted.add(id);
    if (scheduled) return;
    scheduled = true;
    clock.after(20, () => {
      scheduled = false;
      void ask();
    });
  }

  async function ask(): Promise<void> {
    const started = generation;
    const ids = [...wanted].slice(0, batchSize);
    for (const id of ids) {
      wanted.delete(id);
      asked.set(id, (asked.get(id) ?? 0) + 1);
    }
    for (const id of wanted) want(id);
    try {
      const addresses = await options.resolve(ids);
      if (started !== generation) return;
      for (const address of addresses) {
        store(address);
        if (address.state !== 'pending') asked.delete(address.id);
      }
      changes.announce();
    } catch {
      // Not reachable: asked again like what is not there yet.
    }
    if (started !== generation) return;
    for (const id of ids) {
      const times = asked.get(id);
      if (times === undefined || times >= mostQuestions) continue;
      clock.after(askAgainAfter * 2 ** (times - 1), () => {
        if (started === generation && asked.get(id) === times) want(id);
      });
    }
  }

  return {
    subscribe: changes.subscribe,
    lookup(media) {
      const id = idOf(media);
      const address = known.get(id);
      const stale = address === undefined || endOf(address) - renewBefore < clock.now();
      if (stale && !asked.has(id)) want(id);
      return address !== undefined && endOf(address) > clock.now() ? address : undefined;
    },
    update(address) {
      store(address);
      if (address.state !== 'pending') asked.delete(address.id);
      changes.announce();
    },
    refresh() {
      const missing = [...asked.keys()];
      asked.clear();
      for (const id of missing) want(id);
      changes.announce();
    },
    clear() {
      generation += 1;
      known.clear();
      wanted.clear();
      asked.clear();
      changes.announce();
    },
  };
}
