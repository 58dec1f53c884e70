import { createHmac } from 'node:crypto';

/** Percent-encoding of OAuth: only letters, digits and `-._~` stay. */
export function encodeParameter(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

export interface SignedRequest {
  method: string;
  /** Without query. */
  url: string;
  /** Query, form and `oauth_…` parameters, without the signature. */
  parameters: readonly (readonly [string, string])[];
  consumerSecret: string;
  tokenSecret: string;
}

/** Source: RFC 5849 §3.4; X Developer Platform, "Creating a signature". */
export function oauth1Signature({ method, url, parameters, consumerSecret, tokenSecret }: SignedRequest): string {
  const pairs = parameters
    .map(([name, value]) => `${encodeParameter(name)}=${encodeParameter(value)}`)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const base = [method.toUpperCase(), encodeParameter(url), encodeParameter(pairs.join('&'))].join('&');
  const key = `${encodeParameter(consumerSecret)}&${encodeParameter(tokenSecret)}`;
  return createHmac('sha1', key).update(base).digest('base64');
}

/** The `oauth_…` parameters of an Authorization header; undefined when it is none. */
export function oauthParameters(header: string | undefined): Map<string, string> | undefined {
  if (header === undefined || !/^OAuth /.test(header)) return undefined;
  const found = new Map<string, string>();
  for (const part of header.slice(6).split(',')) {
    const [, name, value] = /^\s*([\w]+)="([^"]*)"\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined || found.has(name)) return undefined;
    try {
      found.set(name, decodeURIComponent(value));
    } catch {
      return undefined;
    }
  }
  return found;
}
