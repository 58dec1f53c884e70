import { afterEach, describe, expect, it } from 'vitest';
import { fileOf, testHost } from '../../../../test/support/adapter-host.ts';
import {
  type Answer,
  type PlatformServer,
  platformServer,
  type SeenRequest,
} from '../../../../test/support/platform-server.ts';
import { type Attempt, type EncodeContext, type Part, SendFailure } from '../../../contract/index.ts';
import type { RcsSettings } from '../../config.ts';
import { prepare } from '../../encode.ts';
import { gsmaMaap } from '../../fixtures/settings.ts';
import { createClient } from './client.ts';

const mediaId = `med_${'1'.repeat(32)}`;
const phone = '+14255550199';
const conversation = { id: `user:${phone}`, address: { phone } };
const bot = '/rcs/bot/v1/growing-tree-bank';
const signal = AbortSignal.timeout(60_000);
const servers: PlatformServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function world(answer: (request: SeenRequest) => Answer) {
  const server = await platformServer(answer);
  servers.push(server);
  const files = { [mediaId]: fileOf(Buffer.from('picture'), 'image/png', 'chair.png') };
  const host = testHost<RcsSettings>(gsmaMaap, { origin: server.origin, files });
  return { server, client: createClient(host, gsmaMaap) };
}

const context: EncodeContext<RcsSettings> = {
  settings: gsmaMaap,
  conversation,
  now: 0,
  link: () => undefined,
  key: (part) => `k-${part}`,
};
function partOf(activity: Partial<Parameters<typeof prepare>[0]>): Part {
  const [part] = prepare({ type: 'message', from: { role: 'agent' }, ...activity }, context).parts;
  if (part === undefined) throw new Error('no part');
  return part;
}
const text = partOf({ text: 'Hi' });
const picture = partOf({
  attachments: [{ contentType: 'image/png', contentUrl: `media:${mediaId}`, name: 'chair.png' }],
});
const attempt = (part: Part, ready: unknown = null): Attempt => ({ part, conversation, ready, number: 1, signal });

async function failureOf(running: Promise<unknown> | undefined): Promise<SendFailure> {
  const error = await running?.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

describe('the client of a MaaP platform', () => {
  it('sends with its token, and takes the name the platform gives', async () => {
    const { server, client } = await world(() => ({ json: { RCSMessage: { msgId: 'XFE3K', status: 'pending' } } }));
    expect(await client.send(attempt(text))).toEqual({ externalIds: ['XFE3K'] });
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: `${bot}/messages`,
      headers: { authorization: `Bearer ${gsmaMaap.token}` },
      json: { RCSMessage: { textMessage: 'Hi' }, messageContact: { userContact: phone } },
    });
  });

  it('hands a file over once, and waits until the platform is done with it', async () => {
    let asked = 0;
    const { server, client } = await world(({ path, method }) => {
      if (path === `${bot}/files` && method === 'POST') return { json: { fileId: 'f-1', status: 'pending' } };
      if (path !== `${bot}/files/f-1`) return { json: { RCSMessage: { msgId: 'm' } } };
      asked += 1;
      const found = { fileId: 'f-1', fileUrl: 'https://maap.carrier.example/f/1', fileSize: 7, fileType: 'image/png' };
      return { json: { ...found, status: asked < 2 ? 'pending' : 'ready' } };
    });
    expect(await failureOf(client.ready?.(picture, conversation, signal))).toMatchObject({
      kind: 'rate-limited',
      after: 5_000,
    });
    const ready = await client.ready?.(picture, conversation, signal);
    expect(server.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(server.seen[0]?.body.toString()).toContain('name="fileContent"; filename="chair.png"');
    await client.send(attempt(picture, ready));
    expect(server.seen.at(-1)?.json).toMatchObject({
      RCSMessage: {
        fileMessage: {
          fileUrl: 'https://maap.carrier.example/f/1',
          fileName: 'chair.png',
          fileMIMEType: 'image/png',
          fileSize: 7,
        },
      },
    });
  });

  it('tells that the platform refused a file', async () => {
    const { client } = await world(() => ({ json: { fileId: 'f-1', status: 'invalid' } }));
    expect(await failureOf(client.ready?.(picture, conversation, signal))).toMatchObject({
      kind: 'refused',
      code: 'FILE_INVALID',
    });
  });

  it.each([
    [400, 'refused'],
    [401, 'channel-broken'],
    [403, 'refused'],
    [404, 'blocked'],
    [429, 'rate-limited'],
    [500, 'unknown'],
    [503, 'unreachable'],
  ])('reads %i as %s', async (status, kind) => {
    const { client } = await world(() => ({ status, json: { error: { message: 'said' } } }));
    expect((await failureOf(client.send(attempt(text)))).kind).toBe(kind);
  });

  it('reads an error that came with 200', async () => {
    const { client } = await world(() => ({ json: { error: 'no such chatbot' } }));
    expect(await failureOf(client.send(attempt(text)))).toMatchObject({ kind: 'refused', message: /no such chatbot/ });
  });

  it('shows typing and reading, and takes a message back', async () => {
    const { server, client } = await world(() => ({ json: {} }));
    await client.typing?.(conversation, true);
    await client.typing?.({ id: 'user:chat:a', address: { chatId: 'a' } }, false);
    await client.read?.(conversation, ['in-1']);
    const [part] = prepare({ type: 'messageDelete', from: { role: 'agent' }, target: 'out-1' }, context).parts;
    expect(await client.send(attempt(part as Part))).toEqual({ externalIds: [] });
    expect(server.seen.map(({ method, path, json }) => [method, path, json])).toEqual([
      ['POST', `${bot}/messages`, { RCSMessage: { isTyping: 'active' }, messageContact: { userContact: phone } }],
      ['POST', `${bot}/messages`, { RCSMessage: { isTyping: 'idle' }, messageContact: { chatId: 'a' } }],
      ['PUT', `${bot}/messages/in-1/status`, { RCSMessage: { status: 'displayed' } }],
      ['PUT', `${bot}/messages/out-1/status`, { RCSMessage: { status: 'cancelled' } }],
    ]);
  });

  it("shows its token to the platform alone when it fetches a customer's file", async () => {
    const { server, client } = await world(() => ({ body: Buffer.from('x') }));
    await client.fetch?.({ url: 'https://maap.carrier.example/f/1', contentType: 'image/png' });
    await client.fetch?.({ url: 'https://cdn.example/f/1', contentType: 'image/png' });
    expect(server.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
  });

  it('tells when the connection is tested whether the token is right', async () => {
    const { client } = await world(() => ({ status: 404 }));
    expect(await client.test()).toMatchObject([{ ok: true, what: 'Token' }]);
    const { client: refused } = await world(() => ({ status: 401 }));
    expect(await refused.test()).toMatchObject([{ ok: false, detail: expect.stringContaining('token') }]);
  });
});
