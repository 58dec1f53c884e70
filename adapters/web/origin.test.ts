import { describe, expect, it } from 'vitest';
import { originAllowed, originOf } from './origin.ts';

const shop = { allowedOrigins: ['https://shop.example', 'https://shop.example:8443'], anyLoopbackOrigin: false };

describe('an allowed origin', () => {
  it.each(['https://shop.example', 'https://shop.example:8443'])('admits %s', (origin) => {
    expect(originAllowed(origin, shop)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'null',
    '*',
    'http://shop.example',
    'https://shop.example.',
    'https://shop.example:443x',
    'https://shop.example:444',
    'https://shop.example/',
    'https://shop.example/path',
    'https://shop.example.evil.io',
    'https://evilshop.example',
    'https://shop.exampl',
    'https://user@shop.example',
    'https://shop.example@evil.io',
    'https://shop.example#x',
    'https://shop.example\\@evil.io',
    'HTTPS://SHOP.EXAMPLE',
    'ftp://shop.example',
    'file://',
    'chrome-extension://shop.example',
    `https://${'a'.repeat(400)}.example`,
    'https://shop.example https://evil.io',
  ])('refuses %s', (origin) => {
    expect(originAllowed(origin, shop)).toBe(false);
  });

  it('matches what an administrator wrote in another form of the same origin', () => {
    const settings = { allowedOrigins: ['HTTPS://Shop.Example:443'], anyLoopbackOrigin: false };
    expect(originAllowed('https://shop.example', settings)).toBe(true);
  });

  it('admits every loopback page only when asked to', () => {
    const demo = { allowedOrigins: [], anyLoopbackOrigin: true };
    const none = { allowedOrigins: [], anyLoopbackOrigin: false };
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1:8080', 'https://localhost', 'http://[::1]:9']) {
      expect(originAllowed(origin, demo)).toBe(true);
      expect(originAllowed(origin, none)).toBe(false);
    }
    for (const origin of [
      'http://localhost.evil.io',
      'http://127.0.0.1.nip.io',
      'http://10.0.0.1',
      'https://shop.example',
    ]) {
      expect(originAllowed(origin, demo)).toBe(false);
    }
  });
});

describe('an origin in settings', () => {
  it.each(['http://shop.example', 'https://*.example', 'shop.example', 'https://shop.example/x', 'null', 'https://'])(
    'is refused as %s',
    (value) => expect(originOf(value)).toBeUndefined(),
  );
});
