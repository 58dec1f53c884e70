import { describe, expect, it } from 'vitest';
import { Rooms } from './rooms.ts';

describe('rooms', () => {
  it('tell who was first and who was last', () => {
    const rooms = new Rooms<string>();
    expect(rooms.join('a', 'x')).toBe(true);
    expect(rooms.join('a', 'y')).toBe(false);
    expect(rooms.join('a', 'y')).toBe(false);
    expect(rooms.members('a')).toEqual(['x', 'y']);
    expect(rooms.leave('a', 'z')).toBe(false);
    expect(rooms.leave('a', 'x')).toBe(false);
    expect(rooms.leave('a', 'x')).toBe(false);
    expect(rooms.leave('a', 'y')).toBe(true);
    expect(rooms.size).toBe(0);
  });

  it('are not disturbed by someone leaving during a walk', () => {
    const rooms = new Rooms<string>();
    for (const member of ['x', 'y', 'z']) rooms.join('a', member);
    const seen: string[] = [];
    for (const member of rooms.members('a')) {
      seen.push(member);
      rooms.leave('a', member);
    }
    expect(seen).toEqual(['x', 'y', 'z']);
    expect(rooms.members('a')).toEqual([]);
  });
});
