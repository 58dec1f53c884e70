import { afterEach, describe, expect, it } from 'vitest';
import { testHost } from '../../test/support/adapter-host.ts';
import {
  type Answer,
  type PlatformServer,
  platformServer,
  type SeenRequest,
} from '../../test/support/platform-server.ts';
import type { Attempt, Conversation, Part } from '../contract/index.ts';
import { create } from './client.ts';
import { settings as schema } from './config.ts';
import type { Address } from './platform.ts';

const retryKey = '123e4567-e89b-12d3-a456-426614174000';
const push: Part = {
  request: { messages: '[{"type":"text","text":"Hi"}]', retryKey },
  key: retryKey,
  shows: { kind: 'text', text: 'Hi' },
};
const reply: Part = {
  request: { messages: '[{"type":"text","text":"Hi"}]', retryKey, reply: true },
  shows: { kind: 'text', text: 'Hi' },
};
const sent = { status: 200, json: { sentMessages: [{ id: '461230966842064897', quoteToken: 'q' }] } };
const error = (status: number, message: string, details?: object[]) => ({ status, json: { message, details } });

let server: PlatformServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A client whose LINE answers by path, or each time the next of a list. */
async function client(
  answers: Record<string, Answer | Answer[] | ((request: SeenRequest) => Answer)>,
  settings: object = { channelAccessToken: 'long-lived' },
) {
  const platform = await platformServer((request) => {
    const answer = answers[request.path];
    if (typeof answer === 'function') return answer(request);
    if (Array.isArray(answer)) return answer.shift() ?? { status: 599 };
    return answer ?? { status: 404, json: { message: 'Not found' } };
  });
  server = platform;
  const host = testHost(schema.parse({ channelSecret: 'channel-secret', ...settings }), { origin: platform.origin });
  const address: Address = { to: 'U1', kind: 'user', reply: { token: 'r1', at: host.clock.now() - 1_000 } };
  const conversation: Conversation = { id: 'user:U1', address };
  const attempt = (part: Part, more: Partial<Attempt> = {}): Attempt => ({
    part,
    conversation,
    ready: undefined,
    number: 1,
    signal: AbortSignal.timeout(5_000),
    ...more,
  });
  const paths = () => platform.seen.map(({ path }) => path.split('/').at(-1));
  return { host, platform, conversation, attempt, paths, line: create(host) };
}

const at = { reply: '/v2/bot/message/reply', push: '/v2/bot/message/push', token: '/oauth2/v3/token' };

