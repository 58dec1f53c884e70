import { describe, expect, it } from 'vitest';
import { hmac, isSameSecret, isSigned } from './signature.ts';

describe('signatures', () => {
  it.each([
    // LINE's and X's own kind of signature: base64 of SHA-256.
    ['sha256', 'base64', 'test_secret', '{"hello":"world"}', 't7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM='],
    ['sha256', 'base64', 'SECRET', '{}', '3q8QXTAGaey18yL8FWTqdVlbMr6hcuNvM4tefa0o9nA='],
    // RFC 2202 and RFC 4231, test case 2.
    ['sha1', 'hex', 'Jefe', 'what do ya want for nothing?', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    [
      'sha512',
      'hex',
      'Jefe',
      'what do ya want for nothing?',
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    ],
  ] as const)('are as published: %s in %s with %s', (algorithm, encoding, secret, data, expected) => {
    expect(hmac(algorithm, secret, data, encoding)).toBe(expected);
    expect(isSigned({ algorithm, encoding }, secret, new TextEncoder().encode(data), expected)).toBe(true);
  });

  it('fail when a byte changed, or the signature is missing, cut, longer or blank', () => {
    const form = { algorithm: 'sha256', encoding: 'base64' } as const;
    const good = hmac('sha256', 'test_secret', '{"a":1}', 'base64');
    expect(isSigned(form, 'test_secret', '{"a":1}', good)).toBe(true);
    expect(isSigned(form, 'test_secret', '{"a":2}', good)).toBe(false);
    for (const claimed of [
      undefined,
      '',
      good.slice(0, -1),
      `${good}=`,
      ` ${good}`,
      good.toLowerCase(),
      'ü'.repeat(22),
    ]) {
      expect(isSigned(form, 'test_secret', '{"a":1}', claimed)).toBe(false);
    }
  });

  it('are never genuine with a blank secret, even when somebody signed with it', () => {
    for (const secret of ['', '  ']) {
      const signed = hmac('sha256', secret, 'body', 'hex');
      expect(isSigned({ algorithm: 'sha256', encoding: 'hex' }, secret, 'body', signed)).toBe(false);
    }
    expect(isSigned({ algorithm: 'sha256', encoding: 'hex' }, undefined, 'body', 'x')).toBe(false);
  });

  it('in hex may be written in capitals', () => {
    const signed = hmac('sha1', 'key', 'body', 'hex').toUpperCase();
    expect(isSigned({ algorithm: 'sha1', encoding: 'hex' }, 'key', 'body', signed)).toBe(true);
  });
});

describe('secrets', () => {
  it('match only themselves, and blank ones match nothing', () => {
    expect(isSameSecret('token', 'token')).toBe(true);
    expect(isSameSecret('token', 'Token')).toBe(false);
    expect(isSameSecret('token', 'token ')).toBe(false);
    expect(isSameSecret('', '')).toBe(false);
    expect(isSameSecret('  ', '  ')).toBe(false);
    expect(isSameSecret(undefined, undefined)).toBe(false);
  });
});
