import { type Clock, type Log, MediaFailure } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { Change, Signals, UnitOfWork } from '../session/ports.ts';
import type { MediaFetch } from './channel-status.ts';
import type { ClientOf } from './clients-of.ts';
import type { MediaFetchRepository } from './ports.ts';

/** Fetches customers' files from their platforms into the media cache. */
export interface MediaFetcher {
  /** Take up what is due, from before a restart too. */
  start(): void;
  /** There is something new. */
  wake(): void;
  /** Take nothing new; resolves when what runs is done. */
  stop(): Promise<void>;
}

/** Times in ms. */
export interface MediaFetchTimes {
  /** Somebody who dies holds a file up for so long at most; nothing takes longer. */
  lease: number;
  /** How often rows are looked for that nobody woke us for: another node's. */
  sweep: number;
  /** The first wait after a failure; it doubles up to the longest. */
  firstWait: number;
  longestWait: number;
  /** When nobody tries any more. */
  giveUpAfter: number;
}

const defaultTimes: MediaFetchTimes = {
  lease: 10 * 60_000,
  sweep: 30_000,
  firstWait: 5_000,
  longestWait: 30 * 60_000,
  giveUpAfter: 24 * 60 * 60_000,
};
/** Files fetched at once: of one channel, so that a slow platform holds up its own only, and claimed at all. */
const atOnceOfChannel = 3;
const mostClaimed = 200;

/** How long a file of a channel without client waits, ms. */
const idleWait = 60_000;

const gone = 'The platform no longer has this file.';
const late = 'The platform did not give out this file.';