describe('sending', () => {
  it('replies with the exact messages while the token is fresh, and keeps that it is spent', async () => {
    const { line, attempt, platform, conversation } = await client({ [at.reply]: sent });
    expect(await line.send(attempt(reply))).toEqual({
      externalIds: ['461230966842064897'],
      conversation: { ...conversation, address: { to: 'U1', kind: 'user' } },
    });
    expect(platform.seen[0]).toMatchObject({ method: 'POST', path: at.reply });
    expect(platform.seen[0]?.body.toString()).toBe('{"replyToken":"r1","messages":[{"type":"text","text":"Hi"}]}');
    expect(platform.seen[0]?.headers.authorization).toBe('Bearer long-lived');
    // LINE refuses replies that have one.
    expect(platform.seen[0]?.headers['x-line-retry-key']).toBeUndefined();
  });

  it('pushes with the retry key when the reply token turns out used or too old', async () => {
    const { line, attempt, platform, paths } = await client({
      [at.reply]: error(400, 'Invalid reply token'),
      [at.push]: sent,
    });
    expect(await line.send(attempt(reply))).toMatchObject({
      externalIds: ['461230966842064897'],
      conversation: { address: { to: 'U1', kind: 'user' } },
    });
    expect(paths()).toEqual(['reply', 'push']);
    expect(platform.seen[1]?.headers['x-line-retry-key']).toBe(retryKey);
    expect(platform.seen[1]?.body.toString()).toBe('{"to":"U1","messages":[{"type":"text","text":"Hi"}]}');
  });

  it.each([
    ['a lost answer', 'hang-up'],
    ['a 500', error(500, 'Internal error')],
  ] as const)('never pushes after a reply with %s: that might double the message', async (_, answer) => {
    const { line, attempt, paths } = await client({ [at.reply]: answer, [at.push]: sent });
    await expect(line.send(attempt(reply))).rejects.toMatchObject({ kind: 'unknown' });
    expect(paths()).toEqual(['reply']);
  });

  it('pushes at once when the token has become old, was used, or the message may not be a reply', async () => {
    const { line, attempt, paths, host } = await client({ [at.push]: sent });
    const used: Conversation = { id: 'user:U1', address: { to: 'U1', kind: 'user' } };
    await line.send(attempt(push));
    await line.send(attempt(reply, { conversation: used }));
    await host.clock.advance(50_000);
    await line.send(attempt(reply));
    expect(paths()).toEqual(['push', 'push', 'push']);
  });

  it('repeats a push in place of a reply once by its key, since nobody else will', async () => {
    const { line, attempt, platform } = await client({
      [at.reply]: error(400, 'Invalid reply token'),
      [at.push]: ['hang-up', { ...sent, status: 409 }],
    });
    expect(await line.send(attempt(reply))).toMatchObject({ externalIds: ['461230966842064897'], repeated: true });
    expect(platform.seen.slice(1).map(({ headers }) => headers['x-line-retry-key'])).toEqual([retryKey, retryKey]);
    expect(platform.seen[1]?.body.equals(platform.seen[2]?.body ?? Buffer.alloc(0))).toBe(true);
  });

  it('takes 409 for what it is: accepted before, with its ids', async () => {
    const { line, attempt } = await client({ [at.push]: { ...sent, status: 409 } });
    expect(await line.send(attempt(push))).toEqual({ externalIds: ['461230966842064897'], repeated: true });
  });

  it.each([
    ['hang-up', 'unknown', 'There was no answer.'],
    [error(500, 'Internal error'), 'unknown', 'Internal error'],
    [error(503, 'Unavailable'), 'unreachable', 'Unavailable'],
    [error(429, 'The API rate limit has been exceeded. Try again later.'), 'rate-limited', 'rate limit'],
    [error(429, 'You have reached your monthly limit.'), 'refused', 'Raise the plan'],
    [
      error(401, 'Authentication failed. Confirm that the access token in the authorization header is valid.'),
      'channel-broken',
      'access token',
    ],
    [error(403, 'Access to this API is not available for your account'), 'channel-broken', 'not available'],
    [error(400, 'Failed to send messages'), 'blocked', 'knows no such user'],
    [
      error(400, 'The request body has 1 error(s)', [{ message: 'May not be empty', property: 'messages[0].text' }]),
      'refused',
      'messages[0].text: May not be empty',
    ],
  ] as const)('an answer %o means %s', async (answer, kind, words) => {
    const { line, attempt } = await client({ [at.push]: answer });
    const failure = await line.send(attempt(push)).catch((reason: unknown) => reason);
    expect(failure).toMatchObject({ name: expect.any(String), kind, message: expect.stringContaining(words) });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('long-lived');
  });

  it('tells whoever looks after the channel that the month is used up', async () => {
    const { line, attempt, host } = await client({ [at.push]: error(429, 'You have reached your monthly limit.') });
    await expect(line.send(attempt(push))).rejects.toMatchObject({ code: 'monthly-limit' });
    expect(host.reports).toEqual([{ state: 'connected', detail: expect.stringContaining('Raise the plan') }]);
  });
});

