import { median, startWorker } from '../support/processes.ts';
import type { LoadJob, LoadResult } from './load.ts';

/**
 * The whole pipeline (customer → checked → stored durably → agent's socket → ack) beside a bare socket.io relay
 * of the same shape, and beside that relay with one durable insert and nothing else. Server and load on one core
 * each; the three alternate, so that other work on the machine hits all of them; ratios are medians of ratios.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 4);
const contenders = ['bare', 'durable', 'foyer'] as const;
type Contender = (typeof contenders)[number];

export async function relay(): Promise<void> {
  for (const customers of [100, 1000]) {
    const results: Record<Contender, LoadResult[]> = { bare: [], durable: [], foyer: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of contenders) results[contender].push(await measure(contender, customers));
    }
    report(customers, results);
  }
}

async function measure(contender: Contender, customers: number): Promise<LoadResult> {
  const script = contender === 'foyer' ? 'bench/relay/servers/foyer.ts' : 'bench/relay/servers/bare.ts';
  const server = startWorker(script, 0, { FLOOR: contender, BENCH_AGENTS: String(Math.ceil(customers / 10)) });
  const load = startWorker('bench/relay/load.ts', 1);
  try {
    const [{ port, tokens, channel }] = await Promise.all([server.ready, load.ready]);
    const job: LoadJob = {
      url: `http://127.0.0.1:${port}`,
      customers,
      seconds,
      warmUpSeconds: 1.5,
      target: contender === 'foyer' ? 'foyer' : 'bare',
      ...(contender === 'foyer' ? { tokens: tokens as string[], channel: channel as string } : {}),
    };
    return await load.ask<LoadResult>(job);
  } finally {
    await Promise.all([server.stop(), load.stop()]);
  }
}

function report(customers: number, results: Record<Contender, LoadResult[]>): void {
  console.log(`\n${customers} customers, ${Math.ceil(customers / 10)} agents, one message in flight each`);
  console.log('server                   msg/s    p50 ms   p99 ms   reached agents');
  const names = { bare: 'bare socket.io relay', durable: '… with durable insert', foyer: 'Foyer' };
  for (const contender of contenders) {
    const runs = results[contender];
    const middle = (pick: (result: LoadResult) => number) => median(runs.map(pick));
    console.log(
      `${names[contender].padEnd(22)}${middle((r) => r.perSecond)
        .toFixed(0)
        .padStart(8)}` +
        `${middle((r) => r.p50)
          .toFixed(2)
          .padStart(10)}${middle((r) => r.p99)
          .toFixed(2)
          .padStart(9)}` +
        `${((100 * middle((r) => r.delivered)) / middle((r) => r.messages)).toFixed(0).padStart(14)} %`,
    );
  }
  for (const floor of ['bare', 'durable'] as const) {
    const ratios = results.foyer.map((run, round) => run.perSecond / (results[floor][round]?.perSecond ?? Number.NaN));
    console.log(`Foyer / ${names[floor].replace('… ', 'relay ')}: ${median(ratios).toFixed(2)}`);
  }
  const refused = results.foyer.reduce((sum, run) => sum + run.refused, 0);
  if (refused > 0) throw new Error(`${refused} messages were refused: the figures above do not count`);
}
