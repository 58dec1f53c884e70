import type { AdapterHost } from '../contract/index.ts';

/** An answer in time (ms) and before the signal, or a rejection. What runs is not ended by it. */
export function within<Answer>(
  host: Pick<AdapterHost, 'clock'>,
  ms: number,
  run: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('no answer in time'));
    const cancel = host.clock.after(ms, end);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted === true) end();
    run()
      .then(resolve, reject)
      .finally(() => {
        cancel();
        signal?.removeEventListener('abort', end);
      });
  });
}
