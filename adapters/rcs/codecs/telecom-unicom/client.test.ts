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
import { telecomUnicom } from '../../fixtures/settings.ts';
import { createClient } from './client.ts';

const mediaId = `med_${'1'.repeat(32)}`;
const phone = '+8618900001111';
const conversation = { id: `user:${phone}`, address: { phone } };
const bot = `/bot/v1/${encodeURIComponent(telecomUnicom.chatbotId)}`;
const signal = AbortSignal.timeout(60_000);
const servers: PlatformServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function world(answer: (request: SeenRequest) => Answer) {
  let tokens = 0;
  const server = await platformServer((request) => {
    if (request.path !== `${bot}/accessToken`) return answer(request);
    tokens += 1;
    return { json: { accessToken: `t-${tokens}`, expires: 7_200, errorCode: 0 } };
  });
  servers.push(server);
  const files = { [mediaId]: fileOf(Buffer.from('picture'), 'image/png', 'chair.png') };
  const host = testHost<RcsSettings>(telecomUnicom, { origin: server.origin, files });
  const calls = () => server.seen.filter(({ path }) => !path.endsWith('/accessToken'));
  return { server, host, calls, client: createClient(host, telecomUnicom) };
}

const context: EncodeContext<RcsSettings> = {
  settings: telecomUnicom,
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
const text = partOf({ text: '你好' });
const picture = partOf({
  attachments: [{ contentType: 'image/png', contentUrl: `media:${mediaId}`, name: 'chair.png' }],
});
const attempt = (part: Part, ready: unknown = null): Attempt => ({ part, conversation, ready, number: 1, signal });

async function failureOf(running: Promise<unknown>): Promise<SendFailure> {
  const error = await running.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

describe('the client of China Telecom and China Unicom', () => {
  it('gets a token once and sends with it', async () => {
    const { server, calls, client } = await world(() => ({
      json: { errorCode: 0, errorMessage: 'success', messageId: 'n-1', conversationId: 'c', contributionId: 'k' },
    }));
    const sent = await client.send(attempt(text));
    expect(sent).toEqual({
      externalIds: ['k-0', 'n-1'],
      conversation: { ...conversation, address: { phone, conversationId: 'k-0' } },
    });
    await client.send(attempt(text));
    expect(server.seen[0]?.json).toEqual({ appId: telecomUnicom.appId, appKey: telecomUnicom.appKey });
    expect(server.seen).toHaveLength(3);
    expect(calls()[0]).toMatchObject({
      method: 'POST',
      path: `${bot}/messages`,
      headers: { authorization: 'accessToken t-1' },
      json: { messageList: [{ contentText: '你好' }] },
    });
  });

  it.each(['40014', 40014, 41001])('gets a new token when the old one is refused (%j)', async (errorCode) => {
    const { calls, client } = await world(({ headers }) =>
      headers.authorization === 'accessToken t-1' ? { json: { errorCode } } : { json: { errorCode: '0' } },
    );
    expect((await client.send(attempt(text))).externalIds).toEqual(['k-0']);
    expect(calls().map(({ headers }) => headers.authorization)).toEqual(['accessToken t-1', 'accessToken t-2']);
  });

  it('hands a file over, and tries its message again until the audit is done', async () => {
    let audits = 0;
    const { calls, client } = await world(({ path }) => {
      if (path === `${bot}/medias/upload`) {
        const fileInfo = [
          { url: 'https://maap.example/f/1', fileSize: 7, contentType: 'image/png', until: '2026-07-22T09:30:00Z' },
        ];
        return { json: { errorCode: 0, fileInfo } };
      }
      audits += 1;
      return { json: audits < 2 ? { errorCode: '40007', errorMessage: 'not yet' } : { errorCode: 0 } };
    });
    const ready = await client.ready?.(picture, conversation, signal);
    expect(calls()[0]?.headers.uploadmode).toBe('temp');
    expect(calls()[0]?.body.toString()).toContain('name="file"; filename="chair.png"');
    expect(await failureOf(client.send(attempt(picture, ready)))).toMatchObject({
      kind: 'rate-limited',
      after: 15_000,
      code: '40007',
    });
    await client.send(attempt(picture, ready));
    expect(calls()[2]?.json).toMatchObject({
      messageList: [
        {
          contentText: [
            { url: 'https://maap.example/f/1', fileSize: 7, fileName: 'chair.png', until: '2026-07-22T09:30:00Z' },
          ],
        },
      ],
    });
  });

  it.each([
    ['40008', 'refused'],
    ['45009', 'rate-limited'],
    ['-1', 'unknown'],
  ])('reads the error %s as %s, whatever it says', async (errorCode, kind) => {
    const { client } = await world(() => ({ json: { errorCode, errorMessage: 'said' } }));
    expect(await failureOf(client.send(attempt(text)))).toMatchObject({ kind, code: errorCode });
  });

  it('does not know what became of a message without an answer', async () => {
    const { client } = await world(() => 'hang-up');
    expect((await failureOf(client.send(attempt(text)))).kind).toBe('unknown');
  });

  it('takes a message back', async () => {
    const { calls, client } = await world(() => ({ json: { errorCode: 0 } }));
    const [part] = prepare({ type: 'messageDelete', from: { role: 'agent' }, target: 'out-1' }, context).parts;
    expect(await client.send(attempt(part as Part))).toEqual({ externalIds: [] });
    expect(calls()[0]).toMatchObject({ path: `${bot}/revoke`, json: { status: 'RevokeRequested' } });
  });

  it("asks only the network's own server for a customer's file, wherever that is said to be", async () => {
    const { calls, client } = await world(() => ({ headers: { 'content-type': 'image/png' }, body: Buffer.from('x') }));
    const file = await client.fetch?.({ url: 'https://evil.example/f/1', contentType: 'image/png' });
    expect(file?.contentType).toBe('image/png');
    expect(calls()[0]).toMatchObject({ path: `${bot}/medias/download`, headers: { url: 'https://evil.example/f/1' } });
  });

  it('tells when the connection is tested whether the key is right', async () => {
    const { client } = await world(() => ({ json: {} }));
    expect(await client.test()).toMatchObject([{ ok: true, what: 'Access token' }]);
    const away = createClient(testHost<RcsSettings>(telecomUnicom), telecomUnicom);
    expect(await away.test()).toMatchObject([{ ok: false }]);
  });
});
