import { Agent, request } from 'node:http';
import { quantile } from '../support/processes.ts';
import { type Delivery, platforms } from './platforms.ts';

/** The load: a closed loop of deliveries over kept-open connections, each a new message. */
export interface WebhookJob {
  port: number;
  type: string;
  connections: number;
  seconds: number;
  warmUpSeconds: number;
  /** Numbers from here on: no message is sent twice. */
  from: number;
}

export interface WebhookResult {
  perSecond: number;
  /** Until the answer, milliseconds. */
  p50: number;
  p99: number;
  /** Answers that were no 2xx. */
  refused: number;
  next: number;
}

async function run(job: WebhookJob): Promise<WebhookResult> {
  const platform = platforms.find(({ type }) => type === job.type);
  if (platform === undefined) throw new Error(`There is no platform "${job.type}".`);
  const agent = new Agent({ keepAlive: true, maxSockets: job.connections });
  const latencies: number[] = [];
  let n = job.from;
  let refused = 0;
  let counting = false;
  let stopped = false;
  const loops = Array.from({ length: job.connections }, async () => {
    while (!stopped) {
      const delivery = platform.delivery(n);
      n += 1;
      const started = performance.now();
      const status = await post(job.port, job.type, delivery, agent);
      if (!counting) continue;
      latencies.push(performance.now() - started);
      if (status < 200 || status > 299) refused += 1;
    }
  });
  await wait(job.warmUpSeconds);
  counting = true;
  const started = performance.now();
  await wait(job.seconds);
  counting = false;
  const elapsed = (performance.now() - started) / 1000;
  stopped = true;
  await Promise.all(loops);
  agent.destroy();
  return {
    perSecond: latencies.length / elapsed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    refused,
    next: n,
  };
}

function post(port: number, type: string, { path, headers, body }: Delivery, agent: Agent): Promise<number> {
  return new Promise((done, fail) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: 'POST',
        path: `/webhooks/${type}${path}`,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () => done(response.statusCode ?? 0));
      },
    );
    sent.once('error', fail);
    sent.end(body);
  });
}

const wait = (seconds: number) => new Promise<void>((done) => setTimeout(done, seconds * 1000));

process.on('message', (job: WebhookJob) => {
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
