import { describe, expect, it } from 'vitest';
import { phoneOf } from './phone.ts';

describe('a number as a network writes it', () => {
  it.each([
    ['+12223334444', '+12223334444'],
    [' tel:+86 138 0013 8000 ', '+8613800138000'],
    ['tel:8613800138000', '+8613800138000'],
    ['tel:13800138000', '+8613800138000'],
    ['0086 138-0013-8000', '+8613800138000'],
    ['sip:+8613800138000@gd.ims.mnc000.mcc460.3gppnetwork.org', '+8613800138000'],
    ['sip:+8613800138000@ims.example;user=phone', '+8613800138000'],
    ['<tel:+8613800138000>', '+8613800138000'],
    ['%2B8613800138000', '+8613800138000'],
    ['+1 (425) 555-0199', '+14255550199'],
  ])('%j is %s', (written, phone) => {
    expect(phoneOf(written, '86')).toBe(phone);
  });

  it.each([
    undefined,
    '',
    'anonymous',
    'sip:anonymous@anonymous.invalid',
    '+',
    'tel:+12',
    '+1234567890123456',
    '+0123456789',
    '１３８００１３８０００',
    `+${'1'.repeat(5_000)}`,
  ])('%j is none', (written) => {
    expect(phoneOf(written, '86')).toBeUndefined();
  });

  it('is given no country unless the network is of one', () => {
    expect(phoneOf('13800138000')).toBe('+13800138000');
  });
});
