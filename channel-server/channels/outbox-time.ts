import { type Clock, SendFailure } from '../../adapters/contract/index.ts';

/** A client that does not heed its signal is not waited for any longer, ms. */
const grace = 5_000;

/**
 * Give `run` a signal that fires after `time` ms, or when `ending` does. What goes on regardless is left alone a little
 * later: rejects with `unknown`.
 */
export async function withinTime<T>(
  { clock, ending }: { clock: Clock; ending: AbortSignal },
  time: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancels: (() => void)[] = [];
  const abort = () => controller.abort(new DOMException('The time for it is over.', 'TimeoutError'));
  const deaf = new Promise<never>((_resolve, reject) => {
    const late = () => reject(new SendFailure('unknown', 'The platform did not answer in time.'));
    cancels.push(clock.after(time + grace, late));
  });
  cancels.push(clock.after(time, abort));
  ending.addEventListener('abort', abort, { once: true });
  if (ending.aborted) abort();
  try {
    return await Promise.race([run(controller.signal), deaf]);
  } finally {
    for (const cancel of cancels) cancel();
    ending.removeEventListener('abort', abort);
  }
}
