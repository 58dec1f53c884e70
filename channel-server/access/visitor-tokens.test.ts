import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Visitor } from '../../adapters/contract/index.ts';
import { type FakeClock, fakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import type { Change } from '../session/changes.ts';
import { createSignalBus } from '../session/signal-bus.ts';
import type { VisitorTokens } from './access-service.ts';
import { createAccessTokens } from './access-tokens.ts';
import { deriveKey } from './keys.ts';
import { createVisitorTokens } from './visitor-tokens.ts';

const secret = 'an installation secret of the tests';
const visitor: Visitor = { id: 'vis_1', tenantId: 'default', channelId: 'shop' };
let clock: FakeClock;
let revoked: Set<string>;
let reads: number;

function make(): VisitorTokens {
  return createVisitorTokens({
    accounts: {
      async visitorRevoked(id) {
        reads += 1;
        return revoked.has(id);
      },
    },
    unitOfWork: {
      async commit(changes: readonly Change[]) {
        for (const change of changes) {
          if (change.kind === 'insert' && change.record === 'revokedVisitor') revoked.add(change.values.id);
        }
        return { outcome: 'applied', appended: [] };
      },
    },
    signals: createSignalBus(silentLog()),
    clock,
    secret,
  });
}

beforeEach(() => {
  clock = fakeClock();
  revoked = new Set();
  reads = 0;
});

describe('visitor tokens', () => {
  it('name the visitor they were made for, with the subject when signed in', async () => {
    const tokens = make();
    expect(await tokens.verify(await tokens.issue(visitor), 'shop')).toEqual(visitor);
    const signed = { ...visitor, subject: 'u1' };
    expect(await tokens.verify(await tokens.issue(signed))).toEqual(signed);
  });

  it("are refused on another channel, when forged, altered, expired, or of the staff's kind", async () => {
    const tokens = make();
    const token = await tokens.issue(visitor);
    const staff = await createAccessTokens(secret, clock).make({
      accountId: 'vis_1',
      tenantId: 'default',
      signIn: 's',
      madeAt: 0,
    });
    const [header, , signature] = token.split('.');
    const altered = Buffer.from(JSON.stringify({ sub: 'vis_2', ten: 'default', chn: 'shop' })).toString('base64url');
    const wrongType = await new SignJWT({ ten: 'default', chn: 'shop', sub: 'vis_1', exp: 4_000_000_000, iat: 1 })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('foyer')
      .setAudience('visitor')
      .sign(deriveKey(secret, 'visitor tokens'));
    expect(await tokens.verify(token, 'other')).toBeUndefined();
    for (const bad of [
      '',
      'vis_1',
      staff,
      wrongType,
      `${header}.${altered}.${signature}`,
      `${token}a`,
      'x'.repeat(5000),
    ]) {
      expect(await tokens.verify(bad), bad.slice(0, 40)).toBeUndefined();
    }
    await clock.advance(91 * 86_400_000);
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('die at once where they are revoked, and within five seconds elsewhere', async () => {
    const here = make();
    const elsewhere = make();
    const token = await here.issue(visitor);
    expect(await elsewhere.verify(token)).toEqual(visitor);
    await here.revoke(visitor);
    expect(await here.verify(token)).toBeUndefined();
    await clock.advance(5_000);
    expect(await elsewhere.verify(token)).toBeUndefined();
  });

  it('cost one read for many requests', async () => {
    const tokens = make();
    const token = await tokens.issue(visitor);
    for (let i = 0; i < 20; i++) await tokens.verify(token);
    expect(reads).toBe(1);
  });
});