describe('the token', () => {
  const stateless = { channelId: '1656565656' };
  const grant = (token: string) => ({ json: { token_type: 'Bearer', access_token: token, expires_in: 899 } });

  it('is made of channel ID and secret when none is given, once for several messages', async () => {
    const { line, attempt, platform, paths, host } = await client(
      { [at.token]: grant('t1'), [at.push]: sent },
      stateless,
    );
    await line.send(attempt(push));
    await line.send(attempt(push));
    expect(paths()).toEqual(['token', 'push', 'push']);
    expect(Object.fromEntries(new URLSearchParams(platform.seen[0]?.body.toString()))).toEqual({
      grant_type: 'client_credentials',
      client_id: '1656565656',
      client_secret: 'channel-secret',
    });
    expect(platform.seen[1]?.headers.authorization).toBe('Bearer t1');
    expect([...host.kept.values()]).toEqual([{ value: 't1', expiresAt: host.clock.now() + 899_000 }]);
  });

  it('that LINE refuses is made anew once, and the message goes with the new one', async () => {
    const { line, attempt, platform } = await client(
      { [at.token]: [grant('t1'), grant('t2')], [at.push]: [error(401, 'expired'), sent] },
      stateless,
    );
    await expect(line.send(attempt(push))).resolves.toMatchObject({ externalIds: ['461230966842064897'] });
    expect(platform.seen.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer t1',
      undefined,
      'Bearer t2',
    ]);
  });

  it('that cannot be made leaves nothing in doubt', async () => {
    const broken = await client({ [at.token]: { status: 400, json: { error: 'invalid_client' } } }, stateless);
    await expect(broken.line.send(broken.attempt(push))).rejects.toMatchObject({ kind: 'channel-broken' });
    await server?.close();
    const lost = await client({ [at.token]: 'hang-up' }, stateless);
    await expect(lost.line.send(lost.attempt(push))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(lost.paths()).toEqual(['token']);
  });
});

