import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { openPage, pause, type ServerUnderTest } from './page.ts';

const soon = () => Math.floor(Date.now() / 1000) + 300;

/** Who may connect, as whom, and what proves it. */
export function connectingBehaves(server: () => ServerUnderTest): void {
  const sign = (claims: Record<string, unknown>, key = server().secret, alg = 'HS256') =>
    new SignJWT({ exp: soon(), ...claims }).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));

  describe('connecting', () => {
    it('gives a first visitor an id and a token made by the server, and the channel’s settings', async () => {
      const page = await openPage(server());
      expect(page.hello).toMatchObject({ version: 1, sessions: [], pages: {}, visitor: { fresh: true } });
      expect(page.hello.visitor.id).toMatch(/^vis_[0-9a-f]{32}$/);
      expect(page.hello.visitor.token.length).toBeGreaterThan(40);
      expect(page.hello.settings).toMatchObject({ maxUploadBytes: expect.any(Number), uploadTypes: expect.any(Array) });
      expect(JSON.stringify(page.hello)).not.toContain(server().secret);
      page.close();
    });

    it('knows a returning visitor by the token', async () => {
      const first = await openPage(server());
      const again = await openPage(server(), { token: first.hello.visitor.token });
      expect(again.hello.visitor).toMatchObject({ id: first.hello.visitor.id, fresh: false });
      first.close();
      again.close();
    });

    it.each([
      { visitor: 'vis_00000000000000000000000000000001' },
      { id: 'vis_00000000000000000000000000000001' },
      { session: 'ses_00000000000000000000000000000001' },
    ])('does not let a client choose who it is: %j', async (chosen) => {
      const auth = { version: 1, channel: server().channel, ...chosen };
      await expect(openPage(server(), { auth })).rejects.toMatchObject({ code: 'CHANNEL_EVENT_INVALID' });
    });

    it.each([
      {},
      { version: 2 },
      { version: 1, channel: ['web'] },
      { version: 1, channel: { $ne: 1 } },
      { channel: 'shop' },
    ])('refuses the handshake %j', async (auth) => {
      await expect(openPage(server(), { auth })).rejects.toMatchObject({
        code: expect.stringMatching(/^CHANNEL_(UNKNOWN|EVENT_INVALID)$/),
      });
    });

    it('refuses a channel that does not exist', async () => {
      await expect(openPage(server(), { channel: 'nope' })).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN' });
    });

    it('refuses every other origin', async () => {
      const { origin } = server();
      const { protocol, host, hostname } = new URL(origin);
      const others = [
        null,
        'null',
        `${protocol === 'https:' ? 'http' : 'https'}://${host}`,
        `${protocol}//${hostname}:1`,
        `${origin}.`,
        `${origin}.evil.io`,
        `${protocol}//evil-${host}`,
        `${protocol}//x.${host}`,
        `${origin}/`,
        'https://evil.io',
        'file://',
      ];
      for (const other of others) {
        await expect(openPage(server(), { origin: other }), `${other}`).rejects.toMatchObject({
          code: 'CHANNEL_ORIGIN_REFUSED',
        });
      }
    });

    it('refuses a forged, altered or foreign token', async () => {
      const page = await openPage(server());
      const elsewhere = await openPage(server(), { channel: server().otherChannel });
      const { token } = page.hello.visitor;
      const [head, body, signature] = token.split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
      const other = Buffer.from(JSON.stringify({ ...claims, sub: elsewhere.hello.visitor.id })).toString('base64url');
      const none = new UnsecuredJWT(claims).encode();
      const tokens = ['x', 'a.b.c', token.slice(0, -4), `${head}.${other}.${signature}`, `${head}.${body}.`, none];
      for (const forged of [...tokens, elsewhere.hello.visitor.token]) {
        await expect(openPage(server(), { token: forged }), forged).rejects.toMatchObject({
          code: 'CHANNEL_TOKEN_INVALID',
        });
      }
      page.close();
      elsewhere.close();
    });
  });

  describe('a signed identity', () => {
    it('signs in at the handshake, and again from another browser with the same conversations', async () => {
      const identity = await sign({ sub: 'ada', name: 'Ada', email: 'ada@shop.example' });
      const here = await openPage(server(), { identity });
      expect(here.hello.visitor.subject).toBe('ada');
      const { session } = await here.say('from the desktop');
      const phone = await openPage(server(), { identity });
      expect(phone.hello.visitor.id).not.toBe(here.hello.visitor.id);
      expect(phone.hello.sessions.map(({ id }) => id)).toContain(session.id);
      here.close();
      phone.close();
    });

    it('signs in a connected page, tells its other tabs, and keeps what was written before', async () => {
      const page = await openPage(server());
      const tab = await openPage(server(), { token: page.hello.visitor.token });
      const before = await page.say('who am I?');
      const answer = await page.ask('identity:send', { token: await sign({ sub: 'bea' }) });
      expect(answer).toMatchObject({ ok: true, visitor: { id: page.hello.visitor.id, subject: 'bea' } });
      expect(await tab.fact('ended')).toEqual({ reason: 'signed-in' });
      await tab.gone();
      const read = await page.ask('activities:read', { session: before.session.id, after: 0 });
      expect(read).toMatchObject({ ok: true });
      page.close();
    });

    it('never shows the first person’s conversations to the second on the same browser', async () => {
      const page = await openPage(server(), { identity: await sign({ sub: 'cleo' }) });
      const { session } = await page.say('private to cleo');
      const old = page.hello.visitor.token;
      const answer = await page.ask('identity:send', { token: await sign({ sub: 'dora' }) });
      expect(answer).toMatchObject({ ok: true, visitor: { subject: 'dora' } });
      expect(answer.ok && answer.visitor.id).not.toBe(page.hello.visitor.id);
      const refused = { ok: false, error: { code: 'SESSION_NOT_FOUND' } };
      expect(await page.ask('activities:read', { session: session.id, after: 0 })).toMatchObject(refused);
      await expect(openPage(server(), { token: old })).rejects.toMatchObject({ code: 'CHANNEL_TOKEN_INVALID' });
      page.close();
    });

    it('is refused when expired, unsigned, altered, for another channel, or signed with another key or algorithm', async () => {
      const good = await sign({ sub: 'eve' });
      const [head, , signature] = good.split('.') as [string, string, string];
      const altered = Buffer.from(JSON.stringify({ sub: 'ada', exp: soon() })).toString('base64url');
      const es256 = await generateKeyPair('ES256');
      const identities = [
        await sign({ sub: 'eve', exp: soon() - 4_000 }),
        await sign({ sub: 'eve', exp: undefined }),
        await sign({ sub: '' }),
        await sign({}),
        await sign({ sub: 'eve', aud: 'another channel' }),
        await sign({ sub: 'eve' }, 'k'.repeat(40)),
        await sign({ sub: 'eve' }, server().secret, 'HS512'),
        await new SignJWT({ sub: 'eve', exp: soon() }).setProtectedHeader({ alg: 'ES256' }).sign(es256.privateKey),
        new UnsecuredJWT({ sub: 'eve', exp: soon() }).encode(),
        `${head}.${altered}.${signature}`,
        'garbage',
      ];
      const page = await openPage(server());
      for (const identity of identities) {
        await expect(openPage(server(), { identity })).rejects.toMatchObject({ code: 'CHANNEL_IDENTITY_INVALID' });
        const answer = await page.ask('identity:send', { token: identity });
        expect(answer).toMatchObject({ ok: false, error: { code: 'CHANNEL_IDENTITY_INVALID', retryable: false } });
      }
      page.close();
    });

    it('is not what a visitor types: a known name or address opens nothing', async () => {
      const ada = await openPage(server(), { identity: await sign({ sub: 'fay', email: 'fay@shop.example' }) });
      await ada.say('hello');
      const stranger = await openPage(server());
      const typed = { name: 'Fay', email: 'fay@shop.example' };
      expect(await stranger.ask('identity:describe', typed)).toEqual({ ok: true });
      const resumed = await stranger.ask('session:resume', { cursor: {} });
      expect(resumed).toMatchObject({ ok: true, sessions: [] });
      ada.close();
      stranger.close();
    });
  });

  describe('logging out', () => {
    it('ends every tab and kills the token', async () => {
      const page = await openPage(server());
      const tab = await openPage(server(), { token: page.hello.visitor.token });
      const { session } = await page.say('secret of the shared computer');
      expect(await page.ask('visitor:logout', {})).toEqual({ ok: true });
      for (const one of [page, tab]) {
        expect(await one.fact('ended')).toEqual({ reason: 'logged-out' });
        await one.gone();
      }
      for (const { token } of [page.hello.visitor, tab.hello.visitor]) {
        await expect(openPage(server(), { token })).rejects.toMatchObject({ code: 'CHANNEL_TOKEN_INVALID' });
      }
      const next = await openPage(server());
      const refused = { ok: false, error: { code: 'SESSION_NOT_FOUND' } };
      expect(await next.ask('activities:read', { session: session.id, after: 0 })).toMatchObject(refused);
      next.close();
      await pause(0);
    });
  });
}
