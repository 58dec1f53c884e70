import { describe, expect, it } from 'vitest';
import { silentLog } from '../../test/support/silent-log.ts';
import { createSignalBus } from './signal-bus.ts';
import type { Signal } from './signals.ts';

const signal: Signal = { kind: 'configuration', tenantId: 'default' };

describe('the signal bus', () => {
  it('hands a signal to every subscriber before publishing ends, until they leave', () => {
    const bus = createSignalBus(silentLog());
    const seen: string[] = [];
    const leave = bus.subscribe(() => void seen.push('a'));
    bus.subscribe(() => void seen.push('b'));
    bus.publish(signal);
    leave();
    leave();
    bus.publish(signal);
    expect(seen).toEqual(['a', 'b', 'b']);
  });

  it('lets a failing subscriber disturb nobody, and logs its failure', async () => {
    const log = silentLog();
    const bus = createSignalBus(log);
    const seen: Signal[] = [];
    bus.subscribe(() => {
      throw new Error('broken');
    });
    bus.subscribe(async () => {
      await Promise.reject(new Error('broken later'));
    });
    bus.subscribe((received) => void seen.push(received));
    bus.publish(signal);
    expect(seen).toEqual([signal]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.lines).toHaveLength(2);
    expect(log.lines[0]).toMatchObject({ level: 'error', facts: { signal: 'configuration' } });
  });

  it('takes subscribing and leaving during a signal for the next one', () => {
    const bus = createSignalBus(silentLog());
    const seen: string[] = [];
    const leave = bus.subscribe(() => {
      seen.push('first');
      leave();
      bus.subscribe(() => void seen.push('new'));
    });
    bus.subscribe(() => void seen.push('second'));
    bus.publish(signal);
    expect(seen).toEqual(['first', 'second']);
    bus.publish(signal);
    expect(seen).toEqual(['first', 'second', 'second', 'new']);
  });
});
