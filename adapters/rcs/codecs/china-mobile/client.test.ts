import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { fileOf, testHost } from '../../../../test/support/adapter-host.ts';
import { fakeClock } from '../../../../test/support/fake-clock.ts';
import {
  type Answer,
  type PlatformServer,
  platformServer,
  type SeenRequest,
} from '../../../../test/support/platform-server.ts';
import { type Attempt, type EncodeContext, type Part, SendFailure } from '../../../contract/index.ts';
import type { RcsSettings } from '../../config.ts';
import { decode } from '../../decode.ts';
import { prepare } from '../../encode.ts';
import { fileXml } from '../../fixtures/china-mobile.ts';
import { chatbotURI, chinaMobile } from '../../fixtures/settings.ts';
import { createClient } from './client.ts';

const mediaId = `med_${'1'.repeat(32)}`;
const phone = '+8613800138000';
const conversation = { id: `user:${phone}`, address: { phone } };
const servers: PlatformServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function world(answer: (request: SeenRequest) => Answer) {
  const server = await platformServer(answer);
  servers.push(server);
  const files = { [mediaId]: fileOf(Buffer.from('picture'), 'image/jpeg', 'chair.jpg') };
  const host = testHost<RcsSettings>(chinaMobile, {
    origin: server.origin,
    files,
    clock: fakeClock(Date.UTC(2026, 6, 15, 10)),
  });
  return { server, host, client: createClient(host, chinaMobile) };
}

const context: EncodeContext<RcsSettings> = {
  settings: chinaMobile,
  conversation,
  now: 0,
  link: () => undefined,
  key: (part) => `00000000-0000-4000-8000-00000000000${part}`,
};
function partOf(activity: Partial<Parameters<typeof prepare>[0]>): Part {
  const [part] = prepare({ type: 'message', from: { role: 'agent' }, ...activity }, context).parts;
  if (part === undefined) throw new Error('no part');
  return part;
}
const text = partOf({ text: '你好' });
const picture = partOf({
  attachments: [{ contentType: 'image/jpeg', contentUrl: `media:${mediaId}`, name: 'chair.jpg' }],
});
const signal = AbortSignal.timeout(60_000);
const attempt = (part: Part, ready: unknown = null): Attempt => ({ part, conversation, ready, number: 1, signal });

async function failureOf(running: Promise<unknown> | undefined): Promise<SendFailure> {
  const error = await running?.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

const xml = (body: string, status = 201): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(body),
});
const created = xml('<msg:outboundMessageRequest xmlns:msg="urn:oma:xml:rest:netapi:messaging:1"/>');

/** What the callback of the audit becomes, put where the server puts it. */
async function audited(
  host: Awaited<ReturnType<typeof world>>['host'],
  tid: string,
  authStatus: string,
  body = fileXml,
) {
  const [item] = decode({ xml: body, rest: [], tid, authStatus, receivedAt: 0 }, chinaMobile);
  if (item?.kind !== 'kept') throw new Error('not kept');
  const { name, value, expiresAt } = item;
  await host.tokens.get(name, '', async () => ({ value, ...(expiresAt === undefined ? {} : { expiresAt }) }));
}

