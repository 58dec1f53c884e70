import type { Socket } from 'socket.io';
import { ChannelError, type Clock, type Log } from '../../adapters/contract/index.ts';
import { Meter, type RealtimeLimits } from './limits.ts';
import { isTellable, unforeseen } from './refusal.ts';
import { tooLarge } from './wire.ts';

type Answer = (answer: unknown) => void;

/** One connection, as far as its incoming events go. Created with nothing but the socket: idle ones cost little. */
export interface InboxMember {
  readonly socket: Socket;
  /** An event is being answered: facts are held back until then, so that none overtakes the answer. */
  busy: boolean;
  /** Made at the first event. */
  meter: Meter | undefined;
  personMeter: Meter | undefined;
  waiting: [event: string, payload: unknown, answer: Answer | undefined][] | undefined;
}

export interface InboxHandling<Member> {
  handle(member: Member, event: string, payload: unknown): Promise<unknown>;
  /** The answer to a refusal in the namespace's own form. */
  refuse(member: Member, error: Error): unknown;
  /** The answer is on its way: facts held back meanwhile may follow it. */
  settled(member: Member): void;
  /** The shared meter of the person behind the connection. */
  personMeter(member: Member): Meter;
}

export interface Inbox<Member> {
  listen(member: Member): void;
}

/** Counts requests under way, so that a drain can wait for them, and turns new ones away meanwhile. */
export interface Traffic {
  underWay: number;
  closing: boolean;
  refused: number;
  handled: number;
}

/**
 * Takes in whatever a client sends: checks its form, measures its pace, runs the events of one connection
 * one after the other, answers each exactly once. Nothing thrown gets past it.
 */
export function createInbox<Member extends InboxMember>(
  handling: InboxHandling<Member>,
  { limits, clock, log, traffic }: { limits: RealtimeLimits; clock: Clock; log: Log; traffic: Traffic },
): Inbox<Member> {
  const refuse = (member: Member, answer: Answer | undefined, error: unknown) => {
    traffic.refused += 1;
    const told = isTellable(error) ? error : unforeseen(error);
    if (told !== error) log.error({ err: error }, 'a socket event failed');
    answer?.(handling.refuse(member, told));
  };

  const run = async (member: Member, event: string, payload: unknown, answer: Answer | undefined) => {
    traffic.underWay += 1;
    try {
      const result = await handling.handle(member, event, payload);
      traffic.handled += 1;
      answer?.(result);
    } catch (error) {
      refuse(member, answer, error);
    } finally {
      traffic.underWay -= 1;
      handling.settled(member);
      next(member);
    }
  };

  const start = (member: Member, ...event: [string, unknown, Answer | undefined]) => {
    run(member, ...event).catch((error: unknown) => log.error({ err: error }, 'a socket event could not be answered'));
  };

  const next = (member: Member) => {
    const event = member.waiting?.shift();
    if (event === undefined) {
      member.busy = false;
      member.waiting = undefined;
      return;
    }
    start(member, ...event);
  };

  const pace = (member: Member): 'ok' | 'drop' | number => {
    const now = clock.now();
    member.meter ??= new Meter(limits.connection, now);
    const own = member.meter.take(limits.connection, now);
    if (own !== 'ok') return own;
    member.personMeter ??= handling.personMeter(member);
    return member.personMeter.take(limits.person, now);
  };

  const take = (member: Member, args: unknown[]) => {
    const answer = typeof args.at(-1) === 'function' ? (args.pop() as Answer) : undefined;
    const verdict = pace(member);
    if (verdict === 'drop') {
      log.warn({ address: member.socket.handshake.address }, 'a connection was dropped for flooding');
      member.socket.disconnect(true);
      return;
    }
    const [event, payload] = args;
    if (verdict !== 'ok') {
      const wait = new ChannelError('CHANNEL_RATE_LIMITED', 'Too many events at once. Wait a moment.', {
        retryAfter: verdict,
      });
      return refuse(member, answer, wait);
    }
    // Symbols cannot come from the wire, so this can only be the decoder's own mark.
    if ((event as unknown) === tooLarge) {
      return refuse(member, answer, new ChannelError('CHANNEL_EVENT_TOO_LARGE', 'This event is larger than 100 kB.'));
    }
    if (typeof event !== 'string' || args.length !== 2) {
      return refuse(
        member,
        answer,
        new ChannelError('CHANNEL_EVENT_INVALID', 'An event is a name, one object and an acknowledgement.'),
      );
    }
    if (traffic.closing) return refuse(member, answer, shuttingDown());
    if (!member.busy) {
      member.busy = true;
      start(member, event, payload, answer);
      return;
    }
    member.waiting ??= [];
    if (member.waiting.length >= limits.waiting) {
      return refuse(
        member,
        answer,
        new ChannelError('CHANNEL_RATE_LIMITED', 'Too many events wait already. Wait for their answers.', {
          retryAfter: 1_000,
        }),
      );
    }
    member.waiting.push([event, payload, answer]);
  };

  return {
    listen(member) {
      // Never calling the next step keeps every event here: socket.io itself has no listener that could throw.
      member.socket.use((args) => {
        try {
          take(member, args);
        } catch (error) {
          log.error({ err: error }, 'a socket event could not be taken in');
        }
      });
    },
  };
}

/** Refusal of everything that comes while the server is closing: the same request works after reconnecting. */
export function shuttingDown(): ChannelError {
  return new ChannelError('CHANNEL_RATE_LIMITED', 'The server is restarting. Try again in a moment.', {
    retryAfter: 1_000,
  });
}
