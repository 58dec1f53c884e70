import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccessTokens } from '../../channel-server/access/access-tokens.ts';
import { createVisitorTokens } from '../../channel-server/access/visitor-tokens.ts';
import { systemClock } from '../../channel-server/runtime.ts';
import { createSignalBus } from '../../channel-server/session/signal-bus.ts';
import { openPage } from '../contracts/web-protocol/page.ts';
import { openDesk } from '../support/agent-desk.ts';
import { silentLog } from '../support/silent-log.ts';
import { type Conversation, headersOf, secret, type TwoCompanies, twoCompanies } from '../support/two-companies.ts';

let world: TwoCompanies;
let server: TwoCompanies['server'];
let mine: Conversation;

beforeAll(async () => {
  world = await twoCompanies();
  ({ server, mine } = world);
});
afterAll(() => world?.remove());

describe('a token', () => {
  const clockAt = (at: number) => ({ ...systemClock, now: () => at });
  const claims = async () => {
    const me = await fetch(`${server.url}/api/v1/me`, { headers: headersOf(mine.desk.accessToken) });
    const { id: accountId } = (await me.json()) as { id: string };
    const [, payload = ''] = mine.desk.accessToken.split('.');
    const { sid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid: string };
    return { accountId, tenantId: 'default', signIn: sid };
  };

  it('of the right account opens a desk only when this installation made it, for this, and lately', async () => {
    const now = Date.now();
    const known = await claims();
    const made = (key: string, at: number) =>
      createAccessTokens(Buffer.from(key), clockAt(at)).make({ ...known, madeAt: at });
    await (await openDesk(server, 'ann', { accessToken: await made(secret, now) })).close();
    const unsigned = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${mine.desk.accessToken.split('.')[1]}.`;
    const otherTenant = await createAccessTokens(Buffer.from(secret), clockAt(now)).make({
      ...known,
      tenantId: 'other',
      madeAt: now,
    });
    const refused: Record<string, string> = {
      none: '',
      garbage: 'x.y.z',
      expired: await made(secret, now - 301_000),
      'of another installation': await made('the secret of a wholly other installation', now),
      unsigned,
      'of a visitor': mine.page.hello.visitor.token,
      'signed with the bare secret': await new SignJWT({ ten: 'default', sid: known.signIn, ms: now })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setSubject(known.accountId)
        .setIssuer('foyer')
        .setAudience('staff')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(Buffer.from(secret)),
      'for another tenant': otherTenant,
    };
    for (const [what, accessToken] of Object.entries(refused)) {
      await expect(openDesk(server, 'ann', { accessToken }), what).rejects.toMatchObject({
        code: 'ACCESS_NOT_SIGNED_IN',
      });
      const answer = await fetch(`${server.url}/api/v1/sessions`, { headers: headersOf(accessToken) });
      expect(answer.status, what).toBe(401);
    }
  });

  it('of a visitor opens a page only when this installation made it, for this channel, and of a visitor', async () => {
    const { id } = mine.page.hello.visitor;
    const visitor = { id, tenantId: 'default', channelId: 'web' };
    const tokens = (key: string, at = Date.now()) =>
      createVisitorTokens({
        accounts: { visitorRevoked: async () => false },
        unitOfWork: { commit: async () => ({ outcome: 'applied', appended: [] }) },
        signals: createSignalBus(silentLog()),
        clock: clockAt(at),
        secret: Buffer.from(key),
      });
    const good = await openPage(world.door('web'), { token: await tokens(secret).issue(visitor) });
    expect(good.hello.visitor).toMatchObject({ id, fresh: false });
    good.close();
    const refused: Record<string, string> = {
      garbage: 'x.y.z',
      expired: await tokens(secret, Date.now() - 500 * 24 * 3_600_000).issue(visitor),
      'of another installation': await tokens('the secret of a wholly other installation').issue(visitor),
      'of staff': mine.desk.accessToken,
      'of another channel': await tokens(secret).issue({ ...visitor, channelId: 'web-sales' }),
      'of another tenant': await tokens(secret).issue({ ...visitor, tenantId: 'other' }),
    };
    for (const [what, token] of Object.entries(refused)) {
      await expect(openPage(world.door('web'), { token }), what).rejects.toMatchObject({
        code: 'CHANNEL_TOKEN_INVALID',
      });
    }
  });
});
