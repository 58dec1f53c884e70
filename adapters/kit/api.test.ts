import { describe, expect, it } from 'vitest';
import { FetchFailure, type HostFetch, type HostFetchOptions, MediaFailure, SendFailure } from '../contract/index.ts';
import { callApi, failureOfStatus, retryAfterOf, TokenRefused, withToken } from './api.ts';
import { fetchFile } from './media.ts';

/** A host whose platform answers like this. */
function answering(status: number, text: string, headers: Record<string, string> = {}) {
  const calls: { url: string; options: HostFetchOptions }[] = [];
  const bytes = () => new TextEncoder().encode(text);
  const fetch: HostFetch = async (url, options = {}) => {
    calls.push({ url, options });
    return {
      status,
      ok: status >= 200 && status < 300,
      headers,
      text: async () => text,
      json: async () => JSON.parse(text),
      bytes: async () => bytes(),
      async *stream() {
        yield bytes();
      },
    };
  };
  return { fetch, calls };
}

const failing =
  (error: unknown): HostFetch =>
  async () => {
    throw error;
  };
const call = { url: 'https://api.example/send', method: 'POST', json: { text: '世界' } };

describe('calling a platform', () => {
  it('sends JSON and reads JSON, large ids as strings', async () => {
    const { fetch, calls } = answering(200, '{"id":6054768590064713728}', { 'x-id': 'a' });
    const answer = await callApi(
      fetch,
      { ...call, headers: { authorization: 'Bearer t' }, timeout: 5 },
      () => undefined,
    );
    expect(answer).toMatchObject({
      status: 200,
      ok: true,
      body: { id: '6054768590064713728' },
      headers: { 'x-id': 'a' },
    });
    expect(calls).toEqual([
      {
        url: call.url,
        options: {
          method: 'POST',
          timeout: 5,
          body: '{"text":"世界"}',
          headers: { 'content-type': 'application/json', authorization: 'Bearer t' },
        },
      },
    ]);
  });

  it('leaves it to the platform what an answer means', async () => {
    const { fetch } = answering(200, '{"errcode":45015}');
    const closed = new SendFailure('window-closed', 'closed', { code: '45015' });
    await expect(callApi(fetch, call, () => closed)).rejects.toBe(closed);
    const { fetch: accepted } = answering(409, '{}');
    await expect(callApi(accepted, call, () => undefined)).resolves.toMatchObject({ status: 409 });
  });

  it.each([
    ['not-sent', 'unreachable'],
    ['no-answer', 'unknown'],
    ['too-large', 'refused'],
    ['refused-address', 'refused'],
  ] as const)('%s means %s', async (kind, meaning) => {
    const failure = new FetchFailure(kind, 'why');
    await expect(callApi(failing(failure), call, () => undefined)).rejects.toMatchObject({
      kind: meaning,
      message: 'why',
    });
  });

  it('an attempt that was ended has an unknown outcome, and other errors stay what they are', async () => {
    const signal = AbortSignal.abort();
    await expect(callApi(failing(signal.reason), { ...call, signal }, () => undefined)).rejects.toMatchObject({
      kind: 'unknown',
    });
    const bug = new TypeError('bug');
    await expect(callApi(failing(bug), call, () => undefined)).rejects.toBe(bug);
  });

  it('an answer that breaks off has an unknown outcome', async () => {
    const { fetch } = answering(200, '');
    const broken: HostFetch = async (url, options) => ({
      ...(await fetch(url, options)),
      text: () => Promise.reject(new FetchFailure('no-answer', 'ended early')),
    });
    await expect(callApi(broken, call, () => undefined)).rejects.toMatchObject({ kind: 'unknown' });
  });
});

describe('a status without better words', () => {
  it.each([
    [400, {}, 'refused'],
    [401, {}, 'channel-broken'],
    [403, {}, 'channel-broken'],
    [404, {}, 'refused'],
    [408, {}, 'unknown'],
    [429, {}, 'rate-limited'],
    [500, {}, 'unknown'],
    [502, {}, 'unknown'],
    [503, {}, 'unreachable'],
    [503, { 'retry-after': '3' }, 'rate-limited'],
  ] as const)('%i %o is %s', (status, headers, kind) => {
    const failure = failureOfStatus({ status, ok: false, headers, text: '', body: undefined }, 0, 'said so');
    expect(failure).toMatchObject({ kind, code: String(status) });
    expect(failure?.message).toBe(`The platform answered ${status}: said so.`);
  });

  it('is no failure when it is 2xx', () => {
    expect(failureOfStatus({ status: 204, ok: true, headers: {}, text: '', body: undefined }, 0)).toBeUndefined();
  });

  it('waits as long as Retry-After says, in seconds or as a date', () => {
    const now = Date.parse('2026-03-01T10:00:00Z');
    expect(retryAfterOf({ 'retry-after': '1.5' }, now)).toBe(1_500);
    expect(retryAfterOf({ 'retry-after': 'Sun, 01 Mar 2026 10:00:07 GMT' }, now)).toBe(7_000);
    expect(retryAfterOf({ 'retry-after': 'Sun, 01 Mar 2026 09:00:00 GMT' }, now)).toBe(0);
    for (const odd of ['', 'soon', '-1', '9999999999999', '2026-03-01'])
      expect(retryAfterOf({ 'retry-after': odd }, now)).toBeUndefined();
    expect(retryAfterOf({}, now)).toBeUndefined();
  });
});

