import { hmac } from '../kit/signature.ts';

/** Credentials of one app acting for one account. */
export interface OAuth1Credentials {
  consumerKey: string;
  consumerSecret: string;
  token: string;
  tokenSecret: string;
}

export interface OAuth1Request {
  method: string;
  /** The platform's own address, with its query. */
  url: string;
  /** Fields of a form body (application/x-www-form-urlencoded); JSON and multipart bodies are not signed. */
  form?: Readonly<Record<string, string>>;
}

/**
 * The Authorization header of a request: OAuth 1.0a with HMAC-SHA1. Source: RFC 5849, sections 3.4 to 3.6.
 * `nonce`: unique for the second; `now`: ms since the epoch.
 */
export function authorization(
  request: OAuth1Request,
  credentials: OAuth1Credentials,
  nonce: string,
  now: number,
): string {
  const oauth: Record<string, string> = {
    oauth_consumer_key: credentials.consumerKey,
    oauth_nonce: nonce,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(now / 1000)),
    oauth_token: credentials.token,
    oauth_version: '1.0',
  };
  const base = signatureBase(request, oauth);
  const key = `${encode(credentials.consumerSecret)}&${encode(credentials.tokenSecret)}`;
  const signed = { ...oauth, oauth_signature: hmac('sha1', key, base, 'base64') };
  const fields = Object.entries(signed)
    .sort(([left], [right]) => compare(left, right))
    .map(([name, value]) => `${encode(name)}="${encode(value)}"`);
  return `OAuth ${fields.join(', ')}`;
}

/** The text that is signed (RFC 5849, section 3.4.1): method, address without query, all parameters in order. */
export function signatureBase(request: OAuth1Request, oauth: Readonly<Record<string, string>>): string {
  const url = new URL(request.url);
  const parameters = [
    ...url.searchParams.entries(),
    ...Object.entries(request.form ?? {}),
    ...Object.entries(oauth),
  ].map(([name, value]): [string, string] => [encode(name), encode(value)]);
  parameters.sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue));
  const joined = parameters.map(([name, value]) => `${name}=${value}`).join('&');
  return [request.method.toUpperCase(), `${url.origin}${url.pathname}`, joined].map(encode).join('&');
}

/** Percent-encoding of RFC 3986: unreserved characters alone stay. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** By bytes: the encoded texts are ASCII. */
function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
