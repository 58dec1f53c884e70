/** Whether a channel may be written to now: as usual, by one conversation to try, not before a time, or not at all. */
export type Gate = 'open' | 'probe' | 'stopped' | { until: number };

/** Where a circuit stands, as kept with the channel's status. */
export interface CircuitState {
  circuit: 'closed' | 'open' | 'stopped';
  pausedUntil: number | null;
}

/**
 * Stops asking a platform that does not answer: after several failures in a row it pauses, longer each time, and then
 * lets one conversation through to see. `stopped` stays so until somebody resumes it.
 */
export interface Circuit {
  gate(now: number): Gate;
  /** The platform answered, whatever it said. True when the state changed. */
  succeeded(): boolean;
  /** It did not. True when the state changed. */
  failed(now: number): boolean;
  stop(): void;
  resume(): void;
  state(): CircuitState;
}

/** Failures in a row that open it. */
export const failuresToOpen = 5;
/** First and longest pause, ms. The longest stays far below the time a message may be held up. */
const pauses = { first: 2_000, longest: 30_000 };

/** `random` answers 0 to 1: nodes and channels do not come back all at once. */
export function createCircuit(
  random: () => number,
  known: CircuitState = { circuit: 'closed', pausedUntil: null },
): Circuit {
  let { circuit, pausedUntil } = known;
  let failures = 0;
  let opened = circuit === 'open' ? 1 : 0;
  return {
    gate(now) {
      if (circuit === 'closed') return 'open';
      if (circuit === 'stopped') return 'stopped';
      return pausedUntil !== null && pausedUntil > now ? { until: pausedUntil } : 'probe';
    },
    succeeded() {
      failures = 0;
      if (circuit !== 'open') return false;
      circuit = 'closed';
      pausedUntil = null;
      opened = 0;
      return true;
    },
    failed(now) {
      failures += 1;
      if (circuit === 'stopped') return false;
      // Requests that were under way when it opened say nothing new.
      if (circuit === 'open' && pausedUntil !== null && pausedUntil > now) return false;
      if (circuit === 'closed' && failures < failuresToOpen) return false;
      const pause = Math.min(pauses.longest, pauses.first * 2 ** opened);
      circuit = 'open';
      opened += 1;
      pausedUntil = now + Math.round(pause * (0.75 + random() / 4));
      return true;
    },
    stop() {
      circuit = 'stopped';
      pausedUntil = null;
    },
    resume() {
      circuit = 'closed';
      pausedUntil = null;
      failures = 0;
      opened = 0;
    },
    state: () => ({ circuit, pausedUntil }),
  };
}