describe('a token', () => {
  function cache() {
    let made = 0;
    const spoiled: string[] = [];
    const seeds: string[] = [];
    let kept: string | undefined;
    return {
      spoiled,
      seeds,
      tokens: {
        get: async (_name: string, seed: string) => {
          seeds.push(seed);
          kept ??= `t${++made}`;
          return { value: kept };
        },
        spoil: async (_name: string, value: string) => {
          spoiled.push(value);
          if (kept === value) kept = undefined;
        },
      },
    };
  }
  const make = async () => ({ value: 'unused' });

  it('that the platform refuses is made anew once', async () => {
    const { tokens, spoiled } = cache();
    const tried: string[] = [];
    const answer = await withToken(tokens, 'access', 'seed', make, async (token) => {
      tried.push(token);
      if (token === 't1') throw new TokenRefused('expired');
      return 'sent';
    });
    expect({ answer, tried, spoiled }).toEqual({ answer: 'sent', tried: ['t1', 't2'], spoiled: ['t1'] });
  });

  it('is kept by a hash of what it was made from', async () => {
    const { tokens, seeds } = cache();
    await withToken(tokens, 'access', 'client-secret', make, async () => 'sent');
    expect(seeds).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  });

  it('that could not be had in time leaves nothing in doubt', async () => {
    const tokens = { get: () => Promise.reject(new SendFailure('unknown', 'no answer')), spoil: async () => undefined };
    const sending = withToken(tokens, 'a', 's', make, async () => 'sent');
    await expect(sending).rejects.toMatchObject({ kind: 'unreachable', message: 'no answer' });
  });

  it('refused twice breaks the channel; other failures are not tried again', async () => {
    const { tokens } = cache();
    const tried: string[] = [];
    const refusing = (error: Error) => (token: string) => {
      tried.push(token);
      return Promise.reject(error);
    };
    await expect(withToken(tokens, 'a', 's', make, refusing(new TokenRefused('revoked')))).rejects.toMatchObject({
      kind: 'channel-broken',
    });
    expect(tried).toEqual(['t1', 't2']);
    await expect(withToken(tokens, 'a', 's', make, refusing(new SendFailure('unknown', 'lost')))).rejects.toMatchObject(
      { kind: 'unknown' },
    );
    expect(tried).toHaveLength(3);
  });
});

describe("a customer's file", () => {
  it('is streamed with its type', async () => {
    const { fetch, calls } = answering(200, 'bytes', { 'content-type': 'image/jpeg; q=1' });
    const file = await fetchFile(fetch, 'https://cdn.example/1', 0, { headers: { authorization: 'Bearer t' } });
    expect(file.contentType).toBe('image/jpeg');
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.stream) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('bytes');
    expect(calls[0]?.options).toMatchObject({ maxBytes: 200_000_000, headers: { authorization: 'Bearer t' } });
  });

  it('is fetched later when the platform judges its answer so', async () => {
    const { fetch } = answering(202, '');
    const judge = ({ status }: { status: number }) => (status === 202 ? new MediaFailure('later', 'soon') : undefined);
    await expect(fetchFile(fetch, 'https://cdn.example/1', 0, {}, judge)).rejects.toMatchObject({ kind: 'later' });
  });

  it.each([
    [404, 'gone'],
    [410, 'gone'],
    [403, 'refused'],
    [429, 'later'],
    [500, 'later'],
  ])('answered with %i is %s', async (status, kind) => {
    const { fetch } = answering(status, '', { 'retry-after': '2' });
    const failure = await fetchFile(fetch, 'https://cdn.example/1', 0).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MediaFailure);
    expect(failure).toMatchObject({ kind, after: kind === 'later' ? 2_000 : undefined });
  });

  it.each([
    ['not-sent', 'later'],
    ['no-answer', 'later'],
    ['too-large', 'refused'],
    ['refused-address', 'refused'],
  ] as const)('without an answer (%s) is %s', async (why, kind) => {
    await expect(fetchFile(failing(new FetchFailure(why, 'x')), 'https://cdn.example/1', 0)).rejects.toMatchObject({
      kind,
    });
  });
});
