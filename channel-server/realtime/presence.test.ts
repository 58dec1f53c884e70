import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { createPresence } from './presence.ts';

function setting() {
  const clock = fakeClock();
  const here = new Set<string>();
  const told: string[] = [];
  const presence = createPresence<string>({
    clock,
    log: silentLog(),
    patience: 5_000,
    isHere: (key) => here.has(key),
    back: async (facts) => void told.push(`back ${facts}`),
    gone: async (facts) => void told.push(`gone ${facts}`),
  });
  const come = (matters = false) => {
    here.add('a');
    presence.came('a', 'a', matters);
  };
  const go = () => {
    here.delete('a');
    presence.went('a', 'a');
  };
  return { clock, told, presence, come, go };
}

describe('presence', () => {
  it('of someone whose coming matters to nobody is told to nobody', async () => {
    const { clock, told, come } = setting();
    come();
    await clock.advance(10_000);
    expect(told).toEqual([]);
  });

  it('does not notice a page change', async () => {
    const { clock, told, come, go } = setting();
    come();
    go();
    await clock.advance(4_999);
    come();
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it('tells that someone has gone, once, and that they are back', async () => {
    const { clock, told, come, go } = setting();
    come();
    go();
    await clock.advance(5_000);
    expect(told).toEqual(['gone a']);
    come(true);
    await clock.advance(0);
    expect(told).toEqual(['gone a', 'back a']);
  });

  it('tells nothing after it was stopped: a shutdown is no absence', async () => {
    const { clock, told, presence, come, go } = setting();
    come();
    go();
    presence.stop();
    go();
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });
});
