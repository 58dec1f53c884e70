import { openWire, type Wire } from '../support/wire.ts';

/** Connects visitors that stay and say nothing. */
const open: Wire[] = [];

process.on('message', (job: { url: string; target: 'bare' | 'foyer'; channel?: string; count: number }) => {
  connect(job).then(
    () => process.send?.({ connected: open.length }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function connect(job: { url: string; target: 'bare' | 'foyer'; channel?: string; count: number }): Promise<void> {
  for (let made = 0; made < job.count; made += 50) {
    const batch = Array.from({ length: Math.min(50, job.count - made) }, (_, index) =>
      openWire({
        url: job.url,
        namespace: '/customer',
        auth: job.target === 'bare' ? { agent: made + index } : { version: 1, channel: job.channel, cursor: {} },
        origin: 'http://localhost:3000',
      }),
    );
    open.push(...(await Promise.all(batch)));
  }
}

process.once('SIGTERM', () => process.exit(0));
process.send?.({ port: 0 });
