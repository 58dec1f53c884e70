import type { Log } from '../../adapters/contract/index.ts';
import type { Signal, Signals } from './signals.ts';

/**
 * Signals within this process: handed to every subscriber before `publish` returns, in the order of
 * subscription. A subscriber that throws, or whose promise is rejected, is logged and disturbs nobody.
 */
export function createSignalBus(log: Log): Signals {
  // Replaced, never changed: who subscribes or leaves during a signal concerns only the next one.
  let subscribers: readonly ((signal: Signal) => void)[] = [];
  const failed = (signal: Signal, error: unknown) =>
    log.error({ signal: signal.kind, error }, 'a subscriber failed at a signal');
  return {
    publish(signal) {
      for (const receive of subscribers) {
        try {
          const result: unknown = receive(signal);
          if (result instanceof Promise) result.catch((error: unknown) => failed(signal, error));
        } catch (error) {
          failed(signal, error);
        }
      }
    },
    subscribe(receive) {
      // A wrapper of its own, so that one function subscribed twice leaves once at a time.
      const subscriber = (signal: Signal) => receive(signal);
      subscribers = [...subscribers, subscriber];
      return () => {
        subscribers = subscribers.filter((other) => other !== subscriber);
      };
    },
  };
}
