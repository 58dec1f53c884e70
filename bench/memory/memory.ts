import { median, startWorker, type Worker } from '../support/processes.ts';

/**
 * Server memory per idle visitor (connected, nothing written) beside bare socket.io with the same number of
 * sockets: what is in use after garbage collection (heap, buffers and what lies outside both), before and after
 * connecting. RSS is shown too; it flatters a server whose start-up left free pages behind, and so decides nothing.
 */
const visitors = Number(process.env.BENCH_VISITORS ?? 2000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const contenders = { bare: 'bench/relay/servers/bare.ts', foyer: 'bench/relay/servers/foyer.ts' } as const;
type Contender = keyof typeof contenders;
const names: Record<Contender, string> = { bare: 'bare socket.io', foyer: 'Foyer' };

/** Bytes. */
interface Memory {
  used: number;
  rss: number;
}

export async function memory(): Promise<void> {
  const perVisitor: Record<Contender, Memory[]> = { bare: [], foyer: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of ['bare', 'foyer'] as const) perVisitor[contender].push(await measure(contender));
  }
  console.log(`${visitors} idle visitors, median of ${rounds} runs, KiB each`);
  console.log('server            in use     RSS');
  for (const contender of ['bare', 'foyer'] as const) {
    const kib = (pick: keyof Memory) => (median(perVisitor[contender].map((run) => run[pick])) / 1024).toFixed(1);
    console.log(`${names[contender].padEnd(16)}${kib('used').padStart(8)}${kib('rss').padStart(8)}`);
  }
  const ratios = perVisitor.foyer.map((run, round) => run.used / (perVisitor.bare[round]?.used ?? Number.NaN));
  console.log(`Foyer / bare socket.io: ${median(ratios).toFixed(2)}`);
}

async function measure(contender: Contender): Promise<Memory> {
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
    return { used: (after.used - before.used) / visitors, rss: (after.rss - before.rss) / visitors };
  } finally {
    await Promise.all([server.stop(), load.stop()]);
  }
}

async function settled(server: Worker): Promise<Memory> {
  let least: Memory = { used: Number.POSITIVE_INFINITY, rss: Number.POSITIVE_INFINITY };
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise((done) => setTimeout(done, 500));
    const now = await server.ask<Memory>({ ask: 'memory' });
    least = { used: Math.min(least.used, now.used), rss: Math.min(least.rss, now.rss) };
  }
  return least;
}
