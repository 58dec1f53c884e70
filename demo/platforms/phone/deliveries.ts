import type { Misbehaviour } from './misbehaviour.ts';
import type { Phone } from './phone.ts';
import type { World } from './world.ts';

/** One request of the platform to the company. */
export interface DeliveryRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: Buffer;
}

export interface DeliveryAnswer {
  status: number;
  body: string;
}

export interface Delivery {
  /** Deliveries of one conversation go out in order (their first attempts). */
  conversation: string;
  /** Make and sign it. `attempt` counts from 1. */
  make(attempt: number): DeliveryRequest;
  /** It was taken, or given up. Called once. */
  done?(taken: boolean, answer: DeliveryAnswer | undefined): void;
}

/** How a platform treats a company that does not answer well. */
export interface RetryPolicy {
  /** Longest wait for an answer, ms. */
  timeout: number;
  /** Waits before the second, third … attempt, ms. */
  waits: readonly number[];
  /** Default: any 2xx. */
  accepts?(answer: DeliveryAnswer): boolean;
}

export interface Deliveries {
  send(delivery: Delivery): void;
  /** One request outside the queue: a challenge. Undefined: no answer. */
  call(request: DeliveryRequest): Promise<DeliveryAnswer | undefined>;
  /** Resolves when nothing is under way but later attempts. */
  settled(): Promise<void>;
  /** How many wait for another attempt. */
  retrying(): number;
  /** Send nothing more. */
  stop(): void;
}

/** The platform's webhook sender: signs, retries, and misbehaves on command. */
export function createDeliveries(
  policy: RetryPolicy,
  { world, phone, misbehaviour }: { world: World; phone: Phone; misbehaviour: Misbehaviour },
): Deliveries {
  const { accepts = ({ status }) => status >= 200 && status < 300 } = policy;
  const tails = new Map<string, Promise<void>>();
  const retries = new Set<() => void>();
  const stopping = new AbortController();
  let held: (() => void) | undefined;
  const wait = (ms: number) => new Promise<void>((resolve) => void world.after(ms, resolve));

  async function call(request: DeliveryRequest, note?: string): Promise<DeliveryAnswer | undefined> {
    const { method, url, headers, body } = request;
    const { pathname } = new URL(url);
    const log = (status: number, said?: string) =>
      phone.log({ direction: 'out', method, path: pathname, status, ...(said === undefined ? {} : { note: said }) });
    try {
      const response = await world.fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(policy.timeout)]),
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      });
      const answer = { status: response.status, body: (await response.text()).slice(0, 100_000) };
      log(answer.status, note);
      return answer;
    } catch {
      if (!stopping.signal.aborted) log(0, note ?? 'no answer');
      return undefined;
    }
  }

  async function attempt(delivery: Delivery, number: number): Promise<void> {
    if (stopping.signal.aborted) return;
    const made = delivery.make(number);
    const tampered = made.body !== undefined && misbehaviour.takes('tampered') !== undefined;
    const request = tampered
      ? { ...made, body: Buffer.concat([made.body ?? Buffer.alloc(0), Buffer.from(' ')]) }
      : made;
    const answer = await call(request, tampered ? 'changed after it was signed' : undefined);
    if (answer !== undefined && accepts(answer)) {
      delivery.done?.(true, answer);
      return;
    }
    const next = policy.waits[number - 1];
    if (next === undefined || stopping.signal.aborted) {
      delivery.done?.(false, answer);
      return;
    }
    const cancel = world.after(next, () => {
      retries.delete(cancel);
      void attempt(delivery, number + 1);
    });
    retries.add(cancel);
  }

  /** Let the delivery that was held back go: one has overtaken it. */
  function release(): void {
    const go = held;
    held = undefined;
    go?.();
  }

  async function first(delivery: Delivery): Promise<void> {
    const late = misbehaviour.takes('late');
    if (late) await wait(late.ms ?? 3_000);
    const twice = misbehaviour.takes('twice') !== undefined;
    await attempt(delivery, 1);
    if (twice) await attempt({ conversation: delivery.conversation, make: delivery.make }, 1);
    release();
  }

  function queue(delivery: Delivery): void {
    const { conversation } = delivery;
    const tail = (tails.get(conversation) ?? Promise.resolve())
      .then(() => first(delivery))
      .then(() => void (tails.get(conversation) === tail && tails.delete(conversation)));
    tails.set(conversation, tail);
  }

  return {
    send(delivery) {
      if (stopping.signal.aborted) return;
      if (held === undefined && misbehaviour.takes('outOfOrder')) {
        // Not for ever: nothing may follow it.
        const cancel = world.after(1_000, release);
        held = () => {
          cancel();
          queue(delivery);
        };
        return;
      }
      queue(delivery);
    },
    call,
    async settled() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
    retrying: () => retries.size,
    stop() {
      stopping.abort();
      for (const cancel of retries) cancel();
      retries.clear();
      held = undefined;
    },
  };
}
