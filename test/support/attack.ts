import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { systemClock } from '../../channel-server/runtime.ts';
import { uploadByTus } from '../../widget/client/tus-upload.ts';
import type { ServerUnderTest } from '../contracts/web-protocol/page.ts';

/** The door for visitors' pages of a server whose channel `web` admits loopback origins. */
export function doorOf(server: { url: string }): ServerUnderTest {
  const never = () => Promise.reject(new Error('not used'));
  return {
    url: server.url,
    channel: 'web',
    otherChannel: 'web',
    origin: 'http://localhost:5000',
    secret: '',
    answer: never,
    note: never,
  };
}

/** Bytes over a bare connection; what came back, and after how long the server closed it (`undefined`: it did not). */
export function bytes(
  server: { url: string },
  text: string,
  patience = 2_000,
  from = '127.0.0.1',
): Promise<{ answer: string; closedAfter: number | undefined }> {
  const began = performance.now();
  const { port, hostname } = new URL(server.url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port: Number(port), host: hostname, localAddress: from }, () => socket.write(text));
    const timer = setTimeout(() => {
      resolve({ answer, closedAfter: undefined });
      socket.destroy();
    }, patience);
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ answer, closedAfter: performance.now() - began });
    });
  });
}

/** Upload under a token; answers the medium's id. */
export function uploadFile(server: { url: string }, token: string, content: BlobPart, name = 'file.txt') {
  return uploadByTus({
    endpoint: `${server.url}/api/v1/media`,
    token: () => token,
    file: new Blob([content]),
    metadata: { filename: name },
    clock: systemClock,
    pause: async () => undefined,
    signal: AbortSignal.timeout(10_000),
  });
}

/** A request over REST; a string body is sent as it is. */
export async function rest(
  server: { url: string },
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
) {
  const response = await fetch(new URL(path, server.url), {
    method,
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  let json: any;
  if (response.headers.get('content-type')?.includes('json') && text !== '') json = JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json };
}

/** What no answer may hold: stack traces, places on the disk, statements, names of engines and libraries. */
export const innards =
  /\bat .+:\d+:\d+|node_modules|\.ts\b|\/work\/|\/tmp\/|\/home\/|sqlite|postgres|kysely|fastify|SELECT |INSERT |UPDATE |constraint|zod/i;

export const key = () => randomUUID();
