import { describe, expect, it } from 'vitest';
import { fakeIds } from '../../test/support/fake-ids.ts';
import { displayName, type Identity } from './customer.ts';
import { newIdentity, sameFacts, withTyped } from './identity.ts';
import { knownFacts } from './known-facts.ts';

const ids = fakeIds();
const identity = (externalId: string, more: Partial<Identity> = {}): Identity => ({
  ...newIdentity(ids, { tenantId: 'default', channelId: 'web', externalId }, 1),
  ...more,
});

describe('what is known of a customer', () => {
  it('is what a signature says before what anybody typed, field by field', () => {
    const typed = { name: 'Boss', email: 'boss@example.com', phone: '1' };
    const visitor = identity('visitor:v1', { createdAt: 5, typed });
    const subject = identity('subject:s1', { createdAt: 2, signed: { name: 'Cleo' } });
    expect(knownFacts(undefined, [visitor, subject], visitor.id)).toEqual({
      name: 'Cleo',
      email: 'boss@example.com',
      phone: '1',
      attributes: {},
      signed: true,
    });
    expect(displayName(visitor)).toBe('Boss');
    expect(displayName(subject)).toBe('Cleo');
  });

  it('comes from the identity asked about, then from the newest', () => {
    const old = identity('visitor:v1', { createdAt: 1, typed: { name: 'Old' } });
    const middle = identity('visitor:v2', { createdAt: 2, typed: { name: 'Middle' } });
    const newest = identity('visitor:v3', { createdAt: 3, typed: { email: 'new@example.com' } });
    expect(knownFacts(undefined, [old, middle, newest])).toMatchObject({ name: 'Middle', email: 'new@example.com' });
    expect(knownFacts(undefined, [old, middle, newest], old.id).name).toBe('Old');
  });

  it('has attributes of the company’s people, typed and signed ones, the signed ones last', () => {
    const typed = { attributes: { plan: 'gold', size: 3 } };
    const both = identity('subject:s1', { typed, signed: { attributes: { plan: 'silver' } } });
    const known = knownFacts({ attributes: { plan: 'none', vip: true } }, [both]);
    expect(known.attributes).toEqual({ plan: 'silver', size: 3, vip: true });
  });

  it('is nothing for somebody who said nothing', () => {
    expect(knownFacts(undefined, [identity('visitor:v1')])).toEqual({ attributes: {}, signed: false });
  });
});

describe('typed facts', () => {
  it('add to the earlier ones, and an empty field takes one away', () => {
    expect(withTyped({ name: 'Cleo', phone: '1' }, { email: ' c@example.com ', phone: '  ' })).toEqual({
      name: 'Cleo',
      email: 'c@example.com',
    });
    expect(withTyped(null, {})).toEqual({});
  });

  it('are the same in whatever order they come', () => {
    expect(sameFacts({ name: 'a', attributes: { x: 1, y: 2 } }, { attributes: { y: 2, x: 1 }, name: 'a' })).toBe(true);
    expect(sameFacts({ attributes: { x: 1 } }, { attributes: { x: '1' } })).toBe(false);
    expect(sameFacts({ attributes: { x: 1 } }, { attributes: { x: 1, y: 2 } })).toBe(false);
    expect(sameFacts({}, null)).toBe(false);
    expect(sameFacts({}, {})).toBe(true);
  });
});
