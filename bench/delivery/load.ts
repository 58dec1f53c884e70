import { setTimeout as pause } from 'node:timers/promises';
import { simulatedPlatforms } from '../../test/support/simulated-platforms.ts';
import { type Talk, type TalkingAgent, talkingAgent } from '../../test/support/simulated-talk.ts';
import { quantile } from '../support/processes.ts';

export interface DeliveryJob {
  url: string;
  /** Channels that are written to. */
  channels: string[];
  /** The one of them that is not measured. */
  other: string;
  /** Whether its platform takes connections and never answers. */
  dead: boolean;
  /** Messages a second on each channel. */
  perSecond: number;
  seconds: number;
  warmUpSeconds: number;
}

/** Of the measured channels: from the agent's send to the phone having the message, ms. */
export interface DeliveryResult {
  messages: number;
  p50: number;
  p99: number;
  /** On the phones of the channel that is not measured. */
  others: number;
}

const peoplePerChannel = 10;
/** How long to wait for the last messages, ms. */
const stragglers = 30_000;

/** Platforms with their phones, and agents who write at a steady rate whatever comes of it. */
const platforms = await simulatedPlatforms();
process.send?.({ port: 0, channels: platforms.channels });
process.once('message', async (job: DeliveryJob) => process.send?.(await run(job)));
process.once('SIGTERM', () => process.exit(0));

async function run(job: DeliveryJob): Promise<DeliveryResult> {
  const { channels, other, perSecond } = job;
  platforms.companyAt(job.url);
  const agents = new Map<string, TalkingAgent>();
  const arrivals = new Map<string, number>();
  const talks = new Map<string, Talk[]>();
  await Promise.all(
    channels.map(async (id) => {
      const platform = platforms.platformOf(id);
      platform.ground.limits.count = false;
      platform.ground.phone.listen((event) => {
        if (event.type !== 'message' || event.message.by !== 'company') return;
        const { text = '' } = event.message;
        if (!arrivals.has(text)) arrivals.set(text, performance.now());
      });
      const agent = await talkingAgent({ url: job.url }, id, platform);
      agents.set(id, agent);
      const begin = (person: number) => agent.begins(`${id} ${person} asks`);
      talks.set(id, await Promise.all(Array.from({ length: peoplePerChannel }, (_, person) => begin(person))));
    }),
  );
  if (job.dead) platforms.platformOf(other).ground.misbehaviour.set({ hang: { ms: 600_000 } });

  const sent = new Map<string, { id: string; at: number }>();
  const answers: Promise<unknown>[] = [];
  const rounds = Math.round((job.warmUpSeconds + job.seconds) * perSecond);
  const began = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, id] of channels.entries()) {
      const due = began + ((round + index / channels.length) * 1000) / perSecond;
      const early = due - performance.now();
      if (early > 1) await pause(early);
      const talk = talks.get(id)?.[round % peoplePerChannel] as Talk;
      const text = `${id} answer ${round}`;
      sent.set(text, { id, at: performance.now() });
      answers.push((agents.get(id) as TalkingAgent).says(talk, text));
    }
  }
  await Promise.all(answers);
  const missing = () => [...sent].some(([text, { id }]) => id !== other && !arrivals.has(text));
  for (let waited = 0; waited < stragglers && missing(); waited += 100) await pause(100);

  const measuredFrom = began + job.warmUpSeconds * 1000;
  const latencies: number[] = [];
  let others = 0;
  for (const [text, { id, at }] of sent) {
    const arrived = arrivals.get(text);
    if (id === other) {
      if (arrived !== undefined) others += 1;
      continue;
    }
    if (arrived === undefined) throw new Error(`"${text}" did not arrive: the figures do not count`);
    if (at >= measuredFrom) latencies.push(arrived - at);
  }
  return { messages: latencies.length, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), others };
}
