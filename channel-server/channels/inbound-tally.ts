import type { Clock, Log } from '../../adapters/contract/index.ts';
import type { Change, Signals, UnitOfWork } from '../session/ports.ts';
import type { Channel } from './channel.ts';
import { newStatus } from './channel-status-keeper.ts';

/**
 * What the channels page says of what comes in: when the platform last reached us, what could not be used, what is
 * wrong. Gathered, so that a flood costs one write a second, and told once a minute for each kind of trouble.
 */
export interface InboundTally {
  /** A genuine delivery came. */
  heard(channel: Channel): void;
  /** Something genuine could not be used; `reason` never holds content. */
  dropped(channel: Channel, reason: string): void;
  /** A request that is not the platform's, or not for this channel. */
  refused(channel: Channel, reason: string): void;
  /** The platform says that something is wrong with the account. */
  problem(channel: Channel, text: string): void;
  /** Write what is gathered. */
  flush(): Promise<void>;
}

interface Gathered {
  channel: Channel;
  heardAt: number | null;
  dropped: number;
  problem: string | null;
  refusal: string | null;
}

/** How long notes are gathered, how often hearing alone is written, and how often the same trouble is logged, ms. */
const gathering = 1_000;
const hearing = 30_000;
const quiet = 60_000;
const longestProblem = 500;

export function createInboundTally(dependencies: {
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  log: Log;
}): InboundTally {
  const { unitOfWork, signals, clock, log } = dependencies;
  let gathered = new Map<string, Gathered>();
  const written = new Map<string, number>();
  const logged = new Map<string, { at: number; since: number }>();
  let scheduled = false;

  function note(channel: Channel): Gathered {
    let one = gathered.get(channel.id);
    if (one === undefined) {
      one = { channel, heardAt: null, dropped: 0, problem: null, refusal: null };
      gathered.set(channel.id, one);
    }
    if (!scheduled) {
      scheduled = true;
      clock.after(gathering, () => void flush());
    }
    return one;
  }

  function say(channel: Channel, kind: string, reason: string): void {
    const key = `${channel.id}\n${kind}`;
    const before = logged.get(key);
    const now = clock.now();
    if (before !== undefined && now - before.at < quiet) {
      before.since += 1;
      return;
    }
    logged.set(key, { at: now, since: 0 });
    const more = before === undefined || before.since === 0 ? {} : { unsaid: before.since };
    log.warn({ channel: channel.id, type: channel.type, reason, ...more }, kind);
  }

  async function flush(): Promise<void> {
    scheduled = false;
    const all = gathered;
    gathered = new Map();
    for (const one of all.values()) {
      const { channel } = one;
      try {
        await unitOfWork.commit(changesOf(one, clock.now()));
        if (one.heardAt !== null) written.set(channel.id, one.heardAt);
        signals.publish({ kind: 'channel-status', tenantId: channel.tenantId, channelId: channel.id });
      } catch (error) {
        log.warn({ err: error, channel: channel.id }, 'how a channel is could not be written');
      }
    }
  }

  return {
    heard(channel) {
      const now = clock.now();
      if (now - (written.get(channel.id) ?? Number.NEGATIVE_INFINITY) < hearing) return;
      note(channel).heardAt = now;
    },
    dropped(channel, reason) {
      note(channel).dropped += 1;
      say(channel, 'something a platform delivered could not be used', reason);
    },
    refused(channel, reason) {
      note(channel).refusal = reason;
      say(channel, 'a webhook request was refused', reason);
    },
    problem(channel, text) {
      note(channel).problem = text;
      say(channel, 'a platform reports a problem', text);
    },
    flush,
  };
}

function changesOf({ channel, heardAt, dropped, problem, refusal }: Gathered, now: number): Change[] {
  const where = { channelId: channel.id };
  const values = newStatus({ id: channel.id, tenantId: channel.tenantId });
  const changes: Change[] = [{ kind: 'insert', record: 'channelStatus', values, ignore: true }];
  const record = 'channelStatus';
  if (heardAt !== null) changes.push({ kind: 'update', record, where, set: { heardAt } });
  if (dropped > 0) changes.push({ kind: 'update', record, where, set: { dropped: { add: dropped } } });
  if (problem !== null) {
    changes.push({
      kind: 'update',
      record,
      where,
      set: { problem: problem.slice(0, longestProblem), problemAt: now },
    });
  }
  // Strangers knock at every address: it is worth saying while the platform itself never got through.
  if (refusal !== null) {
    changes.push({
      kind: 'update',
      record,
      where,
      expect: { heardAt: null },
      set: { problem: `A webhook request was refused: ${refusal}`.slice(0, longestProblem), problemAt: now },
    });
  }
  return changes;
}
