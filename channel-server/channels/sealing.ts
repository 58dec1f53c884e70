import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** How an encrypted settings field looks at rest: version, nonce, tag and ciphertext, base64url. */
interface Sealed {
  $sealed: string;
}

function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && '$sealed' in value && typeof value.$sealed === 'string';
}

/** Encrypts the secret fields of settings at rest, each bound to its channel and place. */
export interface Sealing {
  seal(channelId: string, paths: readonly string[], settings: Record<string, unknown>): Record<string, unknown>;
  /** Throws when a field was sealed with another key or for another place. */
  open(channelId: string, paths: readonly string[], settings: Record<string, unknown>): Record<string, unknown>;
}

/** AES-256-GCM under a key derived (HKDF-SHA-256) from the installation's secret. */
export function createSealing(secretKey: string | Uint8Array): Sealing {
  const key = Buffer.from(hkdfSync('sha256', secretKey, 'foyer', 'channel settings v1', 32));
  const seal = (place: string, value: unknown): Sealed => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
    const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return { $sealed: ['v1', nonce, cipher.getAuthTag(), text].map((part) => encoded(part)).join('.') };
  };
  const open = (place: string, sealed: Sealed): unknown => {
    const [version, nonce, tag, text] = sealed.$sealed.split('.');
    if (version !== 'v1' || nonce === undefined || tag === undefined || text === undefined) {
      throw new Error('a sealed setting has an unknown form');
    }
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
      .setAAD(Buffer.from(place))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    return JSON.parse(
      Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8'),
    );
  };
  return {
    seal: (channelId, paths, settings) =>
      mapAt(settings, paths, (value, path) => (isSealed(value) ? value : seal(`${channelId}/${path}`, value))),
    open: (channelId, paths, settings) =>
      mapAt(settings, paths, (value, path) => (isSealed(value) ? open(`${channelId}/${path}`, value) : value)),
  };
}

function encoded(part: string | Buffer): string {
  return typeof part === 'string' ? part : part.toString('base64url');
}

/** A copy in which `change` replaced the present values at these dotted paths. */
function mapAt(
  settings: Record<string, unknown>,
  paths: readonly string[],
  change: (value: unknown, path: string) => unknown,
): Record<string, unknown> {
  const copy = structuredClone(settings);
  for (const path of paths) {
    const { holder, name } = locate(copy, path);
    if (holder === undefined) continue;
    const value = holder[name];
    if (value !== undefined && value !== null) holder[name] = change(value, path);
  }
  return copy;
}

function locate(settings: Record<string, unknown>, path: string): { holder?: Record<string, unknown>; name: string } {
  const names = path.split('.');
  const name = names.pop() ?? '';
  let holder: unknown = settings;
  for (const step of names) holder = isRecord(holder) && Object.hasOwn(holder, step) ? holder[step] : undefined;
  return isRecord(holder) && Object.hasOwn(holder, name) ? { holder, name } : { name };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Dotted paths of a schema's `writeOnly` fields, through nested objects. */
export function secretPaths(schema: z.ZodType): string[] {
  const json: unknown = z.toJSONSchema(schema, { io: 'input' });
  const paths: string[] = [];
  const walk = (node: unknown, at: string[]) => {
    if (!isRecord(node)) return;
    if (node.writeOnly === true && at.length > 0) {
      paths.push(at.join('.'));
      return;
    }
    if (isRecord(node.properties))
      for (const [name, child] of Object.entries(node.properties)) walk(child, [...at, name]);
    for (const branches of [node.anyOf, node.oneOf, node.allOf]) {
      if (Array.isArray(branches)) for (const branch of branches) walk(branch, at);
    }
  };
  walk(json, []);
  return [...new Set(paths)];
}

/** Which of these secrets have a value. */
export function presentSecrets(settings: Record<string, unknown>, paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const { holder, name } = locate(settings, path);
    return holder !== undefined && holder[name] !== undefined && holder[name] !== null;
  });
}

/** Settings without their secrets, for people to see; absent secrets in a later save keep what is stored. */
export function withoutSecrets(settings: Record<string, unknown>, paths: readonly string[]): Record<string, unknown> {
  const copy = structuredClone(settings);
  for (const path of paths) {
    const { holder, name } = locate(copy, path);
    if (holder !== undefined) delete holder[name];
  }
  return copy;
}

/** Settings in which absent secrets are taken from the stored ones; `null` takes a secret away. */
export function keepSecrets(
  settings: Record<string, unknown>,
  stored: Record<string, unknown>,
  paths: readonly string[],
): Record<string, unknown> {
  const copy = structuredClone(settings);
  for (const path of paths) {
    const names = path.split('.');
    const name = names.pop() ?? '';
    const before = locate(stored, path).holder?.[name];
    if (locate(copy, path).holder?.[name] === null) {
      const { holder } = locate(copy, path);
      if (holder !== undefined) delete holder[name];
      continue;
    }
    if (before === undefined || locate(copy, path).holder !== undefined) continue;
    let holder: Record<string, unknown> | undefined = copy;
    for (const step of names) {
      // A whole section that was taken away takes its secrets along.
      const next: unknown = holder?.[step];
      holder = isRecord(next) ? next : undefined;
    }
    if (holder !== undefined) holder[name] = before;
  }
  return copy;
}
