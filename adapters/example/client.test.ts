import { afterEach, describe, expect, it } from 'vitest';
import { testHost } from '../../test/support/adapter-host.ts';
import { type Answer, type PlatformServer, platformServer } from '../../test/support/platform-server.ts';
import type { Attempt } from '../contract/index.ts';
import { create } from './client.ts';
import { settings } from './config.ts';
import { verify } from './webhook.ts';

const secret = 'correct horse battery staple 0123456789';
const conversation = { id: 'thread:c-1', address: { conversation: 'c-1' } };

let server: PlatformServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function client(answer: Answer) {
  const other = await platformServer(() => answer);
  server = other;
  const host = testHost(settings.parse({ address: 'https://chat.example/foyer?a=1', secret }), {
    origin: other.origin,
  });
  const attempt: Attempt = {
    part: {
      request: { body: '{"type":"message","text":"世界"}' },
      key: 'key-1',
      shows: { kind: 'text', text: '世界' },
    },
    conversation,
    ready: undefined,
    number: 1,
    signal: AbortSignal.timeout(5_000),
  };
  return { host, seen: other.seen, attempt, channel: create(host) };
}

describe('sending to another system', () => {
  it('brings the exact body, signed as we would take it ourselves, with its key', async () => {
    const { channel, attempt, seen, host } = await client({ json: { id: 17 } });
    expect(await channel.send(attempt)).toEqual({ externalIds: ['17'] });
    const [request] = seen;
    expect(request).toMatchObject({ method: 'POST', url: '/foyer?a=1' });
    expect(request?.headers['idempotency-key']).toBe('key-1');
    expect(request?.body.toString()).toBe('{"type":"message","text":"世界"}');
    const verdict = verify(
      {
        method: 'POST',
        path: '',
        query: new URLSearchParams(),
        headers: request?.headers ?? {},
        body: request?.body ?? Buffer.alloc(0),
      },
      host.channel.settings,
      host.clock.now(),
    );
    expect(verdict.kind).toBe('delivery');
  });

  it('counts a known key as sent', async () => {
    const { channel, attempt } = await client({ status: 409, json: { id: 'm-1' } });
    expect(await channel.send(attempt)).toEqual({ externalIds: ['m-1'], repeated: true });
  });

  it.each([
    [{ status: 400, json: { error: 'no such field' } }, 'refused', 'no such field'],
    [{ status: 410 }, 'blocked', 'no longer knows'],
    [{ status: 401 }, 'channel-broken', '401'],
    [{ status: 429, headers: { 'retry-after': '2' } }, 'rate-limited', '429'],
    [{ status: 500 }, 'unknown', '500'],
    ['hang-up', 'unknown', 'no answer'],
  ] as const)('an answer %o means %s', async (answer, kind, words) => {
    const { channel, attempt } = await client(answer);
    await expect(channel.send(attempt)).rejects.toMatchObject({ kind, message: expect.stringContaining(words) });
  });
});

describe('beside messages', () => {
  it('typing and reading are told, and files fetched', async () => {
    const { channel, seen } = await client({ body: Buffer.from('bytes') });
    await channel.typing?.(conversation, true);
    await channel.read?.(conversation, ['e-1']);
    expect(seen.map(({ json }) => json)).toEqual([
      { type: 'typing', conversation: 'c-1', typing: true },
      { type: 'read', conversation: 'c-1', messages: ['e-1'] },
    ]);
    await expect(channel.fetch?.({ url: 'https://chat.example/files/1' })).resolves.toBeDefined();
    await expect(channel.fetch?.({})).rejects.toMatchObject({ kind: 'refused' });
    expect(seen[2]).toMatchObject({ method: 'GET', path: '/files/1' });
    expect(seen[2]?.headers).not.toHaveProperty('foyer-signature');
  });

  it('testing says whether a signed request is taken', async () => {
    const good = await client({ status: 204 });
    expect(await good.channel.test()).toEqual([{ ok: true, what: 'Your system', detail: expect.any(String) }]);
    await server?.close();
    const bad = await client({ status: 401 });
    const [result] = await bad.channel.test();
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining('same secret') });
    expect(result?.detail).not.toContain(secret);
  });
});
