import type { Ground } from './platform.ts';

/** A file behind an address the company gave, or why it cannot be had. */
export type FetchedLink = { bytes: Buffer; contentType: string; name: string } | { problem: string };

/**
 * Whether a platform would take this address: https, or plain http from an origin that stands for the company's public
 * address.
 */
export function isPublicAddress(ground: Ground, address: unknown): address is string {
  if (typeof address !== 'string' || !URL.canParse(address)) return false;
  return new URL(address).protocol === 'https:' || ownAddress(ground, address) !== undefined;
}

/** The same thing at the company's server as it is reached from here; undefined when it is somebody else's. */
function ownAddress({ origin, aliases = [] }: Ground, address: string): string | undefined {
  const { origin: asked, pathname, search } = new URL(address);
  return [origin, ...aliases].includes(asked) ? `${origin}${pathname}${search}` : undefined;
}

/** Fetch what the company linked to. Only from its own server: this is a demo, it asks nothing of the world. */
export async function fetchLink(ground: Ground, address: string, maxBytes: number): Promise<FetchedLink> {
  const own = URL.canParse(address) ? ownAddress(ground, address) : undefined;
  if (own === undefined) return { problem: 'not on this server' };
  try {
    const response = await ground.world.fetch(own, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return { problem: `answered ${response.status}` };
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > maxBytes) return { problem: `larger than ${maxBytes} bytes` };
      chunks.push(chunk);
    }
    const name = decodeURIComponent(new URL(address).pathname.split('/').at(-1) ?? 'file');
    const contentType = response.headers.get('content-type') ?? 'application/octet-stream';
    return { bytes: Buffer.concat(chunks), contentType, name };
  } catch {
    return { problem: 'cannot be fetched' };
  }
}
