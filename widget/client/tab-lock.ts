import type { Clock } from '../../adapters/contract/index.ts';
import type { PageStorage } from './page-storage.ts';

/** Run something in one tab at a time: resolves when it has been this tab's turn. */
export type TabLock = (name: string, run: () => Promise<void>) => Promise<void>;

/** The browser's Web Locks; where a page has none (plain http), a lease in storage. */
export function createTabLock(storage: PageStorage, clock: Clock, owner: string): TabLock {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (locks !== undefined) return async (name, run) => void (await locks.request(name, run));
  return (name, run) => withLease(name, run, { storage, clock, owner });
}

/** A lease not renewed for this long is anybody's, ms: a tab that crashed holds nobody up for longer. */
const leaseEnds = 6_000;
const renewEvery = 2_000;
/** How long a claim must stand unchallenged, ms. */
const settling = 60;

/**
 * Take turns by a lease in shared storage. Two tabs may in a rare race both hold it; what they do must bear that,
 * as sending a message with the same `clientId` does.
 */
export async function withLease(
  name: string,
  run: () => Promise<void>,
  { storage, clock, owner }: { storage: PageStorage; clock: Clock; owner: string },
): Promise<void> {
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const claim = () => storage.set(name, `${clock.now() + leaseEnds} ${owner}`);
  const holder = () => {
    const [until = '0', who = ''] = (storage.get(name) ?? '').split(' ');
    return Number(until) > clock.now() ? who : undefined;
  };
  for (;;) {
    const present = holder();
    if (present === undefined || present === owner) {
      claim();
      await wait(settling);
      if (holder() === owner) break;
    }
    await wait(renewEvery / 4);
  }
  let held = true;
  const renew = () => {
    if (!held) return;
    claim();
    clock.after(renewEvery, renew);
  };
  clock.after(renewEvery, renew);
  try {
    await run();
  } finally {
    held = false;
    if (holder() === owner) storage.remove(name);
  }
}
