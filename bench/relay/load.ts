import { quantile } from '../support/processes.ts';
import { openWire, type Wire } from '../support/wire.ts';

/**
 * The load: a closed loop with one message in flight per customer, about 200 bytes of JSON each, one agent per
 * ten customers. Runs as a process of its own on the second core.
 */
export interface LoadJob {
  url: string;
  customers: number;
  seconds: number;
  warmUpSeconds: number;
  /** Handshakes: the bare relay names an agent, Foyer a channel. */
  target: 'bare' | 'foyer';
  channel?: string;
  /** Access tokens of the agents (Foyer). */
  tokens?: string[];
}

export interface LoadResult {
  messages: number;
  perSecond: number;
  /** Acknowledgement latency, milliseconds. */
  p50: number;
  p99: number;
  /** Messages that reached agents' sockets while measuring. */
  delivered: number;
  refused: number;
}

/** Where an event's name begins in a packet of the desk's namespace. */
const eventAt = '42/desk,['.length;
const padding = 'x'.repeat(110);

/** As the widget makes them: time first, then what makes it unique. */
function clientId(customer: number, sequence: number): string {
  const unique = (customer * 1_000_000 + sequence).toString(36).padStart(8, '0');
  return `${Date.now().toString(36).padStart(9, '0')}-${unique}`;
}

const key = '"clientId":';

/** Foyer tells activities of one commit together; of those only messages carry a `clientId`. */
function messagesIn(packet: string): number {
  let count = 0;
  for (let at = packet.indexOf(key); at !== -1; at = packet.indexOf(key, at + key.length)) count += 1;
  return count;
}

async function run(job: LoadJob): Promise<LoadResult> {
  const agents = await openAgents(job);
  let delivered = 0;
  const told = job.target === 'bare' ? '"activity:added"' : '"activities:added"';
  for (const agent of agents) {
    agent.onEvent((packet) => {
      if (packet.startsWith(told, eventAt)) delivered += job.target === 'bare' ? 1 : messagesIn(packet);
      else if (packet.includes('"offer:made"')) void acceptOffer(agent, packet);
    });
  }
  const customers = await inBatches(job.customers, 50, (index) => openCustomer(job, index));
  if (job.target === 'foyer') await settle(job, customers);

  const latencies: number[] = [];
  let refused = 0;
  let counting = false;
  let stopped = false;
  let messages = 0;
  const loops = customers.map(
    (customer, index) =>
      new Promise<void>((finished) => {
        let sequence = 0;
        const next = () => {
          if (stopped) return finished();
          const started = performance.now();
          const json = `{"clientId":"${clientId(index, ++sequence)}","text":"${padding}"}`;
          customer.emitRaw('message:send', json, (packet) => {
            if (counting) {
              messages += 1;
              latencies.push(performance.now() - started);
              if (packet.startsWith('[{"ok":false')) refused += 1;
            }
            next();
          });
        };
        next();
      }),
  );
  await wait(job.warmUpSeconds);
  delivered = 0;
  counting = true;
  const started = performance.now();
  await wait(job.seconds);
  counting = false;
  const elapsed = (performance.now() - started) / 1000;
  const seen = delivered;
  stopped = true;
  await Promise.all(loops);
  for (const wire of [...customers, ...agents]) wire.close();
  return {
    messages,
    perSecond: messages / elapsed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    delivered: seen,
    refused,
  };
}

function openAgents(job: LoadJob): Promise<Wire[]> {
  return inBatches(Math.ceil(job.customers / 10), 20, async (index) => {
    if (job.target === 'bare') return openWire({ url: job.url, namespace: '/desk', auth: { agent: index } });
    const agent = await openWire({ url: job.url, namespace: '/desk', auth: { accessToken: job.tokens?.[index] } });
    await agent.request('desk:resume', { sessions: {} });
    await agent.request('state:set', { state: 'idle' });
    return agent;
  });
}

function openCustomer(job: LoadJob, index: number): Promise<Wire> {
  const auth =
    job.target === 'bare' ? { agent: Math.floor(index / 10) } : { version: 1, channel: job.channel, cursor: {} };
  return openWire({ url: job.url, namespace: '/customer', auth, origin: 'http://localhost:3000' });
}

/** Every customer writes once and its session reaches an agent before anything is measured. */
async function settle(job: LoadJob, customers: readonly Wire[]): Promise<void> {
  let assigned = 0;
  for (const customer of customers) {
    customer.onEvent((packet) => {
      if (packet.includes('"session:assigned"')) assigned += 1;
    });
  }
  for (let start = 0; start < customers.length; start += 50) {
    await Promise.all(
      customers
        .slice(start, start + 50)
        .map((customer, offset) =>
          customer.request('message:send', { clientId: `first-${start + offset}`, text: 'Hello' }),
        ),
    );
  }
  const patience = performance.now() + 60_000;
  while (assigned < customers.length) {
    if (performance.now() > patience) throw new Error(`only ${assigned} of ${job.customers} sessions were assigned`);
    await wait(0.05);
  }
}

async function acceptOffer(agent: Wire, packet: string): Promise<void> {
  const [, offer] = JSON.parse(packet.slice(packet.indexOf('[')));
  await agent.request('offer:accept', { session: offer.sessionId });
}

async function inBatches<T>(count: number, size: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let start = 0; start < count; start += size) {
    const batch = Array.from({ length: Math.min(size, count - start) }, (_, offset) => make(start + offset));
    made.push(...(await Promise.all(batch)));
  }
  return made;
}

const wait = (seconds: number) => new Promise<void>((done) => setTimeout(done, seconds * 1000));

process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.once('SIGTERM', () => process.exit(0));
process.send?.({ port: 0 });
