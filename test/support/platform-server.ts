import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface SeenRequest {
  method: string;
  /** Path with query. */
  url: string;
  path: string;
  headers: Record<string, string | undefined>;
  body: Buffer;
  json: unknown;
}

/** What the server answers; `hang-up` closes the connection without a word. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; json?: unknown; body?: Uint8Array }
  | 'hang-up';

export interface PlatformServer {
  origin: string;
  /** In the order they came. */
  seen: SeenRequest[];
  close(): Promise<void>;
}

/** A real HTTP server on loopback that answers as told and keeps what it was asked. */
export async function platformServer(
  answer: (request: SeenRequest) => Answer | Promise<Answer>,
): Promise<PlatformServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (message, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of message) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const url = message.url ?? '/';
    const request: SeenRequest = {
      method: message.method ?? '',
      url,
      path: url.split('?')[0] ?? '',
      headers: message.headers as Record<string, string | undefined>,
      body,
      json: jsonOf(body),
    };
    seen.push(request);
    reply(response, await answer(request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang-up') {
    response.socket?.destroy();
    return;
  }
  const { status = 200, headers = {}, json, body } = answer;
  if (json !== undefined) headers['content-type'] ??= 'application/json';
  response.writeHead(status, headers);
  response.end(json === undefined ? body : JSON.stringify(json));
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
