import { type ChannelClient, SendFailure, type TestResult } from '../../adapters/contract/index.ts';
import type { RunningChannel } from '../channels/channel-service.ts';
import { fetchable } from '../channels/encoding.ts';

/** How the world reaches webhooks and files of this server; undefined: not known. */
export interface PublicBases {
  webhooks: string | undefined;
  files: string | undefined;
}

/** For everything a client tries, ms. */
const testTime = 30_000;

/** What *Test connection* answers: what the client tried, and whether the platform reaches this server. */
export async function testChannel(
  channel: RunningChannel,
  client: ChannelClient | undefined,
  bases: PublicBases,
): Promise<TestResult[]> {
  const results = client === undefined ? [] : await tried(client);
  results.push(...reachable(channel, bases));
  if (results.length > 0) return results;
  return [{ ok: true, what: 'Settings', detail: 'They are valid; there is nothing else to try.' }];
}

async function tried(client: ChannelClient): Promise<TestResult[]> {
  let overdue: NodeJS.Timeout | undefined;
  const late = new Promise<TestResult[]>((answer) => {
    const detail =
      'The platform did not answer within 30 s. Try again; if it stays so, check the network of this server.';
    overdue = setTimeout(() => answer([{ ok: false, what: 'Connection', detail }]), testTime);
  });
  try {
    return [...(await Promise.race([client.test(), late]))];
  } catch (error) {
    const words =
      error instanceof SendFailure ? error.message : 'Something went wrong on this server; its log says what.';
    return [{ ok: false, what: 'Connection', detail: words }];
  } finally {
    clearTimeout(overdue);
  }
}

/** Platforms that call us, or fetch files from us, need a public address. */
function reachable({ record, adapter, settings, capabilities }: RunningChannel, bases: PublicBases): TestResult[] {
  const results: TestResult[] = [];
  const advice =
    'Set FOYER_PUBLIC_URL to the https address by which the platform reaches this server from the Internet, and start the server again.';
  if (adapter.webhook !== undefined) {
    const base = fetchable(bases.webhooks, settings);
    const detail =
      base === undefined
        ? `The platform cannot call this server. ${advice}`
        : `Enter ${base}/webhooks/${record.id} in the platform's console.`;
    results.push({ ok: base !== undefined, what: 'Webhook address', detail });
  }
  if (Object.values(capabilities.files ?? {}).some(({ by }) => by === 'link')) {
    const base = fetchable(bases.files, settings);
    const detail = base === undefined ? `Files cannot be sent. ${advice}` : `The platform fetches files from ${base}.`;
    results.push({ ok: base !== undefined, what: 'File addresses', detail });
  }
  return results;
}
