import { describe, expect, it } from 'vitest';
import { createAddressCounts, createPersonMeters, defaultLimits, isLoopback, Meter } from './limits.ts';

const limits = { perSecond: 10, burst: 20, dropAt: 100 };

describe('a meter', () => {
  it('lets a burst pass, then the sustained rate, and says how long to wait', () => {
    const meter = new Meter(limits, 0);
    for (let event = 0; event < 20; event += 1) expect(meter.take(limits, 0)).toBe('ok');
    expect(meter.take(limits, 0)).toBe(100);
    expect(meter.take(limits, 100)).toBe('ok');
    expect(meter.take(limits, 100)).toBe(100);
  });

  it('throttles 100 events a second without dropping the connection, by the real limits', () => {
    const real = defaultLimits.connection;
    const meter = new Meter(real, 0);
    const verdicts = Array.from({ length: 1_000 }, (_, event) => meter.take(real, event * 10));
    expect(verdicts).not.toContain('drop');
    const refused = verdicts.filter((verdict) => typeof verdict === 'number').length;
    expect(refused).toBeGreaterThan(350);
  });

  it('drops 1,000 events in one second, by the real limits', () => {
    const real = defaultLimits.connection;
    const meter = new Meter(real, 0);
    const verdicts = Array.from({ length: 1_000 }, (_, event) => meter.take(real, event));
    expect(verdicts.at(-1)).toBe('drop');
  });

  it('survives a clock that goes back', () => {
    const meter = new Meter(limits, 1_000_000);
    expect(meter.take(limits, 0)).toBe('ok');
    expect(meter.take(limits, 100)).toBe('ok');
  });
});

describe('meters of people', () => {
  it('are shared by a person’s connections and forgotten when long unused', () => {
    let now = 0;
    const meters = createPersonMeters(limits, () => now);
    const meter = meters.of('visitor:a');
    expect(meters.of('visitor:a')).toBe(meter);
    now = 30_000;
    meters.sweep();
    expect(meters.of('visitor:a')).toBe(meter);
    now = 61_000;
    meters.sweep();
    expect(meters.of('visitor:a')).not.toBe(meter);
  });
});

describe('connections of one address', () => {
  it('are full at the limit, generous on loopback, and free again when closed', () => {
    const counts = createAddressCounts({ ...defaultLimits, connectionsPerAddress: 2, connectionsFromLoopback: 4 });
    counts.opened('203.0.113.9');
    expect(counts.full('203.0.113.9')).toBe(false);
    counts.opened('203.0.113.9');
    expect(counts.full('203.0.113.9')).toBe(true);
    expect(counts.full('203.0.113.10')).toBe(false);
    for (let open = 0; open < 3; open += 1) counts.opened('127.0.0.1');
    expect(counts.full('127.0.0.1')).toBe(false);
    counts.closed('203.0.113.9');
    expect(counts.full('203.0.113.9')).toBe(false);
  });

  it('know loopback in each of its forms', () => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) expect(isLoopback(address)).toBe(true);
    for (const address of ['10.0.0.1', '1.127.0.1', '::', 'unknown']) expect(isLoopback(address)).toBe(false);
  });
});
