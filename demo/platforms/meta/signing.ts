import { createHmac } from 'node:crypto';

/**
 * JSON as Meta writes it on the wire: everything beyond ASCII as `\uXXXX`, slashes and at signs escaped. What is signed
 * are these bytes. Source: Meta for Developers, "Webhooks", "Validating payloads".
 */
export function wireJson(value: unknown): Buffer {
  const text = JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replaceAll('@', '\\u0040')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(text, 'ascii');
}

/** Headers of a delivery: the signature that counts, and the old one beside it. */
export function signatureHeaders(appSecret: string, body: Uint8Array): Record<string, string> {
  const digest = (algorithm: string) => createHmac(algorithm, appSecret).update(body).digest('hex');
  return { 'x-hub-signature-256': `sha256=${digest('sha256')}`, 'x-hub-signature': `sha1=${digest('sha1')}` };
}

/** `appsecret_proof`: proves that whoever holds a token also knows the app's secret. */
export function appSecretProof(appSecret: string, accessToken: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}
