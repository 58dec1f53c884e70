import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** WeChat's message encryption. Source: the platform's "message encryption and decryption" page and its sample code. */

const padBlock = 32;
const headBytes = 16;

/** SHA-1 in hex over the parts, sorted as strings and joined without anything between. */
export function signatureOf(...parts: readonly string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');
}

/** The AES key an EncodingAESKey (43 characters) stands for: 32 bytes; undefined when it stands for none. */
export function aesKeyOf(encodingAESKey: string | undefined): Buffer | undefined {
  if (encodingAESKey === undefined || !/^[A-Za-z0-9]{43}$/.test(encodingAESKey)) return undefined;
  return Buffer.from(`${encodingAESKey}=`, 'base64');
}

/**
 * What `encrypted` (base64) says and for which account (AppID); undefined when it was not made with this key or is
 * damaged. Check the signature first: the cipher itself authenticates nothing.
 */
export function decrypt(encrypted: string, key: Buffer): { text: string; appId: string } | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encrypted)) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
    // Padded to 32 bytes where the library's own unpadding takes only 16 and throws beyond.
    decipher.setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
    const last = padded.at(-1) ?? 0;
    const plain = padded.subarray(0, padded.length - (last >= 1 && last <= padBlock ? last : 0));
    if (plain.length < headBytes + 4) return undefined;
    const end = headBytes + 4 + plain.readUInt32BE(headBytes);
    if (end > plain.length) return undefined;
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    return { text: utf8.decode(plain.subarray(headBytes + 4, end)), appId: utf8.decode(plain.subarray(end)) };
  } catch {
    return undefined;
  }
}

/** The text encrypted for an account, as base64. `random`: 16 bytes that nobody can foresee. */
export function encrypt(text: string, appId: string, key: Buffer, random: Uint8Array): string {
  const body = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const plain = Buffer.concat([random.subarray(0, headBytes), length, body, Buffer.from(appId)]);
  const pad = padBlock - (plain.length % padBlock);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])), cipher.final()]).toString(
    'base64',
  );
}
