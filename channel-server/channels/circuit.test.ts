import { describe, expect, it } from 'vitest';
import { createCircuit, failuresToOpen } from './circuit.ts';

const circuit = () => createCircuit(() => 1);
const failing = (times: number, now = 0) => {
  const one = circuit();
  for (let n = 0; n < times; n += 1) one.failed(now);
  return one;
};

describe('a circuit', () => {
  it('opens after several failures in a row, not before, and not when answers come in between', () => {
    expect(failing(failuresToOpen - 1).gate(0)).toBe('open');
    expect(failing(failuresToOpen).gate(0)).toEqual({ until: 2_000 });
    const mixed = failing(failuresToOpen - 1);
    mixed.succeeded();
    mixed.failed(0);
    expect(mixed.gate(0)).toBe('open');
  });

  it('lets one through when its pause is over, and pauses longer each time up to half a minute', () => {
    const one = failing(failuresToOpen);
    const pauses: number[] = [];
    let now = 2_000;
    for (let n = 0; n < 6; n += 1) {
      expect(one.gate(now)).toBe('probe');
      expect(one.failed(now)).toBe(true);
      const gate = one.gate(now);
      if (typeof gate !== 'object') throw new Error('it does not pause');
      pauses.push(gate.until - now);
      now = gate.until;
    }
    expect(pauses).toEqual([4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(one.succeeded()).toBe(true);
    expect(one.state()).toEqual({ circuit: 'closed', pausedUntil: null });
  });

  it('is not moved by requests that were under way when it opened', () => {
    const one = failing(failuresToOpen);
    expect(one.failed(100)).toBe(false);
    expect(one.gate(0)).toEqual({ until: 2_000 });
  });

  it('once stopped stays so until it is resumed, whatever late answers say', () => {
    const one = circuit();
    one.stop();
    expect(one.succeeded()).toBe(false);
    for (let n = 0; n < 10; n += 1) expect(one.failed(n)).toBe(false);
    expect(one.gate(1e9)).toBe('stopped');
    one.resume();
    expect(one.gate(0)).toBe('open');
  });

  it('goes on where it was after a restart', () => {
    const known = createCircuit(() => 1, { circuit: 'open', pausedUntil: 500 });
    expect(known.gate(400)).toEqual({ until: 500 });
    expect(known.gate(500)).toBe('probe');
    expect(known.failed(500)).toBe(true);
    expect(createCircuit(() => 1, { circuit: 'stopped', pausedUntil: null }).gate(0)).toBe('stopped');
  });
});
