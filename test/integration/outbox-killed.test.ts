import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../channel-server/runtime.ts';
import { openStorage } from '../../channel-server/storage/open-storage.ts';
import { silentLog } from '../support/silent-log.ts';
import { platform } from './outbox-house.ts';

const kills = 6;
const conversations = 6;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A process that sends, and is killed again and again while it is told to write. */
async function killedAgainAndAgain(keyed: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'foyer-killed-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const post = await platform();
  ends.push(() => post.close());
  // Slow enough that a kill often meets a request under way.
  post.always = (asked, response) => void setTimeout(() => post.take(asked, response), 15);
  const stored: string[] = [];
  let child: ChildProcess | undefined;
  const start = async () => {
    const script = resolve(import.meta.dirname, 'outbox-process.ts');
    const args = [script, folder, post.url, keyed ? 'keyed' : 'plain'];
    const made = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    made.stdin?.on('error', () => undefined);
    child = made;
    const lines = createInterface({ input: made.stdout as NodeJS.ReadableStream });
    await new Promise<void>((ready) => {
      lines.on('line', (line) => (line === 'ready' ? ready() : stored.push(line)));
    });
  };
  const kill = async () => {
    if (child === undefined || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
  };
  ends.push(kill);
  await start();
  let count = 0;
  for (let round = 0; round < kills; round += 1) {
    for (let n = 0; n < 12; n += 1) {
      count += 1;
      child?.stdin?.write(`user:${count % conversations} ${count}\n`);
    }
    await wait(60 + Math.random() * 250);
    await kill();
    await start();
  }
  await expect.poll(async () => post.asked.length, { timeout: 20_000, interval: 300 }).toBeGreaterThan(0);
  let before = -1;
  // Until nothing comes any more.
  while (post.asked.length !== before) {
    before = post.asked.length;
    await wait(1_500);
  }
  await kill();
  const storage = await openStorage({ dataDir: join(folder, 'data'), clock: systemClock, log: silentLog() });
  const work = await storage.deliveries.channelsWithWork();
  const dead = await storage.deliveries.dead('acme', {}, { limit: 200 });
  const unconfirmed: string[] = [];
  for (const { sessionId, seq, state } of dead.items) {
    const { items } = await storage.sessions.activities('acme', sessionId, 'staff', seq - 1, 1);
    unconfirmed.push(`${state} ${items[0]?.activity.text}`);
  }
  await storage.close();
  return { taken: post.taken.map(({ text }) => text), asked: post.asked.length, stored, work, unconfirmed };
}

/** Numbers of one conversation, in the order in which the platform took them. */
const of = (texts: readonly string[], conversation: number) =>
  texts.filter((text) => text.startsWith(`user:${conversation} `)).map((text) => Number(text.split(' ')[1]));

describe('a process that is killed while it sends', () => {
  it('sends everything once and in order where the platform knows repeats by key', async () => {
    const end = await killedAgainAndAgain(true);
    expect(end.stored.length).toBeGreaterThan(kills * 4);
    for (const line of end.stored) expect(end.taken, line).toContain(line);
    expect(end.taken.length).toBe(new Set(end.taken).size);
    for (let n = 0; n < conversations; n += 1) {
      const mine = of(end.taken, n);
      expect(mine).toEqual([...mine].sort((a, b) => a - b));
    }
    expect(end.unconfirmed).toEqual([]);
    expect(end.work).toEqual([]);
  }, 90_000);

  it('sends nothing twice where it does not, and shows what nobody can know', async () => {
    const end = await killedAgainAndAgain(false);
    expect(end.asked).toBe(end.taken.length);
    expect(end.taken.length).toBe(new Set(end.taken).size);
    for (const line of end.stored) {
      const shown = end.unconfirmed.includes(`unconfirmed ${line}`);
      expect(end.taken.includes(line) || shown, line).toBe(true);
    }
    for (const each of end.unconfirmed) expect(each).toMatch(/^unconfirmed /);
    expect(end.work).toEqual([]);
  }, 90_000);
});
