import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import { type Timer, timerId } from './timer.ts';
import { createTimerRunner, type TimerRunner, type TimerRunnerDependencies } from './timer-runner.ts';

let folder: string;
let storage: Storage;
let clock: ReturnType<typeof fakeClock>;
let log: ReturnType<typeof silentLog>;
let ran: { id: string; at: number }[];
const runners: TimerRunner[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-timers-'));
  clock = fakeClock();
  log = silentLog();
  ran = [];
  storage = await openStorage({ dataDir: folder, clock, log });
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

const quiet = async () => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};
const pass = async (ms: number) => {
  await quiet();
  await clock.advance(ms);
  await quiet();
};
const set = async (subject: string, dueAt: number) => {
  const values: Timer = {
    id: timerId('agent:wrap-up', subject),
    tenantId: 'default',
    kind: 'agent:wrap-up',
    subject,
    dueAt,
    claimedUntil: null,
  };
  await storage.unitOfWork.commit([{ kind: 'insert', record: 'timer', values }]);
};
const remove = (timer: Timer) =>
  storage.unitOfWork.commit([{ kind: 'remove', record: 'timer', where: { id: timer.id } }]);
const run = async (timer: Timer) => {
  ran.push({ id: timer.subject, at: clock.now() });
  await remove(timer);
};
const runnerWith = (handler: (timer: Timer) => Promise<void>, more: Partial<TimerRunnerDependencies> = {}) => {
  const runner = createTimerRunner({ timers: storage.timers, clock, log, ...more });
  runner.handle({ 'agent:wrap-up': handler });
  runners.push(runner);
  return runner;
};
const never = { sweep: 1e12 };

describe('the timer runner', () => {
  it('runs what is due at start, earliest first, and the rest in its time', async () => {
    const now = clock.now();
    await set('late', now + 5_000);
    await set('second', now - 10);
    await set('first', now - 20);
    await runnerWith(run, never).start();
    await quiet();
    expect(ran.map(({ id }) => id)).toEqual(['first', 'second']);
    await pass(4_999);
    expect(ran).toHaveLength(2);
    await pass(1);
    expect(ran[2]).toEqual({ id: 'late', at: now + 5_000 });
  });

  it('woken for an earlier timer is there in its time', async () => {
    const now = clock.now();
    await set('later', now + 60_000);
    const runner = runnerWith(run, never);
    await runner.start();
    await set('sooner', now + 1_000);
    runner.wake(now + 1_000);
    await pass(1_000);
    expect(ran).toEqual([{ id: 'sooner', at: now + 1_000 }]);
    await pass(59_000);
    expect(ran[1]).toEqual({ id: 'later', at: now + 60_000 });
  });

  it('finds a timer that nobody woke it for, by its sweep', async () => {
    await runnerWith(run, { sweep: 10_000 }).start();
    await set('unheard', clock.now() + 1_000);
    await pass(10_000);
    expect(ran.map(({ id }) => id)).toEqual(['unheard']);
  });

  it('loses no wake-up that comes while it looks', async () => {
    const runner = runnerWith(run, never);
    const started = runner.start();
    const dueAt = clock.now() + 500;
    runner.wake(dueAt);
    await started;
    await set('between', dueAt);
    await pass(500);
    expect(ran).toHaveLength(1);
  });

  it('runs a row in one of several processes only', async () => {
    for (let n = 0; n < 50; n += 1) await set(`t${n}`, clock.now() + 100);
    await Promise.all([runnerWith(run, never).start(), runnerWith(run, never).start(), runnerWith(run, never).start()]);
    await pass(100);
    expect(ran).toHaveLength(50);
    expect(new Set(ran.map(({ id }) => id)).size).toBe(50);
  });

  it('runs a failed timer again, ever later, and the others meanwhile', async () => {
    let failing = true;
    const tries: number[] = [];
    const start = clock.now();
    await set('bad', start);
    const runner = runnerWith(
      async (timer) => {
        if (timer.subject !== 'bad') return run(timer);
        tries.push(clock.now() - start);
        if (failing) throw new Error('not now');
        await run(timer);
      },
      { lease: 1_000, sweep: 1_000 },
    );
    await runner.start();
    await quiet();
    await set('good', clock.now() + 100);
    runner.wake(clock.now() + 100);
    for (let second = 0; second < 16; second += 1) await pass(1_000);
    expect(ran.map(({ id }) => id)).toEqual(['good']);
    expect(tries.length).toBeGreaterThanOrEqual(3);
    expect(tries.length).toBeLessThanOrEqual(5);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(tries.length);
    failing = false;
    for (let second = 0; second < 20; second += 1) await pass(1_000);
    expect(ran.map(({ id }) => id)).toEqual(['good', 'bad']);
    expect(await storage.timers.nextDue()).toBeUndefined();
  });

  it('runs again what a process that died had claimed', async () => {
    await set('orphan', clock.now());
    await storage.timers.claimDue(clock.now(), 10, 30_000);
    await runnerWith(run, never).start();
    await pass(29_999);
    expect(ran).toEqual([]);
    await pass(1);
    expect(ran).toHaveLength(1);
  });

  it('never runs more at a time than it may, and comes to the end of many', async () => {
    let running = 0;
    let peak = 0;
    for (let n = 0; n < 40; n += 1) await set(`t${n}`, clock.now());
    await runnerWith(
      async (timer) => {
        peak = Math.max(peak, ++running);
        await quiet();
        await run(timer);
        running -= 1;
      },
      { ...never, most: 7 },
    ).start();
    for (let turn = 0; turn < 20 && ran.length < 40; turn += 1) await pass(1);
    expect(ran).toHaveLength(40);
    expect(peak).toBe(7);
  });

  it('waits at its stop for what runs, and begins nothing more', async () => {
    await set('slow', clock.now());
    await set('tomorrow', clock.now() + 1_000);
    let finish = () => {};
    const runner = runnerWith(async (timer) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      await run(timer);
    }, never);
    await runner.start();
    let stopped = false;
    const stopping = runner.stop().then(() => {
      stopped = true;
    });
    await pass(5_000);
    expect(stopped).toBe(false);
    finish();
    await stopping;
    expect(ran.map(({ id }) => id)).toEqual(['slow']);
    runner.wake(clock.now());
    await pass(5_000);
    expect(ran).toHaveLength(1);
  });

  it('goes on after the store could not be read', async () => {
    let broken = true;
    const timers: TimerRunnerDependencies['timers'] = {
      nextDue: () => storage.timers.nextDue(),
      claimDue: (...args) => (broken ? Promise.reject(new Error('away')) : storage.timers.claimDue(...args)),
    };
    await set('due', clock.now());
    await runnerWith(run, { timers, sweep: 60_000 }).start();
    await pass(3_000);
    expect(log.lines.filter(({ level }) => level === 'error').length).toBeGreaterThan(1);
    broken = false;
    await pass(60_000);
    expect(ran).toHaveLength(1);
  });
});
