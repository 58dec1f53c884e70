import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Activity, DeliveryView } from '../../adapters/contract/index.ts';
import type { DeskFacts } from '../../channel-server/protocol/desk.ts';
import type { Platform } from '../../demo/platforms/phone/platform.ts';
import { openDesk } from './agent-desk.ts';
import { passwordOf } from './server.ts';
import type { SimulatedPlatforms } from './simulated-platforms.ts';

/** A company with a queue for each simulated channel, and one agent in it who takes everybody. */
export function companyOf(channels: SimulatedPlatforms['channels']) {
  return {
    tenants: [{ id: 'default', name: 'Test Ltd', capacity: 1000 }],
    queues: channels.map(({ id, name }) => ({ id, name, ringSeconds: 3600 })),
    accounts: channels.map(({ id, name }) => ({
      login: id,
      name,
      role: 'agent' as const,
      password: passwordOf(id),
      capacity: 1000,
      queues: [id],
    })),
    channels: channels.map((channel) => ({ ...channel, queue: channel.id })),
  };
}

/** Without limits on how much one agent does. */
const unlimited = { perSecond: 1e9, burst: 1e9, dropAt: 1e9 };
export const unlimitedDesk = { limits: { connection: unlimited, person: unlimited, waiting: 1e6 } };

/** A person on their phone and the agent, in one session. */
export interface Talk {
  person: string;
  session: string;
}

/** What the log of a session holds. */
export interface SessionLog {
  activities: Activity[];
  /** How far the company's messages have got, by `seq`. */
  deliveries: Map<number, DeliveryView>;
}

/** The agent of one channel at the desk: accepts what rings, and answers. */
export interface TalkingAgent {
  /** Somebody new writes; resolves once the agent has their session. */
  begins(text: string): Promise<Talk>;
  /** The customer writes; resolves when the agent sees it. */
  hears(talk: Talk, text: string): Promise<void>;
  /** Write to the customer; answers the message's `seq`. @throws when it is refused. */
  says(talk: Talk, text: string): Promise<number>;
  log(session: string): Promise<SessionLog>;
  /** Whether the desk ever showed this message as unconfirmed. */
  doubted(session: string, seq: number): boolean;
  /** Resolves when this message is not to be sent any more. */
  settled(session: string, seq: number): Promise<void>;
  close(): void;
}

const patience = 60_000;
const isOpen = (state: string | undefined) => state === undefined || state === 'queued' || state === 'sending';

export async function talkingAgent(
  server: { url: string },
  channelId: string,
  platform: Platform,
): Promise<TalkingAgent> {
  const desk = await openDesk(server, channelId);
  const idle = await desk.ask('state:set', { state: 'idle' });
  if (!idle.ok) throw new Error(`not idle: ${idle.error.code}`);
  const taken = new Map<string, (session: string) => void>();
  const heard = new Map<string, () => void>();
  const states = new Map<string, string>();
  const settling = new Map<string, () => void>();
  const doubts = new Set<string>();
  const people = new Set<string>();

  desk.socket.on('offer:made', async ({ sessionId: session }: DeskFacts['offer:made']) => {
    const accepted = await desk.ask('offer:accept', { session });
    if (!accepted.ok) throw new Error(`not accepted: ${accepted.error.code}`);
    const { activities } = await log(session);
    for (const { text = '' } of activities) taken.get(text)?.(session);
  });
  desk.socket.on('activities:added', ({ items }: DeskFacts['activities:added']) => {
    for (const { activity } of items) heard.get(activity.text ?? '')?.();
  });
  desk.socket.on('delivery:changed', ({ session, delivery }: DeskFacts['delivery:changed']) => {
    const id = `${session}.${delivery.seq}`;
    if (delivery.state === 'unconfirmed') doubts.add(id);
    states.set(id, delivery.state);
    if (!isOpen(delivery.state)) settling.get(id)?.();
  });

  async function log(session: string): Promise<SessionLog> {
    const read: SessionLog = { activities: [], deliveries: new Map() };
    for (let after = 0; ; ) {
      const page = await desk.ask('activities:read', { session, after, limit: 200 });
      if (!page.ok) throw new Error(`not read: ${page.error.code}`);
      read.activities.push(...page.items.map(({ activity }) => activity));
      for (const view of page.deliveries ?? []) read.deliveries.set(view.seq, view);
      if (page.items.length < 200) return read;
      after = page.items.at(-1)?.activity.seq ?? page.upto;
    }
  }

  /** Wait for what `register` puts into `map`. */
  function within<Value>(map: Map<string, (value: Value) => void>, key: string, what: string): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      const overdue = setTimeout(() => reject(new Error(`${what}: waited ${patience / 1000} s`)), patience);
      map.set(key, (value) => {
        clearTimeout(overdue);
        map.delete(key);
        resolve(value);
      });
    });
  }

  return {
    async begins(text) {
      let person = platform.newPerson().id;
      // Made-up phone numbers are few: some are given twice.
      while (people.has(person)) person = platform.newPerson().id;
      people.add(person);
      const session = within(taken, text, `${channelId}: no session of "${text}"`);
      platform.act(person, { do: 'text', text });
      return { person, session: await session };
    },
    async hears({ person }, text) {
      const seen = within(heard, text, `${channelId}: "${text}" did not come`);
      platform.act(person, { do: 'text', text });
      await seen;
    },
    async says({ session }, text) {
      const sent = await desk.ask('message:send', { session, clientId: randomUUID(), text, audience: 'all' });
      if (!sent.ok) throw new Error(`"${text}" was refused: ${sent.error.code} ${sent.error.message}`);
      return sent.activity.seq;
    },
    log,
    doubted: (session, seq) => doubts.has(`${session}.${seq}`),
    async settled(session, seq) {
      const id = `${session}.${seq}`;
      while (isOpen(states.get(id))) {
        const told = new Promise<void>((resolve) => settling.set(id, resolve));
        // A fact may be lost; the log holds the truth.
        const looked = pause(5_000).then(async () => {
          if (!isOpen(states.get(id))) return;
          const view = (await log(session)).deliveries.get(seq);
          if (view !== undefined) states.set(id, view.state);
        });
        await Promise.race([told, looked]);
      }
      settling.delete(id);
    },
    close: () => desk.close(),
  };
}
