import { jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { fileOf, testHost } from '../../../../test/support/adapter-host.ts';
import {
  type Answer,
  type PlatformServer,
  platformServer,
  type SeenRequest,
} from '../../../../test/support/platform-server.ts';
import { type Attempt, MediaFailure, type Part, SendFailure } from '../../../contract/index.ts';
import type { GoogleRbmSettings, RcsSettings } from '../../config.ts';
import { googleRbm, keys, serviceAccount } from '../../fixtures/settings.ts';
import { createClient } from './client.ts';

const mediaId = `med_${'1'.repeat(32)}`;
const phone = '+12223334444';
const path = '/v1/phones/%2B12223334444/agentMessages';
const conversation = { id: `user:${phone}`, address: { phone } };
const servers: PlatformServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const token = { json: { access_token: 'ya29.a', expires_in: 3599, token_type: 'Bearer' } };

async function world(answer: (request: SeenRequest) => Answer, settings: GoogleRbmSettings = googleRbm) {
  const server = await platformServer((request) => (request.path === '/token' ? token : answer(request)));
  servers.push(server);
  const files = { [mediaId]: fileOf(Buffer.alloc(150_000, 7), 'image/png', 'chair.png') };
  const host = testHost<RcsSettings>(settings, { origin: server.origin, files });
  const calls = () => server.seen.filter((request) => request.path !== '/token');
  return { server, host, calls, client: createClient(host, settings) };
}

const text: Part = {
  request: {
    method: 'POST',
    path: `${path}?messageId=k-1`,
    body: { contentMessage: { text: 'Hi' } },
    messageId: 'k-1',
  },
  key: 'k-1',
  shows: { kind: 'text', text: 'Hi' },
};
const card: Part = {
  request: {
    method: 'POST',
    path: `${path}?messageId=k-2`,
    body: { contentMessage: { richCard: { media: { uploadedRbmFile: { fileName: { $media: 0, of: 'url' } } } } } },
    messageId: 'k-2',
    needs: ['RICHCARD_STANDALONE'],
  },
  key: 'k-2',
  media: [{ mediaId, use: 'image' }],
  shows: { kind: 'card' },
};
const attempt = (part: Part, ready: unknown = null): Attempt => ({
  part,
  conversation,
  ready,
  number: 1,
  signal: AbortSignal.timeout(5_000),
});
const signal = AbortSignal.timeout(60_000);

async function failureOf(running: Promise<unknown> | undefined): Promise<SendFailure> {
  const error = await running?.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

describe('the client of Google RBM', () => {
  it('signs for an access token with the service account, and only with Google', async () => {
    const { server, host, client } = await world(() => ({ json: {} }));
    await client.send(attempt(text));
    const form = new URLSearchParams(server.seen[0]?.body.toString());
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', keys.publicKey, {
      issuer: serviceAccount.client_email,
      // Not where the key file says, which might be anywhere.
      audience: 'https://oauth2.googleapis.com/token',
      currentDate: new Date(host.clock.now()),
    });
    expect(payload.scope).toBe('https://www.googleapis.com/auth/rcsbusinessmessaging');
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: serviceAccount.private_key_id });
    await client.send(attempt(text));
    expect(server.seen.filter((request) => request.path === '/token')).toHaveLength(1);
  });

  it('sends what was stored, with agent and token, and names the message by our id', async () => {
    const { calls, client } = await world(() => ({ json: { name: 'phones/x/agentMessages/k-1' } }));
    expect(await client.send(attempt(text))).toEqual({ externalIds: ['k-1'] });
    expect(calls()).toMatchObject([
      {
        method: 'POST',
        url: `${path}?messageId=k-1&agentId=growing-tree-bank%40rbm.goog`,
        headers: { authorization: 'Bearer ya29.a', 'content-type': 'application/json' },
        json: { contentMessage: { text: 'Hi' } },
      },
    ]);
  });

  it('takes a message back', async () => {
    const { calls, client } = await world(() => ({ json: {} }));
    const part: Part = {
      request: { method: 'DELETE', path: `${path}/k-1`, messageId: 'k-1' },
      shows: { kind: 'other' },
    };
    expect(await client.send(attempt(part))).toEqual({ externalIds: [] });
    expect(calls()[0]).toMatchObject({ method: 'DELETE', url: `${path}/k-1?agentId=growing-tree-bank%40rbm.goog` });
    expect(calls()[0]?.body).toHaveLength(0);
  });

  it('uploads a file before its message, which then names it', async () => {
    const { calls, client } = await world(({ path: at }) => {
      if (at.endsWith('/capabilities')) return { json: { features: ['RICHCARD_STANDALONE'] } };
      return at === '/upload/v1/files' ? { json: { name: 'files/abc' } } : { json: {} };
    });
    const ready = await client.ready?.(card, conversation, signal);
    expect(calls()[1]).toMatchObject({ method: 'POST', headers: { 'content-type': 'image/png' } });
    expect(calls()[1]?.body).toEqual(Buffer.alloc(150_000, 7));
    await client.send(attempt(card, ready));
    expect(calls()[2]?.json).toEqual({
      contentMessage: { richCard: { media: { uploadedRbmFile: { fileName: 'files/abc' } } } },
    });
  });

  it('opens a file anew when the token was refused in the middle of it', async () => {
    let first = true;
    const { calls, client } = await world(({ path: at }) => {
      if (at.endsWith('/capabilities')) return { json: { features: [] } };
      if (!first) return { json: { name: 'files/abc' } };
      first = false;
      return { status: 401, json: { error: { code: 401, status: 'UNAUTHENTICATED' } } };
    });
    expect(await client.ready?.(card, conversation, signal)).toEqual({ media: [{ url: 'files/abc' }] });
    expect(
      calls()
        .filter((request) => request.path === '/upload/v1/files')
        .map(({ body }) => body.length),
    ).toEqual([150_000, 150_000]);
  });

  it('asks once an hour what a phone can show, and says before the attempt what it cannot', async () => {
    const { calls, client, host } = await world(() => ({ json: { features: ['ACTION_DIAL'] } }));
    for (let n = 0; n < 2; n += 1) {
      const failure = await failureOf(client.ready?.(card, conversation, signal));
      expect(failure).toMatchObject({ kind: 'refused', code: 'FEATURE_UNSUPPORTED' });
      expect(failure.message).toContain('RICHCARD_STANDALONE');
    }
    expect(calls()).toHaveLength(1);
    expect(calls()[0]?.url).toBe(
      '/v1/phones/%2B12223334444/capabilities?requestId=k-2&agentId=growing-tree-bank%40rbm.goog',
    );
    await host.clock.advance(61 * 60_000);
    await failureOf(client.ready?.(card, conversation, signal));
    expect(calls().filter(({ path: at }) => at.endsWith('/capabilities'))).toHaveLength(2);
  });

  it('does not ask where that is switched off', async () => {
    const settings = { ...googleRbm, checkCapabilities: false };
    const { calls, client } = await world(() => ({ json: { name: 'files/abc' } }), settings);
    await client.ready?.(card, conversation, signal);
    expect(calls().map(({ path: at }) => at)).toEqual(['/upload/v1/files']);
  });

  it('says when a file of the message is gone', async () => {
    const { client } = await world(() => ({ json: {} }), { ...googleRbm, checkCapabilities: false });
    const gone = { ...card, media: [{ mediaId: `med_${'2'.repeat(32)}`, use: 'image' }] };
    expect(await failureOf(client.ready?.(gone, conversation, signal))).toMatchObject({
      kind: 'refused',
      code: 'MEDIA',
    });
  });

  it.each([
    [400, 'INVALID_ARGUMENT', 'refused'],
    [403, 'PERMISSION_DENIED', 'refused'],
    [404, 'NOT_FOUND', 'blocked'],
    [429, 'RESOURCE_EXHAUSTED', 'rate-limited'],
    [500, 'INTERNAL', 'unknown'],
    [503, 'UNAVAILABLE', 'unreachable'],
  ])('reads %i %s as %s', async (status, code, kind) => {
    const { client } = await world(() => ({ status, json: { error: { code: status, status: code, message: 'no' } } }));
    const failure = await failureOf(client.send(attempt(text)));
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toContain('ya29');
  });

  it('says of a number without RCS that an SMS may reach it', async () => {
    const { client } = await world(() => ({ status: 404, json: {} }));
    const failure = await failureOf(client.send(attempt(text)));
    expect(failure.message).toContain('SMS');
    // RCS may come back: the conversation is not closed for good.
    expect(failure.closed).toBeUndefined();
  });

  it('waits as long as Google says', async () => {
    const { client } = await world(() => ({ status: 429, headers: { 'retry-after': '7' }, json: {} }));
    expect(await failureOf(client.send(attempt(text)))).toMatchObject({ kind: 'rate-limited', after: 7_000 });
  });

  it('does not know what became of a message without an answer', async () => {
    const { client } = await world(() => 'hang-up');
    expect((await failureOf(client.send(attempt(text)))).kind).toBe('unknown');
  });

  it('stops the channel when Google refuses even a new token', async () => {
    const { server, client } = await world(() => ({ status: 401, json: {} }));
    expect((await failureOf(client.send(attempt(text)))).kind).toBe('channel-broken');
    expect(server.seen.filter((request) => request.path === '/token')).toHaveLength(2);
  });

  it('shows typing and reading as events with an id each', async () => {
    const { calls, client } = await world(() => ({ json: {} }));
    await client.typing?.(conversation, true);
    await client.typing?.(conversation, true);
    await client.typing?.(conversation, false);
    await client.read?.(conversation, ['in-1', 'in-2']);
    expect(calls().map(({ json }) => json)).toEqual([
      { eventType: 'IS_TYPING' },
      { eventType: 'IS_TYPING' },
      { eventType: 'READ', messageId: 'in-1' },
      { eventType: 'READ', messageId: 'in-2' },
    ]);
    const ids = calls().map(({ url }) => new URL(url, 'http://x').searchParams.get('eventId'));
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("fetches a customer's file without giving it the token", async () => {
    const { calls, client } = await world(({ path: at }) =>
      at === '/file-1' ? { headers: { 'content-type': 'image/gif' }, body: Buffer.from('GIF89a') } : { status: 404 },
    );
    const file = await client.fetch?.({ url: 'https://rcs-copper-us.googleapis.com/file-1' });
    expect(file?.contentType).toBe('image/gif');
    expect(calls()[0]?.headers.authorization).toBeUndefined();
    await expect(client.fetch?.({ url: 'https://rcs-copper-us.googleapis.com/gone' })).rejects.toMatchObject({
      constructor: MediaFailure,
      kind: 'gone',
    });
  });

  it('tells what works when the connection is tested', async () => {
    const { client } = await world(() => ({ status: 404, json: {} }));
    expect(await client.test()).toMatchObject([
      { ok: true, what: 'Access token' },
      { ok: true, what: 'Agent' },
    ]);
  });

  it('tells what does not, and what to do', async () => {
    const { client } = await world(() => ({ status: 403, json: { error: { message: 'agent of another partner' } } }));
    const [, agent] = await client.test();
    expect(agent).toMatchObject({ ok: false, detail: expect.stringContaining('agent of another partner') });
    const broken = {
      ...serviceAccount,
      private_key: '-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----',
    };
    const other = await world(() => ({ json: {} }), { ...googleRbm, serviceAccountKey: JSON.stringify(broken) });
    const results = await other.client.test();
    expect(results).toMatchObject([{ ok: false, detail: expect.stringContaining('cannot be read') }]);
    expect(JSON.stringify(results)).not.toContain('nonsense');
  });
});
