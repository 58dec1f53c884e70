import { setTimeout as pause } from 'node:timers/promises';
import type { Part } from '../../adapters/contract/index.ts';
import { openStorage } from '../../channel-server/storage/open-storage.ts';
import type { FaultName, FaultSetting } from '../../demo/platforms/phone/misbehaviour.ts';
import { startServer } from '../support/server.ts';
import { silentLog } from '../support/silent-log.ts';
import { simulatedPlatforms } from '../support/simulated-platforms.ts';
import {
  companyOf,
  type SessionLog,
  type Talk,
  type TalkingAgent,
  talkingAgent,
  unlimitedDesk,
} from '../support/simulated-talk.ts';
import { fastClock, seededChance } from '../support/simulated-time.ts';

/** One message of the agent, and what became of it. */
export interface Fate {
  channelId: string;
  session: string;
  text: string;
  seq: number;
  /** As the desk shows it. */
  state: string;
  reason: string | undefined;
  /** How often it is on the phone. */
  shown: number;
  /** The platform knows a repeat by its key. */
  keyed: boolean;
  /** It was unconfirmed, if only for a while: a report of the platform may have settled it since. */
  doubted: boolean;
}

/** What came of a run in which every platform misbehaved. */
export interface Outcome {
  fates: Fate[];
  /** Texts of the company on each phone, in the order in which they came, by session. */
  phones: Map<string, string[]>;
  /** What customers wrote, with how often their session's log holds it. */
  heard: { channelId: string; text: string; stored: number }[];
  /** How often what went wrong, over all platforms. */
  happened: Record<string, number>;
  /** Wall time from the first message to the last one settled, ms. */
  took: number;
}

/** Time runs so many times as fast for server and platforms alike: pauses of minutes become seconds. */
const pace = 10;

/** What every platform does wrong all the time; times in the platforms' ms. */
const faults: Partial<Record<FaultName, FaultSetting>> = {
  late: { probability: 0.05, ms: 3_000 },
  twice: { probability: 0.05 },
  outOfOrder: { probability: 0.03 },
  rate429: { probability: 0.03 },
  fail5xx: { probability: 0.03 },
  cut: { probability: 0.03 },
  loseReply: { probability: 0.05 },
  // Both longer than the clients wait.
  slow: { probability: 0.01, ms: 12_000 },
  hang: { probability: 0.01, ms: 15_000 },
};

/** Send `messages` over all channels to phones whose platforms misbehave, and look where everything is in the end. */
export async function runChaos({ messages, seed }: { messages: number; seed: number }): Promise<Outcome> {
  const clock = fastClock(pace);
  const chance = seededChance(seed);
  const platforms = await simulatedPlatforms({ clock, chance });
  const server = await startServer({ declared: companyOf(platforms.channels), clock, realtime: unlimitedDesk });
  platforms.companyAt(server.url);
  const ids = platforms.channels.map(({ id }) => id);
  const share = Math.ceil(messages / ids.length);
  const people = Math.min(40, Math.ceil(share / 8));
  const agents = new Map<string, TalkingAgent>();
  for (const id of ids) agents.set(id, await talkingAgent(server, id, platforms.platformOf(id)));
  const agentOf = (id: string) => agents.get(id) as TalkingAgent;
  const began = performance.now();
  const talks: { id: string; talk: Talk }[] = [];
  const said: { id: string; talk: Talk; text: string; seq: number }[] = [];
  const written: { id: string; talk: Talk; text: string }[] = [];

  for (const id of ids) {
    const { ground } = platforms.platformOf(id);
    ground.limits.count = false;
    ground.misbehaviour.set(faults);
  }
  // Further apart than one attempt lasts: a token that is refused twice in a row stops a channel, and rightly so.
  let expired = 0;
  const expiring = setInterval(() => {
    for (const id of ids) platforms.platformOf(id).api.expireTokens();
    expired += 1;
  }, 4_000);

  async function converse(id: string, person: number, count: number): Promise<void> {
    // Not everybody comes at the same moment.
    await pause(person * 200);
    const agent = agentOf(id);
    const first = `${id} ${person} asks`;
    const talk = await agent.begins(first);
    talks.push({ id, talk });
    written.push({ id, talk, text: first });
    for (let sent = 0, turn = 1; sent < count; turn += 1) {
      // WeChat lets five through for each word of the customer, and so nobody gets more at once.
      const burst = Math.min(count - sent, 1 + Math.floor(chance() * 4));
      const seqs: number[] = [];
      for (let n = 0; n < burst; n += 1, sent += 1) {
        const text = `${id} ${person} answer ${sent}`;
        const seq = await agent.says(talk, text);
        said.push({ id, talk, text, seq });
        seqs.push(seq);
      }
      await Promise.all(seqs.map((seq) => agent.settled(talk.session, seq)));
      if (sent === count) return;
      const text = `${id} ${person} asks ${turn}`;
      written.push({ id, talk, text });
      await agent.hears(talk, text);
    }
  }

  try {
    await Promise.all(
      ids.flatMap((id) =>
        Array.from({ length: people }, (_, person) => {
          const count = Math.floor(share / people) + (person < share % people ? 1 : 0);
          return converse(id, person, count);
        }),
      ),
    );
    const took = performance.now() - began;
    clearInterval(expiring);
    // What platforms do late, and deliver again, comes now.
    for (const id of ids) platforms.platformOf(id).ground.misbehaviour.set({ reset: true });
    await pause(2_500);
    for (const id of ids) await platforms.platformOf(id).ground.deliveries.settled();

    const logs = new Map<string, SessionLog>();
    for (const { id, talk } of talks) logs.set(talk.session, await agentOf(id).log(talk.session));
    const phones = new Map<string, string[]>();
    for (const { id, talk } of talks) {
      const { person, session } = talk;
      const shown = platforms
        .platformOf(id)
        .ground.phone.messages(person)
        .filter(({ by }) => by === 'company');
      phones.set(
        session,
        shown.map(({ text = '' }) => text),
      );
    }
    const happened: Record<string, number> = { expireToken: expired };
    for (const id of ids) {
      for (const [name, count] of Object.entries(platforms.platformOf(id).ground.misbehaviour.happened())) {
        happened[name] = (happened[name] ?? 0) + count;
      }
    }
    await server.stop(1_000);
    const storage = await openStorage({ dataDir: server.dataDir, clock, log: silentLog() });
    try {
      const fates: Fate[] = [];
      for (const { id, talk, text, seq } of said) {
        const { session } = talk;
        const view = logs.get(session)?.deliveries.get(seq);
        const parts: { part: Part }[] = await storage.deliveries.parts(`${session}.${seq}`);
        fates.push({
          channelId: id,
          session,
          text,
          seq,
          state: view?.state ?? 'unknown to the desk',
          reason: view?.reason === undefined ? undefined : `${view.reason.kind} ${view.reason.text}`,
          shown: (phones.get(session) ?? []).filter((one) => one === text).length,
          keyed: parts.length > 0 && parts.every(({ part }) => part.key !== undefined),
          doubted: agentOf(id).doubted(session, seq),
        });
      }
      const heard = written.map(({ id, talk, text }) => ({
        channelId: id,
        text,
        stored: (logs.get(talk.session)?.activities ?? []).filter((activity) => activity.text === text).length,
      }));
      return { fates, phones, heard, happened, took };
    } finally {
      await storage.close();
    }
  } finally {
    clearInterval(expiring);
    for (const agent of agents.values()) agent.close();
    await server.remove();
    await platforms.stop();
  }
}
