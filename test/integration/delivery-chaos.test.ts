import { beforeAll, describe, expect, it } from 'vitest';
import { type Fate, type Outcome, runChaos } from './delivery-chaos-run.ts';

/** `CHAOS_MESSAGES=10000` is the long run, `CHAOS_SEED` another kind of luck. */
const messages = Number(process.env.CHAOS_MESSAGES ?? 600);
const seed = Number(process.env.CHAOS_SEED ?? 20_261_121);

const arrived = new Set(['sent', 'delivered', 'read']);
const brief = ({ text, state, reason, shown, keyed }: Fate) => ({ text, state, reason, shown, keyed });

describe(`${messages} messages over all channels while every platform misbehaves`, () => {
  let outcome: Outcome;
  beforeAll(
    async () => {
      outcome = await runChaos({ messages, seed });
      process.stdout.write(`${summary(outcome)}\n`);
    },
    60_000 + messages * 100,
  );

  const those = (wrong: (fate: Fate) => boolean) => outcome.fates.filter(wrong).map(brief);

  it('were all sent, and everything that can go wrong did', () => {
    expect(outcome.fates.length).toBeGreaterThanOrEqual(messages);
    const wrong = ['late', 'twice', 'outOfOrder', 'rate429', 'fail5xx', 'cut', 'loseReply', 'slow', 'hang'];
    expect(wrong.filter((name) => outcome.happened[name] === 0)).toEqual([]);
    expect(outcome.happened.expireToken).toBeGreaterThan(0);
  });

  it('are nowhere twice', () => {
    expect(those(({ shown }) => shown > 1)).toEqual([]);
  });

  it('are on the phone when the desk says so', () => {
    expect(those(({ state, shown }) => arrived.has(state) && shown !== 1)).toEqual([]);
  });

  it('are not on the phone, with a reason, when the desk says that they failed', () => {
    expect(those(({ state, shown, reason }) => state === 'failed' && (shown > 0 || reason === undefined))).toEqual([]);
  });

  it('are shown as unconfirmed, with a reason, when nobody knows, and nothing else is left', () => {
    const ends = new Set([...arrived, 'failed', 'unconfirmed']);
    expect(those(({ state }) => !ends.has(state))).toEqual([]);
    expect(those(({ state, reason }) => state === 'unconfirmed' && reason === undefined)).toEqual([]);
  });

  it('arrive exactly once, all of them, where the platform knows a repeat by its key', () => {
    const keyed = outcome.fates.filter((fate) => fate.keyed);
    expect(new Set(keyed.map(({ channelId }) => channelId))).toContain('demo-line');
    expect(new Set(keyed.map(({ channelId }) => channelId))).toContain('demo-rcs');
    expect(keyed.filter(({ state, shown }) => !arrived.has(state) || shown !== 1).map(brief)).toEqual([]);
  });

  it('keep their order in each conversation', () => {
    const wrong: string[][] = [];
    for (const [session, texts] of outcome.phones) {
      const all = outcome.fates.filter((fate) => fate.session === session);
      // Once nobody knew of a message, later ones went on: it may come to the phone at any time.
      const certain = all.filter(({ state, doubted }) => arrived.has(state) && !doubted);
      const wanted = certain.toSorted((a, b) => a.seq - b.seq).map(({ text }) => text);
      const found = texts.filter((text) => wanted.includes(text));
      if (found.join() !== wanted.join()) wrong.push(found);
    }
    expect(wrong).toEqual([]);
  });

  it('meet customers whose every word is once in the log', () => {
    expect(outcome.heard.filter(({ stored }) => stored !== 1)).toEqual([]);
  });
});

function summary({ fates, heard, happened, took }: Outcome): string {
  const states = ['read', 'delivered', 'sent', 'unconfirmed', 'failed'];
  const row = (name: string, of: readonly Fate[]) =>
    [
      name.padEnd(16),
      String(of.length).padStart(8),
      ...states.map((state) => String(of.filter((fate) => fate.state === state).length).padStart(12)),
      String(of.filter(({ state, shown }) => state === 'unconfirmed' && shown === 1).length).padStart(22),
    ].join('');
  const channels = [...new Set(fates.map(({ channelId }) => channelId))];
  return [
    `${fates.length} messages out, ${heard.length} in, ${(took / 1000).toFixed(1)} s`,
    [
      'channel'.padEnd(16),
      'messages',
      ...states.map((state) => state.padStart(12)),
      'unconfirmed, arrived'.padStart(22),
    ].join(''),
    ...channels.map((id) =>
      row(
        id,
        fates.filter(({ channelId }) => channelId === id),
      ),
    ),
    row('all', fates),
    `what went wrong: ${Object.entries(happened)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
  ].join('\n');
}
