import { createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aesKeyOf, decrypt, encrypt, signatureOf } from './crypto.ts';
import { encryption, padded, sample } from './fixtures/vectors.ts';

const key = aesKeyOf(encryption.encodingAESKey) ?? Buffer.alloc(0);
const random = Buffer.from(encryption.random);

describe('signatures are the published ones', () => {
  it('of a request', () => {
    expect(signatureOf(sample.token, sample.timestamp, sample.nonce)).toBe(sample.signature);
  });

  it('of an encrypted message', () => {
    expect(signatureOf(sample.token, sample.timestamp, sample.nonce, sample.encrypted)).toBe(sample.msgSignature);
  });

  it('whatever the order of what is signed', () => {
    expect(signatureOf(sample.nonce, sample.token, sample.timestamp)).toBe(sample.signature);
  });
});

describe('encryption is the published one', () => {
  it('of a text', () => {
    expect(encrypt(encryption.text, encryption.appId, key, random)).toBe(encryption.encrypted);
    expect(decrypt(encryption.encrypted, key)).toEqual({ text: encryption.text, appId: encryption.appId });
  });

  it("of the platform's sample message", () => {
    const opened = decrypt(sample.encrypted, key);
    expect(opened?.appId).toBe(sample.appId);
    expect(opened?.text).toContain(`<MsgId>${sample.msgId}</MsgId>`);
    expect(opened?.text).toContain(`<![CDATA[${sample.content}]]>`);
  });

  it('with 20 bytes of padding, which unpadding by blocks of 16 cannot take', () => {
    expect(encrypt(padded.text, encryption.appId, key, random)).toBe(padded.encrypted);
    expect(decrypt(padded.encrypted, key)).toEqual({ text: padded.text, appId: encryption.appId });
    const usual = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
    usual.update(padded.encrypted, 'base64');
    expect(() => usual.final()).toThrow();
  });

  it('undone whatever the text, so at every padding from 1 to 32', () => {
    for (let length = 0; length < 64; length += 1) {
      const text = 'x'.repeat(length);
      expect(decrypt(encrypt(text, 'wx1', key, random), key)).toEqual({ text, appId: 'wx1' });
    }
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (text, bytes) => {
          const whole = text.toWellFormed();
          expect(decrypt(encrypt(whole, encryption.appId, key, bytes), key)?.text).toBe(whole);
        },
      ),
    );
  });
});

describe('nothing is read', () => {
  const other = aesKeyOf('z'.repeat(43)) ?? Buffer.alloc(0);
  it.each([
    ['from nothing', ''],
    ['from what is no base64', 'äöü!'],
    ['from part of a block', 'AAAA'],
    ['from a block that ends before its length', encryption.encrypted.slice(0, 43)],
    ['from random blocks', Buffer.alloc(64, 7).toString('base64')],
  ])('%s', (_, text) => {
    expect(decrypt(text, key)).toBeUndefined();
  });

  it('with another key', () => {
    expect(decrypt(sample.encrypted, other)).toBeUndefined();
  });

  it('from any other bytes, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const found = decrypt(Buffer.from(bytes).toString('base64'), key);
        expect(found?.appId).not.toBe(sample.appId);
      }),
    );
  });
});

describe('an EncodingAESKey', () => {
  it('stands for 32 bytes', () => {
    expect(aesKeyOf(sample.encodingAESKey)).toHaveLength(32);
  });

  it.each([undefined, '', 'short', `${'a'.repeat(42)}=`, 'a'.repeat(44)])('of %j is none', (text) => {
    expect(aesKeyOf(text)).toBeUndefined();
  });
});
