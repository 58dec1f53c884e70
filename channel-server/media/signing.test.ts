import { expect, test } from 'vitest';
import { createAddressSigner } from './signing.ts';

const id = 'med_0000000000000000000000000000000a';
const reader = 'visitor:vis_1';
const until = 2_000_000_000_000;

function fields(address: string) {
  const query = new URLSearchParams(address.split('?')[1]);
  return { r: query.get('r') ?? '', e: query.get('e') ?? '', s: query.get('s') ?? '' };
}

test('an address is good for its medium, variant, reader and time, and for nothing else', () => {
  const signer = createAddressSigner('secret');
  const address = signer.sign(id, 'original', reader, until);
  expect(address.startsWith(`/media/${id}?`)).toBe(true);
  const good = fields(address);
  expect(signer.verify(id, 'original', good, until - 1)).toBe(reader);
  expect(signer.verify(id, 'original', good, until)).toBeUndefined();
  expect(signer.verify(id, 'thumbnail', good, 0)).toBeUndefined();
  expect(signer.verify(`${id.slice(0, -1)}b`, 'original', good, 0)).toBeUndefined();
  expect(signer.verify(id, 'original', { ...good, r: 'visitor:vis_2' }, 0)).toBeUndefined();
  expect(signer.verify(id, 'original', { ...good, e: '2000000001' }, 0)).toBeUndefined();
  for (const s of ['', 'x', good.s.slice(1), `${good.s}A`, 'é'.repeat(43), `${good.s.slice(0, -1)}~`]) {
    expect(signer.verify(id, 'original', { ...good, s }, 0)).toBeUndefined();
  }
  expect(createAddressSigner('other').verify(id, 'original', good, 0)).toBeUndefined();
});

test('every single character of a signature counts', () => {
  const signer = createAddressSigner('secret');
  const good = fields(signer.sign(id, 'thumbnail', reader, until));
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (let at = 0; at < good.s.length; at += 1) {
    for (const letter of letters) {
      const s = good.s.slice(0, at) + letter + good.s.slice(at + 1);
      if (s !== good.s) expect(signer.verify(id, 'thumbnail', { ...good, s }, 0)).toBeUndefined();
    }
  }
});