describe('the client of China Mobile', () => {
  it('sends the stored document, authorised over the very Date that goes along', async () => {
    const { server, client } = await world(() => created);
    const sent = await client.send(attempt(text));
    expect(sent).toEqual({
      externalIds: [context.key(0)],
      conversation: { ...conversation, address: { phone, conversationId: context.key(0) } },
    });
    const [request] = server.seen;
    expect(request).toMatchObject({
      method: 'POST',
      url: `/developer/messaging/group/v1/outbound/${encodeURIComponent(chatbotURI)}/requests`,
      headers: { address: phone, 'content-type': 'application/xml; charset=utf-8' },
    });
    expect(request?.body.toString()).toBe((text.request as { body: string }).body);
    const hash = (value: string) => createHash('sha256').update(value).digest('hex');
    const digest = hash(hash('123456') + request?.headers.date);
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from(`1001:${digest}`).toString('base64')}`);
    expect(request?.headers.date).toMatch(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/);
  });

  it('goes on in the conversation there is', async () => {
    const { client } = await world(() => created);
    const known = { ...conversation, address: { phone, conversationId: 'c-1' } };
    expect(await client.send({ ...attempt(text), conversation: known })).toEqual({ externalIds: [context.key(0)] });
  });

  it('reads an accepted request that says this number gets nothing', async () => {
    const { client } = await world(() =>
      xml(
        `<msg:outboundMessageRequest xmlns:msg="m"><deliveryInfoList><deliveryInfo><address>tel:+8613900000000</address><deliveryStatus>DeliveryImpossible</deliveryStatus></deliveryInfo><deliveryInfo><address>tel: ${phone}</address><deliveryStatus>DeliveryImpossible</deliveryStatus><description>SVC0801</description></deliveryInfo></deliveryInfoList></msg:outboundMessageRequest>`,
      ),
    );
    expect(await failureOf(client.send(attempt(text)))).toMatchObject({ kind: 'refused', code: 'SVC0801' });
    const { client: other } = await world(() =>
      xml(
        '<m:outboundMessageRequest xmlns:m="m"><deliveryInfo><address>tel:+8613900000000</address><deliveryStatus>DeliveryImpossible</deliveryStatus></deliveryInfo></m:outboundMessageRequest>',
      ),
    );
    expect((await other.send(attempt(text))).externalIds).toHaveLength(1);
  });

  const error = (kind: string, code: string) =>
    `<common:requestError xmlns:common="urn:oma:xml:rest:netapi:common:1"><${kind}><exceptionId>${code}</exceptionId><text>said</text></${kind}></common:requestError>`;
  it.each([
    ['too many addresses', 403, error('policyException', 'POL0003'), 'refused', 'POL0003'],
    ['an account that is none', 401, error('policyException', 'POL0001'), 'channel-broken', 'POL0001'],
    ['no valid address', 400, error('serviceException', 'SVC0004'), 'blocked', 'SVC0004'],
    ['the service itself', 500, error('serviceException', 'SVC0001'), 'unknown', 'SVC0001'],
    ['being away', 503, error('serviceException', 'SVC0001'), 'unreachable', 'SVC0001'],
    ['too much', 429, error('policyException', 'POL1001'), 'rate-limited', 'POL1001'],
    ['a password', 401, 'Unauthorized', 'channel-broken', '401'],
    ['nothing said', 404, '', 'refused', '404'],
  ])('reads an error about %s', async (_, status, body, kind, code) => {
    const { client } = await world(() => xml(body, status));
    expect(await failureOf(client.send(attempt(text)))).toMatchObject({ kind, code });
  });

  it('says which part of a message is wrong', async () => {
    const body =
      '<common:requestError xmlns:common="c"><serviceException><exceptionId>SVC0002</exceptionId><text>Invalid input value for message part %1</text><variables>senderAddress</variables></serviceException></common:requestError>';
    const { client } = await world(() => xml(body, 400));
    expect((await failureOf(client.send(attempt(text)))).message).toContain('message part senderAddress');
  });

  it('does not know what became of a message without an answer', async () => {
    const { client } = await world(() => 'hang-up');
    expect((await failureOf(client.send(attempt(text)))).kind).toBe('unknown');
  });

  it('hands a file over once, waits for its audit without asking, and then sends it', async () => {
    const { server, host, client } = await world(({ path }) =>
      path === '/Content' ? { status: 200, headers: { tid: 'network-tid' } } : created,
    );
    for (let n = 0; n < 3; n += 1) {
      expect(await failureOf(client.ready?.(picture, conversation, signal))).toMatchObject({
        kind: 'rate-limited',
        after: 10_000,
        code: 'AUDIT',
      });
    }
    expect(server.seen).toHaveLength(1);
    const [upload] = server.seen;
    expect(upload).toMatchObject({
      method: 'POST',
      headers: {
        'terminal-type': 'Chatbot',
        'user-agent': `SP/${chatbotURI}`,
        'x-3gpp-intended-identity': chatbotURI,
        tid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    const form = upload?.body.toString() ?? '';
    expect(form.indexOf('name="Thumbnail"')).toBeGreaterThan(0);
    expect(form.indexOf('name="Thumbnail"')).toBeLessThan(form.indexOf('name="File"; filename="chair.jpg"'));
    await audited(host, 'network-tid', '0');
    const ready = await client.ready?.(picture, conversation, signal);
    expect(ready).toMatchObject({
      media: [{ url: 'https://ft.rcs.chinamobile.com:10099/s/f1.jpg?a=1&b=2', size: 183_524 }],
    });
    await client.send(attempt(picture, ready));
    expect(server.seen[1]?.body.toString()).toContain('https://ft.rcs.chinamobile.com:10099/s/f1.jpg?a=1&amp;b=2');
    expect(server.seen).toHaveLength(2);
  });

  it('knows a file by the number it gave when the network gives none', async () => {
    const { server, host, client } = await world(() => ({ status: 200 }));
    await failureOf(client.ready?.(picture, conversation, signal));
    await audited(host, server.seen[0]?.headers.tid ?? '', '0');
    expect(await client.ready?.(picture, conversation, signal)).toMatchObject({
      media: [{ contentType: 'image/jpeg' }],
    });
  });

  it('does not send on the word of the upload alone', async () => {
    const { client } = await world(() => xml(fileXml, 200));
    expect(await failureOf(client.ready?.(picture, conversation, signal))).toMatchObject({ kind: 'rate-limited' });
  });

  it('sends at once where the network looks at a file at once', async () => {
    const { client } = await world(() => ({ headers: { authstatus: '0' }, body: Buffer.from(fileXml) }));
    expect(await client.ready?.(picture, conversation, signal)).toMatchObject({
      media: [{ name: 'DSC_379395051.JPG' }],
    });
  });

  it('tells that the audit refused a file, and does not hand it over again', async () => {
    const { server, host, client } = await world(() => ({ status: 200, headers: { tid: 't' } }));
    await failureOf(client.ready?.(picture, conversation, signal));
    await audited(host, 't', '2', '');
    for (let n = 0; n < 2; n += 1) {
      expect(await failureOf(client.ready?.(picture, conversation, signal))).toMatchObject({
        kind: 'refused',
        code: 'AUDIT_REFUSED',
      });
    }
    expect(server.seen).toHaveLength(1);
  });

  it('hands a file over again when the network has forgotten it', async () => {
    let uploads = 0;
    const { server, host, client } = await world(() => {
      uploads += 1;
      return { status: 200, headers: { tid: `t-${uploads}` } };
    });
    await failureOf(client.ready?.(picture, conversation, signal));
    const until = new Date(host.clock.now() + 3_600_000).toISOString();
    await audited(host, 't-1', '0', fileXml.replaceAll('2026-07-22T09:30:00Z', until));
    expect(await client.ready?.(picture, conversation, signal)).toMatchObject({ media: [{ until }] });
    await host.clock.advance(3_600_000);
    expect(await failureOf(client.ready?.(picture, conversation, signal))).toMatchObject({ kind: 'rate-limited' });
    await failureOf(client.ready?.(picture, conversation, signal));
    expect(server.seen).toHaveLength(2);
    await audited(host, 't-2', '0', fileXml.replaceAll('2026-07-22', '2999-07-22'));
    expect(await client.ready?.(picture, conversation, signal)).toMatchObject({ media: [{ url: expect.any(String) }] });
  });

  it('tries an upload again that got no answer: handing over is harmless', async () => {
    const { client } = await world(() => 'hang-up');
    expect((await failureOf(client.ready?.(picture, conversation, signal))).kind).toBe('unreachable');
  });

  it("shows the password's digest to the network's own hosts alone", async () => {
    const { server, client } = await world(() => ({ body: Buffer.from('x') }));
    for (const url of [
      'https://ft.rcs.chinamobile.com:10099/s/1',
      'https://ftnj01.xnq.r.10086.cn:10099/s/2',
      'https://evil.example/s/3',
      'https://rcs.chinamobile.com.evil.example/s/4',
      'http://ftnj01.xnq.r.10086.cn/s/5',
    ]) {
      await client.fetch?.({ url, contentType: 'image/jpeg' });
    }
    expect(server.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('takes a message back', async () => {
    const { server, client } = await world(() => ({ status: 204 }));
    const [part] = prepare({ type: 'messageDelete', from: { role: 'agent' }, target: 'out-1' }, context).parts;
    expect(await client.send(attempt(part as Part))).toEqual({ externalIds: [] });
    expect(server.seen[0]).toMatchObject({ method: 'PUT', url: expect.stringMatching(/\/requests\/out-1\/status$/) });
  });

  it('tells when the connection is tested whether anybody answers, and whether the password is refused', async () => {
    const { client } = await world(() => ({ status: 404 }));
    expect(await client.test()).toMatchObject([{ ok: true, what: 'Server' }]);
    const { client: refused } = await world(() => ({ status: 401 }));
    expect(await refused.test()).toMatchObject([{ ok: false, detail: expect.stringContaining('app id and password') }]);
    const away = createClient(testHost<RcsSettings>(chinaMobile, { origin: 'http://127.0.0.1:9' }), chinaMobile);
    expect(await away.test()).toMatchObject([{ ok: false }]);
  });
});
