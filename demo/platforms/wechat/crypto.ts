import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/**
 * WeChat's signatures and message encryption. Source: WeChat Official Accounts documentation, "Message encryption and
 * decryption".
 */
export function signatureOf(...parts: string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');
}

const block = 32;

/** `Encrypt` of an XML for one account: 16 random bytes, its length, itself, the appid; padded to blocks of 32. */
export function encrypt(encodingAESKey: string, appId: string, xml: string, random: Buffer): string {
  const text = Buffer.from(xml, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([random, length, text, Buffer.from(appId, 'utf8')]);
  const padding = block - (plain.length % block);
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([plain, Buffer.alloc(padding, padding)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}

/** What `encrypt` made, for this account; undefined when it is not, or for another. */
export function decrypt(encodingAESKey: string, appId: string, encrypted: string): string | undefined {
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  const data = Buffer.from(encrypted, 'base64');
  if (data.length === 0 || data.length % 16 !== 0) return undefined;
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(data), decipher.final()]);
  const last = padded.at(-1) ?? 0;
  const plain = padded.subarray(0, padded.length - (last >= 1 && last <= block ? last : 0));
  if (plain.length < 20) return undefined;
  const end = 20 + plain.readUInt32BE(16);
  if (end > plain.length || plain.subarray(end).toString('utf8') !== appId) return undefined;
  return plain.subarray(20, end).toString('utf8');
}
