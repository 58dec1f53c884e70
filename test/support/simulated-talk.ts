import { randomUUID } from 'node:crypto';
import type { Activity, DeliveryView } from '../../adapters/contract/index.ts';
import type { DeskFacts } from '../../channel-server/protocol/desk.ts';
import type { Platform } from '../../demo/platforms/phone/platform.ts';
import { openDesk } from './agent-desk.ts';
import { passwordOf, smallCompany } from './server.ts';
import type { SimulatedPlatforms } from './simulated-platforms.ts';

/** A company whose one agent, `ann`, takes every customer of the simulated channels. */
export function companyOf(channels: SimulatedPlatforms['channels']) {
  return {
    tenants: [{ id: 'default', name: 'Test Ltd', capacity: 1000 }],
    queues: [{ id: 'support', name: 'Support', ringSeconds: 3600 }],
    accounts: [
      {
        login: 'ann',
        name: 'Ann',
        role: 'agent' as const,
        password: passwordOf('ann'),
        capacity: 1000,
        queues: ['support'],
      },
    ],
    channels: [...smallCompany.channels, ...channels.map((channel) => ({ ...channel, queue: 'support' }))],
  };
}

/** Without limits on how much one agent does. */
const unlimited = { perSecond: 1e9, burst: 1e9, dropAt: 1e9 };
export const unlimitedDesk = { limits: { connection: unlimited, person: unlimited } };

/** A person on their phone and the agent, in one session. */
export interface Talk {
  channelId: string;
  platform: Platform;
  person: string;
  session: string;
}

/** What the log of a session holds. */
export interface SessionLog {
  activities: Activity[];
  /** How far the company's messages have got, by `seq`. */
  deliveries: Map<number, DeliveryView>;
}

/** The agent at the desk: accepts what rings, and answers. */
export interface TalkingAgent {
  /** Somebody new writes; resolves once the agent has their session. */
  begins(channelId: string, platform: Platform, text: string): Promise<Talk>;
  /** The customer writes; resolves when the agent sees it. */
  hears(talk: Talk, text: string): Promise<void>;
  /** Write to the customer; answers the message's `seq`. @throws when it is refused. */
  says(talk: Talk, text: string): Promise<number>;
  log(session: string): Promise<SessionLog>;
  /** Whether the desk ever showed this message as unconfirmed. */
  doubted(session: string, seq: number): boolean;
  /** Resolves when nothing of the session is still to be sent. */
  settled(session: string): Promise<void>;
  close(): void;
}

const patience = 30_000;

export async function talkingAgent(server: { url: string }): Promise<TalkingAgent> {
  const desk = await openDesk(server, 'ann');
  const idle = await desk.ask('state:set', { state: 'idle' });
  if (!idle.ok) throw new Error(`not idle: ${idle.error.code}`);
  const taken = new Map<string, (session: string) => void>();
  const heard = new Map<string, () => void>();
  const stirred = new Map<string, () => void>();
  const doubts = new Set<string>();

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
    if (delivery.state === 'unconfirmed') doubts.add(`${session}.${delivery.seq}`);
    stirred.get(session)?.();
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
    async begins(channelId, platform, text) {
      const person = platform.newPerson().id;
      const session = within(taken, text, `${channelId}: no session of "${text}"`);
      platform.act(person, { do: 'text', text });
      return { channelId, platform, person, session: await session };
    },
    async hears({ channelId, platform, person }, text) {
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
    async settled(session) {
      for (;;) {
        const stir = new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 2_000);
          stirred.set(session, () => {
            clearTimeout(timer);
            resolve();
          });
        });
        const { deliveries } = await log(session);
        if ([...deliveries.values()].every(({ state }) => state !== 'queued' && state !== 'sending')) return;
        await stir;
      }
    },
    close: () => desk.close(),
  };
}
