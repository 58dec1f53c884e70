import { median, startWorker, type Worker } from '../support/processes.ts';

/**
 * Server memory per idle visitor (connected, nothing written) beside bare socket.io with the same number of
 * sockets in a room each: RSS after garbage collection, before and after connecting.
 */
const visitors = Number(process.env.BENCH_VISITORS ?? 2000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const contenders = { bare: 'bench/relay/servers/bare.ts', foyer: 'bench/relay/servers/foyer.ts' } as const;
type Contender = keyof typeof contenders;

export async function memory(): Promise<void> {
  const perVisitor: Record<Contender, number[]> = { bare: [], foyer: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of ['bare', 'foyer'] as const) perVisitor[contender].push(await measure(contender));
  }
  console.log(`${visitors} idle visitors, median of ${rounds} runs`);
  console.log(`bare socket.io  ${(median(perVisitor.bare) / 1024).toFixed(1)} KiB each`);
  console.log(`Foyer           ${(median(perVisitor.foyer) / 1024).toFixed(1)} KiB each`);
  const ratios = perVisitor.foyer.map((bytes, round) => bytes / (perVisitor.bare[round] ?? Number.NaN));
  console.log(`Foyer / bare socket.io: ${median(ratios).toFixed(2)}`);
}

async function measure(contender: Contender): Promise<number> {
  const server = startWorker(contenders[contender], 0, { BENCH_AGENTS: '1' });
  const load = startWorker('bench/memory/visitors.ts', 1);
  try {
    const [{ port, channel }] = await Promise.all([server.ready, load.ready]);
    const url = `http://127.0.0.1:${port}`;
    // The first connections load code and fill pools that every server needs once.
    await load.ask({ url, target: contender, channel, count: 200 });
    const before = await settled(server);
    await load.ask({ url, target: contender, channel, count: visitors });
    const after = await settled(server);
    return (after - before) / visitors;
  } finally {
    await Promise.all([server.stop(), load.stop()]);
  }
}

async function settled(server: Worker): Promise<number> {
  let last = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise((done) => setTimeout(done, 500));
    last = Math.min(last, (await server.ask<{ rss: number }>({ ask: 'memory' })).rss);
  }
  return last;
}
