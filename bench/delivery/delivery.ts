import { median, startWorker } from '../support/processes.ts';
import type { DeliveryJob, DeliveryResult } from './load.ts';

/**
 * How long a message takes from the agent to the phone (checked, stored durably, sent, shown) on six channels while a
 * seventh's platform takes connections and never answers, beside the same with all platforms well. Server and load,
 * with agents, platforms and phones, on one core each; the two alternate. WeChat is left out: it lets five messages
 * through for each of the customer's.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const seconds = Number(process.env.BENCH_SECONDS ?? 8);
const perSecond = 10;
const other = 'demo-whatsapp';
const most = 1.25;

export async function delivery(): Promise<void> {
  const healthy: DeliveryResult[] = [];
  const dead: DeliveryResult[] = [];
  for (let round = 0; round < rounds; round += 1) {
    healthy.push(await measure(false));
    dead.push(await measure(true));
  }
  console.log(
    `\n6 channels, ${perSecond} messages a second on each, ${healthy[0]?.messages} in each of ${rounds} runs`,
  );
  console.log('seventh platform      p50 ms   p99 ms      spread of p99   of its own messages arrived');
  report('healthy', healthy);
  report('never answers', dead);
  const p99 = (of: readonly DeliveryResult[]) => of.map((run) => run.p99);
  const ratio = median(p99(dead)) / median(p99(healthy));
  console.log(`p99, dead / healthy: ${ratio.toFixed(2)} (at most ${most}): ${word(ratio <= most)}`);
  const longest = Math.max(...p99(healthy));
  console.log(
    `median with the dead platform within the spread of the healthy runs: ${word(median(p99(dead)) <= longest)}`,
  );
}

async function measure(dead: boolean): Promise<DeliveryResult> {
  const load = startWorker('bench/delivery/load.ts', 1);
  try {
    const { channels } = (await load.ready) as unknown as { channels: { id: string }[] };
    const used = channels.filter(({ id }) => id !== 'demo-wechat');
    const server = startWorker('bench/delivery/servers/foyer.ts', 0, { BENCH_CHANNELS: JSON.stringify(used) });
    try {
      const { port } = await server.ready;
      const job: DeliveryJob = {
        url: `http://127.0.0.1:${port}`,
        channels: used.map(({ id }) => id),
        other,
        dead,
        perSecond,
        seconds,
        warmUpSeconds: 2,
      };
      const result = await load.ask<DeliveryResult>(job);
      if (dead && result.others > 0) throw new Error('the dead platform took messages: the figures do not count');
      return result;
    } finally {
      await server.stop();
    }
  } finally {
    await load.stop();
  }
}

function report(name: string, runs: readonly DeliveryResult[]): void {
  const p99 = runs.map((run) => run.p99);
  const cell = (value: number, width: number) => value.toFixed(1).padStart(width);
  const spread = `${Math.min(...p99).toFixed(1)} to ${Math.max(...p99).toFixed(1)}`;
  console.log(
    `${name.padEnd(18)}${cell(median(runs.map((run) => run.p50)), 10)}${cell(median(p99), 9)}${spread.padStart(19)}${String(
      median(runs.map((run) => run.others)),
    ).padStart(30)}`,
  );
}

function word(passed: boolean): string {
  return passed ? 'PASS' : 'FAIL';
}
