import type { World } from './world.ts';

/** What a platform can be told to do wrong. Deliveries first, then answers. */
export const faults = [
  /** A delivery comes `ms` late (default 3,000). */
  'late',
  /** A delivery comes twice. */
  'twice',
  /** A delivery comes after the one that follows it. */
  'outOfOrder',
  /** A delivery's body differs from what was signed. */
  'tampered',
  /** A call is refused as too many, with the platform's own error. */
  'rate429',
  /** A call fails inside the platform and has no effect. */
  'fail5xx',
  /** The connection is cut before the call has any effect. */
  'cut',
  /** The call has its effect, and the answer never arrives. */
  'loseReply',
  /** The call is answered `ms` late (default 2,000). */
  'slow',
  /** The connection stays open without an answer for `ms` (default 60,000); no effect. */
  'hang',
  /** Access tokens with a short life end now: the next call with one is refused. */
  'expireToken',
  /** The call is refused as if the account's credentials had been revoked. */
  'revokeToken',
  /** A customer's file cannot be had any more. */
  'mediaGone',
  /** The messaging window counts as closed. */
  'windowClosed',
] as const;
export type FaultName = (typeof faults)[number];

/** How often something goes wrong. Neither count nor probability: always, until it is switched off. */
export interface Fault {
  /** So many times, then never again. */
  count?: number;
  /** From 0 to 1. */
  probability?: number;
  /** Of `late`, `slow` and `hang`: milliseconds. */
  ms?: number;
  /** Only calls whose path contains this. */
  path?: string;
}

/** A control's value: a number is a count, null switches off. */
export type FaultSetting = Fault | number | null;

/** What is to go wrong, and what did. */
export interface Misbehaviour {
  /** @throws RangeError naming what is not understood; nothing is changed then. */
  set(settings: Readonly<Record<string, unknown>>): void;
  /** Whether it goes wrong this time; counts down. */
  takes(name: FaultName, path?: string): Fault | undefined;
  settings(): Partial<Record<FaultName, Fault>>;
  /** How often each happened. */
  happened(): Record<FaultName, number>;
}

export function createMisbehaviour(world: World): Misbehaviour {
  let active = new Map<FaultName, Fault>();
  const happened = Object.fromEntries(faults.map((name) => [name, 0])) as Record<FaultName, number>;
  return {
    set(settings) {
      const next = new Map(active);
      for (const [name, value] of Object.entries(settings)) {
        if (name === 'reset') {
          if (value === true) next.clear();
          continue;
        }
        if (!isFault(name)) throw new RangeError(`There is no fault "${name}". There are ${faults.join(', ')}.`);
        const fault = faultOf(name, value);
        if (fault === undefined) next.delete(name);
        else next.set(name, fault);
      }
      active = next;
    },
    takes(name, path = '') {
      const fault = active.get(name);
      if (fault === undefined || !path.includes(fault.path ?? '')) return undefined;
      if (fault.probability !== undefined && world.chance() >= fault.probability) return undefined;
      if (fault.count !== undefined) {
        fault.count -= 1;
        if (fault.count <= 0) active.delete(name);
      }
      happened[name] += 1;
      return { ...fault };
    },
    settings: () => Object.fromEntries([...active].map(([name, fault]) => [name, { ...fault }])),
    happened: () => ({ ...happened }),
  };
}

function isFault(name: string): name is FaultName {
  return (faults as readonly string[]).includes(name);
}

function faultOf(name: string, value: unknown): Fault | undefined {
  if (value === null || value === false || value === 0) return undefined;
  if (value === true) return {};
  if (Number.isInteger(value)) return { count: Number(value) };
  if (typeof value !== 'object') throw new RangeError(`"${name}" is a count, an object or null.`);
  const { count, probability, ms, path, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new RangeError(`"${name}.${other}" is not known: count, probability, ms, path are.`);
  const fault: Fault = {};
  if (count !== undefined) fault.count = number(`${name}.count`, count, 1, 1e9);
  if (probability !== undefined) fault.probability = number(`${name}.probability`, probability, 0, 1);
  if (ms !== undefined) fault.ms = number(`${name}.ms`, ms, 0, 600_000);
  if (path !== undefined) fault.path = String(path);
  return fault;
}

function number(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new RangeError(`"${name}" is a number from ${least} to ${most}.`);
}
