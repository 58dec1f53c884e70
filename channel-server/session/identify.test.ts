import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SessionHouse, sessionHouse } from '../../test/support/session-house.ts';

let house: SessionHouse;
beforeEach(async () => {
  house = await sessionHouse();
});
afterEach(() => house.close());

const identity = async (externalId: string) => {
  const found = await house.storage.customers.identityByExternalId('default', 'web', externalId);
  if (found === undefined) throw new Error(`There is no identity ${externalId}.`);
  return found;
};
const identify = (
  conversations: string[],
  facts: Parameters<typeof house.sessions.identify>[3],
  by: SessionHouse = house,
) => by.sessions.identify('default', 'web', conversations, facts);

describe('a signed identity', () => {
  it('makes the visitor and the subject one customer, and says so in the open session', async () => {
    const { conversation } = await house.say('c1');
    house.signals.length = 0;
    await identify(['subject:s1', 'visitor:v1'], { signed: { name: 'Cleo', email: 'cleo@example.com' } });
    const subject = await identity('subject:s1');
    expect(subject).toMatchObject({ signed: { name: 'Cleo', email: 'cleo@example.com' }, typed: null });
    expect((await identity('visitor:v1')).customerId).toBe(subject.customerId);
    expect((await house.storage.customers.identitiesOf('default', subject.customerId)).length).toBe(2);
    const last = (await house.log(conversation.id)).at(-1);
    expect(last).toMatchObject({ name: 'identity:signed', audience: 'staff', value: { identityId: subject.id } });
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity', 'session']);
    // The session still points to the identity it was started with.
    expect((await house.session(conversation.id)).identityId).toBe((await identity('visitor:v1')).id);
  });

  it('shown again at every page changes and tells nothing', async () => {
    const { conversation } = await house.say('c1');
    const signed = { name: 'Cleo', attributes: { plan: 'gold', visits: 3 } };
    await identify(['subject:s1', 'visitor:v1'], { signed });
    house.signals.length = 0;
    await identify(['subject:s1', 'visitor:v1'], { signed: { attributes: { visits: 3, plan: 'gold' }, name: 'Cleo' } });
    expect(house.signals).toEqual([]);
    expect(await house.log(conversation.id)).toHaveLength(3);
    await identify(['subject:s1', 'visitor:v1'], { signed: { name: 'Cleopatra' } });
    expect((await identity('subject:s1')).signed).toEqual({ name: 'Cleopatra' });
  });

  it('brings a second browser to the same customer', async () => {
    await house.say('c1');
    await house.say('d1', { conversations: ['visitor:v2'], keyScope: 'visitor:v2' });
    await identify(['subject:s1', 'visitor:v1'], { signed: {} });
    await identify(['subject:s1', 'visitor:v2'], { signed: {} });
    const { customerId } = await identity('subject:s1');
    expect((await identity('visitor:v1')).customerId).toBe(customerId);
    expect((await identity('visitor:v2')).customerId).toBe(customerId);
  });

  it('from two browsers at once makes one subject', async () => {
    const twin = await house.twin();
    await house.say('c1');
    await house.say('d1', { conversations: ['visitor:v2'], keyScope: 'visitor:v2' });
    await Promise.all([
      identify(['subject:s1', 'visitor:v1'], { signed: { name: 'Cleo' } }),
      identify(['subject:s1', 'visitor:v2'], { signed: { name: 'Cleo' } }, twin),
    ]);
    const { customerId } = await identity('subject:s1');
    expect((await identity('visitor:v1')).customerId).toBe(customerId);
    expect((await identity('visitor:v2')).customerId).toBe(customerId);
  });

  it('of one person never joins another person’s customer', async () => {
    await house.say('c1');
    await identify(['subject:s1', 'visitor:v1'], { signed: {} });
    await identify(['subject:s2', 'visitor:v1'], { signed: {} });
    expect((await identity('subject:s1')).customerId).not.toBe((await identity('subject:s2')).customerId);
  });

  it('before the first message is the identity that the session gets', async () => {
    await identify(['subject:s1', 'visitor:v1'], { signed: { name: 'Cleo' } });
    const { conversation } = await house.say('c1', { conversations: ['subject:s1', 'visitor:v1'] });
    expect((await house.session(conversation.id)).identityId).toBe((await identity('subject:s1')).id);
    expect(await house.storage.customers.identityByExternalId('default', 'web', 'visitor:v1')).toBeUndefined();
  });
});

describe('what a visitor types', () => {
  it('is kept on the newest identity only, and merges nobody', async () => {
    await house.say('c1');
    const before = await identity('visitor:v1');
    await identify(['subject:s1', 'visitor:v1'], { signed: { email: 'cleo@example.com' } });
    await house.say('d1', { conversations: ['visitor:v2'], keyScope: 'visitor:v2' });
    await identify(['visitor:v2'], { typed: { email: 'cleo@example.com', name: 'Cleo' } });
    expect((await identity('visitor:v2')).typed).toEqual({ email: 'cleo@example.com', name: 'Cleo' });
    expect((await identity('visitor:v2')).customerId).not.toBe((await identity('subject:s1')).customerId);
    await identify(['subject:s1', 'visitor:v1'], { typed: { phone: '+41 44 000 00 00' } });
    expect((await identity('subject:s1')).typed).toEqual({ phone: '+41 44 000 00 00' });
    expect((await identity('visitor:v1')).typed).toBe(before.typed);
  });

  it('adds to what they typed before, and is told to those who see the open session', async () => {
    const { conversation } = await house.say('c1');
    house.signals.length = 0;
    await identify(['visitor:v1'], { typed: { name: 'Cleo' } });
    await identify(['visitor:v1'], { typed: { email: ' cleo@example.com ' } });
    await identify(['visitor:v1'], { typed: { email: 'cleo@example.com' } });
    expect((await identity('visitor:v1')).typed).toEqual({ name: 'Cleo', email: 'cleo@example.com' });
    expect(house.signals.map(({ kind }) => kind)).toEqual(['session', 'session']);
    expect(await house.log(conversation.id)).toHaveLength(2);
  });
});
