import { describe, expect, it } from 'vitest';
import { asArray, asBoolean, asMimeType, asNumber, asRecord, asString, guarded, required } from './inbound.ts';

describe('readers of unchecked JSON', () => {
  it('read ids sent as text or as numbers, never with digits lost', () => {
    expect(['U1', 42, 0, 10n].map(asString)).toEqual(['U1', '42', '0', '10']);
    expect(['', 2 ** 53, 1.5, Number.NaN, null, undefined, {}, ['x'], true].map(asString)).toEqual(
      Array(9).fill(undefined),
    );
  });

  it('read numbers, also written as text', () => {
    expect([1.5, '35.65', '-12', 0].map(asNumber)).toEqual([1.5, 35.65, -12, 0]);
    expect(['', ' 1', '1e3', '0x10', Number.POSITIVE_INFINITY, '1'.repeat(50), null, [1]].map(asNumber)).toEqual(
      Array(8).fill(undefined),
    );
  });

  it('read MIME types without their parameters', () => {
    expect(['image/PNG', 'audio/ogg; codecs=opus', 'application/vnd.x+json'].map(asMimeType)).toEqual([
      'image/png',
      'audio/ogg',
      'application/vnd.x+json',
    ]);
    expect(['', 'png', 'a/b c', 7, '/x', 'image/'].map(asMimeType)).toEqual(Array(6).fill(undefined));
  });

  it('read objects, truth, and one or many', () => {
    expect(asRecord({ a: 1 })).toEqual({ a: 1 });
    expect([null, [], 'x', 1].map(asRecord)).toEqual(Array(4).fill(undefined));
    expect([true, false, 'false', 0].map(asBoolean)).toEqual([true, false, undefined, undefined]);
    expect([asArray('one'), asArray([1, 2]), asArray(undefined), asArray(null)]).toEqual([['one'], [1, 2], [], []]);
  });
});

describe('a batch', () => {
  const decodeOne = (item: unknown) => {
    const code = required(asString(asRecord(item)?.code), 'code');
    if (code === 'boom') throw new TypeError(`Cannot read "${code} with the customer's words"`);
    return [{ kind: 'notice', code, text: '', severity: 'info' } as const];
  };

  it('goes on past items that cannot be read, in order, and says why without their content', () => {
    const found = guarded(
      [{ code: 'a' }, { text: 'private words' }, { code: 'boom' }, null, { code: 'b' }],
      decodeOne,
      'acc',
    );
    expect(found.map((item) => (item.kind === 'notice' ? item.code : item.kind))).toEqual([
      'a',
      'unreadable',
      'unreadable',
      'unreadable',
      'b',
    ]);
    expect(found[1]).toEqual({ kind: 'unreadable', reason: 'item 2 has no readable code', account: 'acc' });
    expect(JSON.stringify(found)).not.toMatch(/private words|customer's/);
  });
});
