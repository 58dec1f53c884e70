import { median, startWorker } from '../support/processes.ts';
import type { WebhookJob, WebhookResult } from './load.ts';
import { platforms } from './platforms.ts';

/**
 * Webhooks accepted (verified, decoded, stored durably, answered) per second and channel, beside a bare Fastify
 * handler that only checks the signature. Server and load on one core each; the two alternate.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const connections = 64;
const servers = { bare: 'bench/adapters/servers/bare.ts', foyer: 'bench/adapters/servers/foyer.ts' };
type Contender = keyof typeof servers;

export async function adapters(): Promise<void> {
  console.log(`\n${connections} connections, one delivery of one message in flight each`);
  console.log('channel      bare /s   p99 ms   Foyer /s   p99 ms   ratio');
  for (const { type } of platforms) {
    const results: Record<Contender, WebhookResult[]> = { bare: [], foyer: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of ['bare', 'foyer'] as const) results[contender].push(await measure(contender, type));
    }
    report(type, results);
  }
}

async function measure(contender: Contender, type: string): Promise<WebhookResult> {
  const server = startWorker(servers[contender], 0);
  const load = startWorker('bench/adapters/load.ts', 1);
  try {
    const [{ port }] = await Promise.all([server.ready, load.ready]);
    const job: WebhookJob = { port, type, connections, seconds, warmUpSeconds: 1.5, from: 1 };
    const result = await load.ask<WebhookResult>(job);
    if (result.refused > 0) throw new Error(`${type}: ${contender} refused ${result.refused} deliveries`);
    return result;
  } finally {
    await Promise.all([server.stop(), load.stop()]);
  }
}

function report(type: string, results: Record<Contender, WebhookResult[]>): void {
  const middle = (contender: Contender, pick: (result: WebhookResult) => number) =>
    median(results[contender].map(pick));
  const ratios = results.foyer.map((run, round) => run.perSecond / (results.bare[round]?.perSecond ?? Number.NaN));
  const cell = (value: number, digits: number, width: number) => value.toFixed(digits).padStart(width);
  console.log(
    `${type.padEnd(12)}${cell(
      middle('bare', (r) => r.perSecond),
      0,
      8,
    )}${cell(
      middle('bare', (r) => r.p99),
      2,
      9,
    )}${cell(
      middle('foyer', (r) => r.perSecond),
      0,
      11,
    )}${cell(
      middle('foyer', (r) => r.p99),
      2,
      9,
    )}${cell(median(ratios), 2, 8)}`,
  );
}
