import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('JSON of platforms', () => {
  it('keeps every digit of integers a double would change', () => {
    expect(parseJson('{"id":6054768590064713728,"list":[-9007199254740993, 12],"n":9007199254740991}')).toEqual({
      id: '6054768590064713728',
      list: ['-9007199254740993', 12],
      n: 9007199254740991,
    });
    expect(parseJson('12345678901234567890')).toBe('12345678901234567890');
    expect(parseJson('{"a":1e400,"b":1.5}')).toEqual({ a: '1e400', b: 1.5 });
  });

  it('leaves long digits inside strings as they are', () => {
    expect(parseJson('{"id":"6054768590064713728","text":": 12345678901234567890"}')).toEqual({
      id: '6054768590064713728',
      text: ': 12345678901234567890',
    });
  });

  it.each(['', '{', '{"a":1,}', 'undefined', '{"a":01}', '"\\x"', "{'a':1}"])('is undefined for %j', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it('is undefined for bytes that are no UTF-8, and reads a byte order mark', () => {
    expect(parseJson(new Uint8Array([0x22, 0xff, 0xfe, 0x22]))).toBeUndefined();
    expect(parseJson(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes('{"a":"世界 🍎"}')]))).toEqual({ a: '世界 🍎' });
  });

  it('is undefined for what is nested deeper than 64, in linear time', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parseJson(nested(64))).toBeDefined();
    expect(parseJson(nested(65))).toBeUndefined();
    const started = performance.now();
    expect(parseJson('[{"a":'.repeat(300_000))).toBeUndefined();
    expect(parseJson(`"${'\\'.repeat(2_000_000)}`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('does not count brackets inside strings', () => {
    const art = `${'['.repeat(200)}\\"${'{'.repeat(200)}`;
    expect(parseJson(`{"text":"${art}\\\\"}`)).toEqual({ text: `${'['.repeat(200)}"${'{'.repeat(200)}\\` });
  });
});
