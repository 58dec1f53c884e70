import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeclaredInput } from '../../channel-server/config/declared-file.ts';
import { systemClock } from '../../channel-server/runtime.ts';
import { uploadByTus } from '../../widget/client/tus-upload.ts';
import type { ServerUnderTest } from '../contracts/web-protocol/page.ts';
import { type Operated, operate } from './operator.ts';

/** A company on a folder of its own, whose server is started and stopped as an operator does it. */
export interface OperatedCompany {
  readonly folder: string;
  /** The newest process; its address. */
  readonly server: Operated;
  readonly url: string;
  readonly port: number;
  /** For pages of visitors. */
  readonly door: ServerUnderTest;
  start(env?: Record<string, string>): Promise<void>;
  /** SIGTERM; answers how it ended and after how many milliseconds. */
  stop(signal?: NodeJS.Signals): Promise<{ how: number | NodeJS.Signals; took: number }>;
  remove(): Promise<void>;
}

export async function operatedCompany(declared: DeclaredInput): Promise<OperatedCompany> {
  const folder = await mkdtemp(join(tmpdir(), 'foyer-operated-'));
  const config = join(folder, 'foyer.json');
  await writeFile(config, JSON.stringify(declared));
  let server: Operated | undefined;
  const started: Operated[] = [];
  let port = 0;
  const running = () => {
    if (server === undefined) throw new Error('not started');
    return server;
  };
  const url = () => `http://127.0.0.1:${port}`;
  return {
    folder,
    get server() {
      return running();
    },
    get url() {
      return url();
    },
    get port() {
      return port;
    },
    get door() {
      const unused = () => Promise.reject(new Error('not used'));
      const channel = 'web';
      return {
        url: url(),
        channel,
        otherChannel: channel,
        origin: 'http://localhost:5000',
        secret: '',
        answer: unused,
        note: unused,
      };
    },
    async start(env = {}) {
      server = operate({ FOYER_CONFIG: config, FOYER_DATA_DIR: join(folder, 'data'), ...env });
      started.push(server);
      port = await server.ready;
    },
    async stop(signal = 'SIGTERM') {
      const from = performance.now();
      running().child.kill(signal);
      const how = await running().ended;
      return { how, took: performance.now() - from };
    },
    async remove() {
      for (const { child, ended } of started) {
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Upload random bytes, of a type nothing is made of, and link them to a session as a member of staff. */
export async function sendFile(
  url: string,
  token: string,
  session: string,
  { bytes = randomBytes(100_000), name = 'file.bin' }: { bytes?: Uint8Array<ArrayBuffer>; name?: string } = {},
): Promise<{ id: string; bytes: Uint8Array }> {
  const id = await uploadByTus({
    endpoint: `${url}/api/v1/media`,
    token: () => token,
    file: new Blob([bytes]),
    metadata: { filename: name },
    clock: systemClock,
    pause: async () => undefined,
    signal: AbortSignal.timeout(20_000),
  });
  const answer = await fetch(`${url}/api/v1/sessions/${session}/activities`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ audience: 'staff', attachments: [{ contentUrl: `media:${id}` }] }),
  });
  if (!answer.ok) throw new Error(`the file was not sent: ${answer.status}`);
  return { id, bytes };
}

/** A signed address of a file, for who holds this token. */
export async function addressOfFile(url: string, token: string, id: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/media/${id}`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { url: string }).url;
}