export function createMediaFetcher(dependencies: {
  fetches: MediaFetchRepository;
  mediaCache: Pick<MediaCache, 'fill' | 'find'>;
  clientOf: ClientOf;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  log: Log;
  /** From 0 to 1: spreads what failed together. */
  random?: () => number;
  times?: Partial<MediaFetchTimes>;
}): MediaFetcher {
  const { fetches, mediaCache, clientOf, unitOfWork, signals, clock, log, random = Math.random } = dependencies;
  const times = { ...defaultTimes, ...dependencies.times };
  const lanes = new Map<string, { running: number; waiting: MediaFetch[] }>();
  const working = new Set<Promise<void>>();
  let claimed = 0;
  let looking: Promise<void> | undefined;
  let again = false;
  let cancel = () => {};
  let stopped = false;
  let halt = (_reason: Error) => {};
  const halted = new Promise<never>((_resolve, reject) => {
    halt = reject;
  });
  halted.catch(() => undefined);

  /** Claim what is due; then wait for what is due next. */
  async function look(): Promise<void> {
    const now = clock.now();
    const room = mostClaimed - claimed;
    if (room > 0) for (const fetch of await fetches.claim(now, now + times.lease, room)) queue(fetch);
    const due = await fetches.nextDue();
    const wait = due === undefined ? times.sweep : Math.min(Math.max(due - clock.now(), 0), times.sweep);
    cancel();
    // With no room left, whatever finishes looks again.
    if (!stopped && claimed < mostClaimed) cancel = clock.after(wait, wake);
  }

  function wake(): void {
    if (stopped) return;
    if (looking !== undefined) {
      again = true;
      return;
    }
    looking = look()
      .catch((error: unknown) => {
        log.warn({ err: error }, 'files to be fetched could not be read; tried again');
        cancel();
        if (!stopped) cancel = clock.after(times.sweep, wake);
      })
      .finally(() => {
        looking = undefined;
        if (!again) return;
        again = false;
        wake();
      });
  }

  function queue(fetch: MediaFetch): void {
    claimed += 1;
    const lane = lanes.get(fetch.channelId) ?? { running: 0, waiting: [] };
    lanes.set(fetch.channelId, lane);
    lane.waiting.push(fetch);
    next(fetch.channelId);
  }

  function next(channelId: string): void {
    const lane = lanes.get(channelId);
    if (lane === undefined || lane.running >= atOnceOfChannel) return;
    const fetch = lane.waiting.shift();
    if (fetch === undefined) {
      if (lane.running === 0) lanes.delete(channelId);
      return;
    }
    lane.running += 1;
    const work = run(fetch)
      .catch((error: unknown) => {
        log.warn({ err: error, mediaId: fetch.id }, 'a file could not be taken in; it is tried again');
      })
      .finally(() => {
        working.delete(work);
        lane.running -= 1;
        claimed -= 1;
        next(channelId);
        if (claimed === mostClaimed - 1) wake();
      });
    working.add(work);
  }

  async function run(fetch: MediaFetch): Promise<void> {
    const { id, channelId } = fetch;
    // It waited in its lane until somebody else may have it.
    if (stopped || clock.now() >= (fetch.leaseUntil ?? 0)) return;
    const client = clientOf(channelId);
    if (client?.fetch === undefined) return later(fetch, idleWait, 'the channel does not run');
    try {
      const state = await within(fetch, async () => {
        const file = await client.fetch?.(fetch.reference);
        if (file === undefined) return undefined;
        const { name, contentType, stream } = file;
        return mediaCache.fill(id, stream, {
          ...(name === undefined ? {} : { name }),
          ...(contentType === undefined ? {} : { contentType }),
        });
      });
      log.debug({ mediaId: id, channel: channelId, state }, 'a customer’s file was fetched');
      await done(fetch, []);
    } catch (error) {
      if (error instanceof MediaFailure && error.kind === 'gone') return fail(fetch, 'failed', gone);
      if (error instanceof MediaFailure && error.kind === 'refused') return fail(fetch, 'quarantined', error.message);
      if (error instanceof FoyerError && error.code.startsWith('STORAGE_')) throw error;
      const after = error instanceof MediaFailure ? error.after : undefined;
      return later(fetch, after, error instanceof Error ? error.message : String(error));
    }
  }

  /** What takes longer than its lease is somebody else's. */
  function within<T>({ leaseUntil }: MediaFetch, work: () => Promise<T>): Promise<T> {
    const left = Math.max(0, (leaseUntil ?? 0) - clock.now() - times.lease / 10);
    let stop = () => {};
    const over = new Promise<never>((_resolve, reject) => {
      stop = clock.after(left, () => reject(new MediaFailure('later', 'it took too long')));
    });
    return Promise.race([work(), over, halted]).finally(stop);
  }

  async function done({ id, tenantId, sessionId }: MediaFetch, changes: readonly Change[]): Promise<void> {
    await unitOfWork.commit([...changes, { kind: 'remove', record: 'mediaFetch', where: { id } }]);
    signals.publish({ kind: 'media', tenantId, sessionId, mediaId: id });
  }

  async function fail(fetch: MediaFetch, state: 'failed' | 'quarantined', hint: string): Promise<void> {
    const { id, channelId } = fetch;
    log.info({ mediaId: id, channel: channelId, hint }, 'a customer’s file is not to be had');
    await done(fetch, [
      { kind: 'update', record: 'media', where: { id }, expect: { state: 'pending' }, set: { state, hint } },
    ]);
  }

  async function later(fetch: MediaFetch, after: number | undefined, why: string): Promise<void> {
    const { id, channelId, attempts, createdAt, leaseUntil } = fetch;
    const now = clock.now();
    const wait = after ?? Math.min(times.firstWait * 2 ** attempts, times.longestWait) * (0.5 + random());
    if (now + wait > createdAt + times.giveUpAfter) return fail(fetch, 'failed', late);
    log.info({ mediaId: id, channel: channelId, attempts, why }, 'a customer’s file is fetched later');
    await unitOfWork.commit([
      {
        kind: 'update',
        record: 'mediaFetch',
        where: { id },
        expect: { leaseUntil },
        set: { attempts: attempts + 1, dueAt: Math.ceil(now + wait), leaseUntil: null },
      },
    ]);
    wake();
  }

  return {
    start: wake,
    wake,
    async stop() {
      stopped = true;
      cancel();
      await looking;
      // A platform that takes its time is asked again after the next start.
      halt(new MediaFailure('later', 'the server stops', { after: 0 }));
      await Promise.all(working);
    },
  };
}
