import { sql } from 'kysely';
import type { Clock, Log } from '../../adapters/contract/index.ts';
import type { AccountRepository } from '../access/ports.ts';
import type { ChannelRepository, DeliveryRepository, MediaFetchRepository } from '../channels/ports.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import type { FoyerError } from '../errors.ts';
import type { MediaRepository } from '../media/ports.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { SessionRepository, TimerRepository, UnitOfWork } from '../session/ports.ts';
import { createAccountRepository } from './account-repository.ts';
import { pruneKeys } from './activity-keys.ts';
import { createApplier } from './apply-changes.ts';
import { createChannelRepository } from './channel-repository.ts';
import type { Connections } from './connections.ts';
import { createCustomerRepository } from './customer-repository.ts';
import { createDeliveryRepository } from './delivery-repository.ts';
import { openEmbedded } from './embedded/open.ts';
import { createLogReader } from './log-reader.ts';
import { createMediaFetchRepository } from './media-fetch-repository.ts';
import { createMediaRepository } from './media-repository.ts';
import { openPostgres } from './postgres/open.ts';
import { createRoutingRepository } from './routing-repository.ts';
import { createSessionRepository } from './session-repository.ts';
import { createTimerRepository } from './timer-repository.ts';
import type { ObserveCommit } from './writer.ts';

export interface StorageOptions {
  /** Folder of the embedded store; made when missing. Not touched when `databaseUrl` is given. */
  dataDir: string;
  /** `postgresql://…`: keep everything there. */
  databaseUrl?: string;
  clock: Clock;
  log: Log;
  /** Told of every commit, for metrics. */
  observe?: ObserveCommit;
}

/** Everything that is kept, whichever database keeps it. */
export interface Storage {
  unitOfWork: UnitOfWork;
  sessions: SessionRepository;
  timers: TimerRepository;
  customers: CustomerRepository;
  routing: RoutingRepository;
  media: MediaRepository;
  accounts: AccountRepository;
  channels: ChannelRepository;
  deliveries: DeliveryRepository;
  mediaFetches: MediaFetchRepository;
  /**
   * Forget dedupe keys stored before `before` (ms since the epoch); answers how many. Keep them 30 days at least,
   * and 30 days longer than content.
   */
  pruneKeys(before: number): Promise<number>;
  /** Resolves when the store answers; rejects with a FoyerError STORAGE_… when it does not. */
  ready(): Promise<void>;
  /** Finish the writes that were accepted, then let go of the store. Closing again waits for the same. */
  close(): Promise<void>;
}

/**
 * Open the store and bring it to the version this code knows. Rejects with a FoyerError that says what to do:
 * STORAGE_LOCKED (another process holds the data folder), STORAGE_NEWER, STORAGE_FULL, STORAGE_UNAVAILABLE.
 */
export async function openStorage({ dataDir, databaseUrl, log, observe }: StorageOptions): Promise<Storage> {
  const connections =
    databaseUrl === undefined ? await openEmbedded(dataDir, observe) : await openPostgres(databaseUrl, log, observe);
  const { reads, writer, flavour } = connections;
  let closing: Promise<void> | undefined;
  const transactionOf = createApplier(flavour);
  const told = <R extends object>(repository: R) => tellingFailures(repository, connections.failure);
  return {
    unitOfWork: {
      commit(changes) {
        return writer.write(transactionOf(changes));
      },
    },
    sessions: told(createSessionRepository(reads, createLogReader(reads, flavour))),
    timers: told(createTimerRepository(reads, writer, flavour)),
    customers: told(createCustomerRepository(reads)),
    routing: told(createRoutingRepository(reads)),
    media: told(createMediaRepository(reads)),
    accounts: told(createAccountRepository(reads)),
    channels: told(createChannelRepository(reads)),
    deliveries: told(createDeliveryRepository(reads, writer, flavour)),
    mediaFetches: told(createMediaFetchRepository(reads, writer, flavour)),
    pruneKeys: (before) => pruneKeys(reads, writer, flavour, before),
    ready: () => answer(connections),
    close() {
      closing ??= connections.close();
      return closing;
    },
  };
}

async function answer({ reads, failure }: Connections): Promise<void> {
  try {
    await reads.selectFrom('channels').select(sql.lit(1).as('one')).limit(1).execute();
  } catch (error) {
    throw failure(error);
  }
}

/** A repository whose failed reads reject in Foyer's words, not the database driver's. */
function tellingFailures<R extends object>(repository: R, failure: (error: unknown) => FoyerError): R {
  const told: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(repository) as [string, (...args: unknown[]) => Promise<unknown>][]) {
    told[name] = (...args: unknown[]) =>
      read(...args).catch((error: unknown) => {
        throw failure(error);
      });
  }
  return told as R;
}
