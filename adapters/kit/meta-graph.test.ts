import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { fileOf, testHost } from '../../test/support/adapter-host.ts';
import { type Answer, type PlatformServer, platformServer } from '../../test/support/platform-server.ts';
import { SendFailure } from '../contract/index.ts';
import { type GraphMeanings, graphErrorOf } from './meta-errors.ts';
import { createGraph } from './meta-graph.ts';
import { createUploadMemory, multipart, type UploadForm, uploadAll, withMedia } from './meta-upload.ts';

const accessToken = `EAAG${'m0PX4ZCpsBA'.repeat(12)}`;
const servers: PlatformServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function world(answer: () => Answer, meanings?: GraphMeanings) {
  const server = await platformServer(answer);
  servers.push(server);
  const host = testHost(
    {},
    { origin: server.origin, files: { [mediaId]: fileOf(Buffer.from('bytes'), 'image/png', 'a "b".png') } },
  );
  return { server, host, graph: createGraph(host, { accessToken, appSecret: 'app secret' }, meanings) };
}

const mediaId = `med_${'1'.repeat(32)}`;
const refusal = (error: object, status = 400, headers = {}): Answer => ({ status, headers, json: { error } });

async function failed(answer: Answer, attempt?: number, meanings?: GraphMeanings): Promise<SendFailure> {
  const { graph } = await world(() => answer, meanings);
  const error = await graph
    .call({ method: 'POST', path: '/v25.0/1/messages', body: '{}' }, attempt)
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

describe('a call of the Graph API', () => {
  it('has the token in its header alone, and the proof in its address', async () => {
    const { server, graph } = await world(() => ({ json: { ok: true } }));
    await graph.call({ method: 'GET', path: '/v25.0/me?fields=id' });
    await graph.call({ method: 'POST', path: '/v25.0/1/messages', body: '{"a":1}' });
    const proof = createHmac('sha256', 'app secret').update(accessToken).digest('hex');
    expect(server.seen.map(({ url }) => url)).toEqual([
      `/v25.0/me?fields=id&appsecret_proof=${proof}`,
      `/v25.0/1/messages?appsecret_proof=${proof}`,
    ]);
    expect(server.seen[1]?.headers).toMatchObject({
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
    });
    expect(server.seen[1]?.body.toString()).toBe('{"a":1}');
  });

  it.each([
    [{ code: 190, error_subcode: 463 }, 'channel-broken', '190/463', /has ended: make a new one/],
    [{ code: 190, error_subcode: 460 }, 'channel-broken', '190/460', /changed password/],
    [{ code: 190, error_subcode: 458 }, 'channel-broken', '190/458', /app was removed/],
    [{ code: 190 }, 'channel-broken', '190', /new access token/],
    [{ code: 10 }, 'channel-broken', '10', /permission/],
    [{ code: 200 }, 'channel-broken', '200', /not live/],
    [{ code: 299 }, 'channel-broken', '299', /permission/],
    [{ code: 3 }, 'channel-broken', '3', /permission/],
    [{ code: 368 }, 'channel-broken', '368', /policies/],
    [{ code: 1 }, 'unreachable', '1', /./],
    [{ code: 2, is_transient: true }, 'unreachable', '2', /./],
    [{ code: 99_999, is_transient: true }, 'unreachable', '99999', /./],
    [{ code: 4 }, 'rate-limited', '4', /./],
    [{ code: 613 }, 'rate-limited', '613', /./],
    [{ code: 80_007 }, 'rate-limited', '80007', /./],
    [{ code: 100, error_subcode: 33 }, 'refused', '100/33', /./],
    [{ code: '100' }, 'refused', '100', /./],
    [{ code: 424_242 }, 'refused', '424242', /./],
  ] as const)('refused with %o is %s', async (error, kind, code, words) => {
    // The status says nothing: the same error comes with several.
    for (const status of [400, 500, 200]) {
      const failure = await failed(refusal({ message: 'No.', type: 'OAuthException', ...error }, status));
      expect(failure).toMatchObject({ kind, code });
      expect(failure.message).toMatch(words);
    }
  });

  it('waits as long as the usage says, else a minute', async () => {
    const usage = { '102': [{ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 7 }] };
    const told = { 'x-business-use-case-usage': JSON.stringify(usage) };
    expect(await failed(refusal({ code: 613, message: 'x' }, 400, told))).toMatchObject({ after: 7 * 60_000 });
    expect(await failed(refusal({ code: 613, message: 'x' }, 400, { 'retry-after': '3' }))).toMatchObject({
      after: 3_000,
    });
    expect(await failed(refusal({ code: 613, message: 'x' }))).toMatchObject({ after: 60_000 });
    expect(await failed(refusal({ code: 4, message: 'x' }, 400, { 'x-business-use-case-usage': '{' }))).toMatchObject({
      after: 60_000,
    });
  });

  it('asks the channel first what an error means, with the attempt', async () => {
    const meanings: GraphMeanings = ({ code }, attempt) =>
      code === 2 && attempt > 2 ? { kind: 'blocked', closed: 'blocked', advice: 'Gone.' } : undefined;
    expect(await failed(refusal({ code: 2, message: 'x' }), 2, meanings)).toMatchObject({ kind: 'unreachable' });
    expect(await failed(refusal({ code: 2, message: 'x' }), 3, meanings)).toMatchObject({
      kind: 'blocked',
      closed: 'blocked',
      message: 'Meta refused (2): x Gone.',
    });
  });

  it('never repeats a token that Meta quotes', async () => {
    const failure = await failed(refusal({ code: 190, message: `Malformed access token ${accessToken}` }, 401));
    expect(failure.message).toContain('Malformed access token …');
    expect(failure.message).not.toContain(accessToken.slice(0, 50));
    expect(graphErrorOf({ code: 190, message: accessToken })?.text).toBe('…');
  });

  it('without an error of Meta is judged by its status: what may have been taken is unknown', async () => {
    expect(await failed({ status: 500, body: Buffer.from('<html>') })).toMatchObject({ kind: 'unknown' });
    expect(await failed({ status: 502 })).toMatchObject({ kind: 'unknown' });
    expect(await failed({ status: 503 })).toMatchObject({ kind: 'unreachable' });
    expect(await failed({ status: 429, headers: { 'retry-after': '9' } })).toMatchObject({
      kind: 'rate-limited',
      after: 9_000,
    });
    expect(await failed({ status: 404 })).toMatchObject({ kind: 'refused' });
    expect(await failed('hang-up')).toMatchObject({ kind: 'unknown' });
  });

  it('that nothing listens to was surely not sent', async () => {
    const { server, graph } = await world(() => ({ json: {} }));
    await server.close();
    const error = await graph.call({ method: 'GET', path: '/v25.0/me' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: 'unreachable' });
  });

  it("comes a second later while the app's calls of the hour are nearly used", async () => {
    let used = 89;
    const { server, host, graph } = await world(() => ({
      headers: { 'x-app-usage': `{"call_count":${used}}` },
      json: {},
    }));
    await graph.call({ method: 'GET', path: '/v25.0/1' });
    used = 95;
    await graph.call({ method: 'GET', path: '/v25.0/2' });
    const third = graph.call({ method: 'GET', path: '/v25.0/3' });
    await host.clock.advance(999);
    expect(server.seen).toHaveLength(2);
    await host.clock.advance(1);
    await third;
    expect(server.seen).toHaveLength(3);
  });
});

describe('files given to Meta first', () => {
  const form: UploadForm = {
    request: (file, use) => ({
      method: 'POST',
      path: '/v25.0/1/media',
      ...multipart({ type: use }, { ...file, field: 'file' }),
    }),
    idOf: (body) => (body as { id?: string } | undefined)?.id,
  };
  const signal = new AbortController().signal;

  it('go as one form, streamed, with quotes in names escaped; and once only', async () => {
    const { server, host, graph } = await world(() => ({ json: { id: '77' } }));
    const memory = createUploadMemory(host.clock);
    const files = [{ mediaId, use: 'image' }];
    expect(await uploadAll({ graph, media: host.media, memory, form }, files, signal)).toEqual(['77']);
    const [request] = server.seen;
    const [, boundary] =
      /^multipart\/form-data; boundary=(foyer-[0-9a-f]{40})$/.exec(request?.headers['content-type'] ?? '') ?? [];
    expect(request?.body.toString()).toBe(
      [
        `--${boundary}`,
        'content-disposition: form-data; name="type"',
        '',
        'image',
        `--${boundary}`,
        'content-disposition: form-data; name="file"; filename="a %22b%22.png"',
        'content-type: image/png',
        '',
        'bytes',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
    expect(await uploadAll({ graph, media: host.media, memory, form }, files, signal)).toEqual(['77']);
    expect(server.seen).toHaveLength(1);
    await host.clock.advance(24 * 60 * 60_000);
    await uploadAll({ graph, media: host.media, memory, form }, files, signal);
    expect(server.seen).toHaveLength(2);
  });

  it('tell their length beforehand', () => {
    const file = { ...fileOf(Buffer.from('bytes'), 'image/png', 'ä.png'), mediaId, field: 'file' };
    const { headers } = multipart({ type: 'image' }, file);
    expect(Number(headers['content-length'])).toBeGreaterThan(200);
  });

  it('may be tried again when nobody knows how it went', async () => {
    const { host, graph } = await world(() => 'hang-up');
    const memory = createUploadMemory(host.clock);
    await expect(
      uploadAll({ graph, media: host.media, memory, form }, [{ mediaId, use: 'image' }], signal),
    ).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('that are gone here, or cannot be brought into a form, refuse the message', async () => {
    const { host, graph } = await world(() => ({ json: { id: '1' } }));
    const memory = createUploadMemory(host.clock);
    const given = { graph, media: host.media, memory, form };
    const gone = `med_${'2'.repeat(32)}`;
    await expect(uploadAll(given, [{ mediaId: gone, use: 'image' }], signal)).rejects.toMatchObject({
      kind: 'refused',
      message: 'A file of this message is no longer there.',
    });
    const converted = { mediaId: gone, use: 'audio', form: { contentType: 'audio/ogg' } };
    await expect(uploadAll(given, [converted], signal)).rejects.toMatchObject({
      kind: 'refused',
      message: 'A file of this message could not be made into audio/ogg.',
    });
  });

  it('without an id are tried again', async () => {
    const { host, graph } = await world(() => ({ json: {} }));
    const memory = createUploadMemory(host.clock);
    await expect(
      uploadAll({ graph, media: host.media, memory, form }, [{ mediaId, use: 'image' }], signal),
    ).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('take the place of their placeholders, never of the words of a person', () => {
    const text = 'see {{media:0}} and "id":"{{media:0}}"';
    const body = JSON.stringify({
      text,
      image: { id: '{{media:0}}', caption: '{{media:0}}' },
      next: { attachment_id: '{{media:1}}' },
      button: { id: '{{media:0}}' },
    });
    expect(JSON.parse(withMedia(body, ['7', '8']))).toEqual({
      text,
      image: { id: '7', caption: '{{media:0}}' },
      next: { attachment_id: '8' },
      button: { id: '{{media:0}}' },
    });
    expect(withMedia(body, [])).toBe(body);
  });
});
