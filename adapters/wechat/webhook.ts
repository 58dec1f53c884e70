import { createHmac } from 'node:crypto';
import type { WebhookRequest, WebhookResponse, WebhookVerdict } from '../contract/index.ts';
import { isSameSecret } from '../kit/index.ts';
import { cdata, parseXml, textNamed } from '../kit/xml.ts';
import type { WechatSettings } from './config.ts';
import { aesKeyOf, decrypt, encrypt, signatureOf } from './crypto.ts';
import type { WechatPayload } from './platform.ts';

/** Bytes. In compatible mode a message comes twice, once as base64. */
export const maxBytes = 256 * 1024;

/** Older requests are somebody's copy of an earlier one: ms, either way, since clocks differ. */
const maxAge = 5 * 60_000;

/** How long an echo may be: the platform sends about 20 digits. */
const longestEcho = 200;

const accepted: WebhookResponse = { status: 200, body: 'success' };

function refused(status: 400 | 401 | 405, reason: string): WebhookVerdict {
  return { kind: 'refused', status, reason };
}

/** The value of a parameter that is there exactly once. */
function only(query: URLSearchParams, name: string): string {
  const values = query.getAll(name);
  return values.length === 1 ? (values[0] ?? '') : '';
}

/**
 * Check the signature of a request, its age, and in the encrypted modes the signature over the message, which is then
 * decrypted: nothing else of the body counts. Never throws. `now`: ms since the epoch.
 */
export function verify(request: WebhookRequest, settings: WechatSettings, now: number): WebhookVerdict {
  if (request.method !== 'GET' && request.method !== 'POST') return refused(405, 'neither GET nor POST');
  const { query } = request;
  const timestamp = only(query, 'timestamp');
  const nonce = only(query, 'nonce');
  // Without a token everybody can sign.
  if (settings.token.trim() === '') return refused(401, 'the channel has no token');
  if (!/^\d{1,12}$/.test(timestamp) || nonce === '') return refused(401, 'no timestamp or no nonce');
  if (!isSameSecret(signatureOf(settings.token, timestamp, nonce), only(query, 'signature'))) {
    return refused(401, 'the signature does not match the token');
  }
  if (Math.abs(now - Number(timestamp) * 1000) > maxAge)
    return refused(401, 'signed more than 5 minutes ago, or ahead');
  if (request.method === 'GET') return handshake(only(query, 'echostr'));
  let body: string;
  try {
    body = new TextDecoder('utf-8', { fatal: true }).decode(request.body);
  } catch {
    return refused(400, 'the body is not UTF-8');
  }
  if (body.trim() === '') return refused(400, 'the body is empty');
  if (settings.mode === 'plain') return delivery({ xml: body, encrypted: false });
  return decrypted(body, settings, timestamp, nonce, only(query, 'msg_signature'));
}

/** The address was entered in the console: it is answered with the echo, which is plain in every mode. */
function handshake(echo: string): WebhookVerdict {
  if (echo === '' || echo.length > longestEcho) return refused(400, 'no echostr, or one that is too long');
  return { kind: 'answered', response: { status: 200, body: echo } };
}

function delivery(payload: WechatPayload): WebhookVerdict {
  return { kind: 'delivery', payload, response: accepted };
}

/** The message inside `<Encrypt>`. What stands beside it (compatible mode) is covered by no signature and ignored. */
function decrypted(
  body: string,
  settings: WechatSettings,
  timestamp: string,
  nonce: string,
  claimed: string,
): WebhookVerdict {
  const key = aesKeyOf(settings.encodingAESKey);
  if (key === undefined) return refused(401, 'the channel has no EncodingAESKey');
  const root = parseXml(body);
  if (root === undefined) return refused(400, 'the body is no XML document, or one with declarations of its own');
  const encrypted = textNamed(root, 'Encrypt')?.trim();
  if (encrypted === undefined) return refused(401, `the message is not encrypted, and the mode is ${settings.mode}`);
  if (!isSameSecret(signatureOf(settings.token, timestamp, nonce, encrypted), claimed)) {
    return refused(401, 'msg_signature does not match the message');
  }
  const opened = decrypt(encrypted, key);
  if (opened === undefined) return refused(401, 'the message was not encrypted with this EncodingAESKey');
  if (!isSameSecret(settings.appId, opened.appId)) return refused(401, 'the message is for another AppID');
  return delivery({ xml: opened.text, encrypted: true });
}

/**
 * The greeting as an answer in the platform's own form, for messages and not for events; encrypted where the delivery
 * was. Pure: what must be unforeseeable is derived from the AES key. `now`: ms since the epoch.
 */
export function greet(
  payload: unknown,
  settings: WechatSettings,
  now: number,
): { text: string; response: WebhookResponse } | undefined {
  const text = settings.greeting;
  if (text === undefined || text === '') return undefined;
  const { xml, encrypted } = payload as WechatPayload;
  const root = parseXml(xml);
  const from = textNamed(root, 'FromUserName');
  const to = textNamed(root, 'ToUserName');
  if (from === undefined || to === undefined || textNamed(root, 'MsgType') === 'event') return undefined;
  const seconds = Math.floor(now / 1000);
  const reply =
    `<xml><ToUserName>${cdata(from)}</ToUserName><FromUserName>${cdata(to)}</FromUserName>` +
    `<CreateTime>${seconds}</CreateTime><MsgType>${cdata('text')}</MsgType><Content>${cdata(text)}</Content></xml>`;
  const body = encrypted ? sealed(reply, xml, settings, seconds) : reply;
  if (body === undefined) return undefined;
  return { text, response: { status: 200, contentType: 'application/xml; charset=utf-8', body } };
}

function sealed(reply: string, received: string, settings: WechatSettings, seconds: number): string | undefined {
  const key = aesKeyOf(settings.encodingAESKey);
  if (key === undefined) return undefined;
  const secret = createHmac('sha256', key).update(`${seconds}\n${received}`).digest();
  const nonce = secret.readUInt32BE(16).toString();
  const encrypted = encrypt(reply, settings.appId, key, secret.subarray(0, 16));
  const signature = signatureOf(settings.token, String(seconds), nonce, encrypted);
  return (
    `<xml><Encrypt>${cdata(encrypted)}</Encrypt><MsgSignature>${cdata(signature)}</MsgSignature>` +
    `<TimeStamp>${seconds}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`
  );
}