describe("a customer's file", () => {
  const content = '/v2/bot/message/4445/content';

  it('is fetched with the token and streamed', async () => {
    const { line, platform } = await client({
      [content]: { headers: { 'content-type': 'image/jpeg' }, body: Buffer.from('jpeg') },
    });
    const file = await line.fetch?.({ messageId: '4445' });
    expect(file?.contentType).toBe('image/jpeg');
    const pieces: Uint8Array[] = [];
    for await (const piece of file?.stream ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('jpeg');
    expect(platform.seen[0]?.headers.authorization).toBe('Bearer long-lived');
  });

  it.each([
    [{ status: 202 }, 'later', 5_000],
    [{ status: 404 }, 'gone', undefined],
    [{ status: 410 }, 'gone', undefined],
    [{ status: 500 }, 'later', undefined],
    [{ status: 401 }, 'later', 60_000],
  ])('answered with %o is %s', async (answer, kind, after) => {
    const { line } = await client({ [content]: answer });
    await expect(line.fetch?.({ messageId: '4445' })).rejects.toMatchObject({ name: 'MediaFailure', kind, after });
  });

  it('elsewhere is fetched without the token, and its id cannot leave its place in the path', async () => {
    const { line, platform } = await client({ '/1.png': { body: Buffer.from('png') } });
    await line.fetch?.({ url: 'https://stickershop.line-scdn.net/1.png' });
    expect(platform.seen[0]?.headers.authorization).toBeUndefined();
    await expect(line.fetch?.({ messageId: '../../../admin?x=' })).rejects.toMatchObject({ kind: 'gone' });
    expect(platform.seen[1]?.url).toBe('/v2/bot/message/..%2F..%2F..%2Fadmin%3Fx%3D/content');
    await expect(line.fetch?.('nothing')).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('a customer', () => {
  it('has a profile, also as a member of a group', async () => {
    const told = {
      displayName: 'Ada',
      userId: 'U1',
      pictureUrl: 'https://obs.example/p',
      language: 'en',
      statusMessage: 'x',
    };
    const { line, conversation } = await client({
      '/v2/bot/profile/U1': { json: told },
      '/v2/bot/group/C1/member/U1': { json: { displayName: 'Ada of the group' } },
    });
    const group: Conversation = { id: 'group:C1', address: { to: 'C1', kind: 'group' } };
    expect(await line.profile?.({ id: 'U1' }, conversation)).toEqual({
      name: 'Ada',
      pictureUrl: 'https://obs.example/p',
      locale: 'en',
    });
    expect(await line.profile?.({ id: 'U1' }, group)).toEqual({ name: 'Ada of the group' });
    expect(await line.profile?.({ id: 'U2' }, group)).toBeUndefined();
    expect(await line.profile?.({ id: 'C1' }, group)).toBeUndefined();
  });

  it('sees that somebody writes, one-to-one only; it ends by itself', async () => {
    const { line, conversation, platform } = await client({ '/v2/bot/chat/loading/start': { status: 202, json: {} } });
    await line.typing?.(conversation, true);
    await line.typing?.(conversation, false);
    await line.typing?.({ id: 'group:C1', address: { to: 'C1', kind: 'group' } }, true);
    expect(platform.seen.map(({ json }) => json)).toEqual([{ chatId: 'U1', loadingSeconds: 20 }]);
  });

  it('sees messages as read by the token of the last one', async () => {
    const { line, platform, conversation } = await client({ '/v2/bot/chat/markAsRead': { json: {} } });
    await line.read?.({ id: 'user:U1', address: { to: 'U1', kind: 'user', readToken: 'rt' } }, ['1', '2']);
    await line.read?.(conversation, ['1']);
    expect(platform.seen.map(({ json }) => json)).toEqual([{ markAsReadToken: 'rt' }]);
  });
});

describe('testing the connection', () => {
  const good = {
    '/v2/bot/info': { json: { userId: 'U0', basicId: '@216ru', displayName: 'Shop' } },
    '/v2/bot/channel/webhook/endpoint': { json: { endpoint: 'https://foyer.example/webhooks/line1', active: true } },
    '/v2/bot/channel/webhook/test': { json: { success: true, statusCode: 200, reason: 'OK', detail: '200' } },
    '/v2/bot/message/quota': { json: { type: 'limited', value: 200 } },
    '/v2/bot/message/quota/consumption': { json: { totalUsage: 12 } },
  };

  it('tells whose token it is, that LINE reaches us, and what is left of the month', async () => {
    const { line } = await client(good);
    expect(await line.test()).toEqual([
      { ok: true, what: 'Access token', detail: 'It is that of Shop (@216ru).' },
      { ok: true, what: 'Webhook', detail: 'LINE reaches https://foyer.example/webhooks/line1.' },
      { ok: true, what: 'Messages this month', detail: '12 of 200 sent.' },
    ]);
  });

  it.each([
    [{ '/v2/bot/info': error(401, 'Authentication failed') }, 'Access token', 'Issue a new channel access token'],
    [{ '/v2/bot/channel/webhook/endpoint': error(404, 'Not found') }, 'Webhook', 'has no address'],
    [
      { '/v2/bot/channel/webhook/endpoint': { json: { endpoint: 'https://a.example', active: false } } },
      'Webhook',
      'Use webhook',
    ],
    [
      {
        '/v2/bot/channel/webhook/test': {
          json: { success: false, statusCode: 401, reason: 'ERROR_STATUS_CODE', detail: '401' },
        },
      },
      'Webhook',
      'ERROR_STATUS_CODE',
    ],
    [{ '/v2/bot/message/quota/consumption': { json: { totalUsage: 200 } } }, 'Messages this month', 'Raise the plan'],
  ])('says what is wrong and what to do: %o', async (answers, what, words) => {
    const { line } = await client({ ...good, ...answers });
    const wrong = (await line.test()).filter(({ ok }) => !ok);
    expect(wrong).toEqual([{ ok: false, what, detail: expect.stringContaining(words) }]);
    expect(JSON.stringify(wrong)).not.toMatch(/long-lived|channel-secret/);
  });
});
