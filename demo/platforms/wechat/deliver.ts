import { isObject } from '../phone/checks.ts';
import type { DeliveryAnswer, DeliveryRequest } from '../phone/deliveries.ts';
import type { Connection, Ground } from '../phone/platform.ts';
import { digits } from '../phone/world.ts';
import type { WechatAccount } from './account.ts';
import { decrypt, encrypt, signatureOf } from './crypto.ts';
import { fromXml, toXml, type XmlValue } from './xml.ts';

/** Three tries in all, five seconds each. */
export const wechatRetries = {
  timeout: 5_000,
  waits: [300, 300],
  accepts: ({ status, body }: DeliveryAnswer) => status === 200 && isAnswer(body),
};

/** `success`, nothing, or a reply in XML: anything else is shown to people as a failure. */
function isAnswer(body: string): boolean {
  return body === '' || body === 'success' || fromXml(body) !== undefined;
}

/** Sends messages and events to the company's server address. */
export function createWechatDelivery(ground: Ground, account: WechatAccount) {
  const { world, deliveries } = ground;
  let state: Omit<Connection, 'webhook'> = { state: 'never-tried', detail: 'The server address was not verified yet.' };
  const seconds = () => Math.floor(world.now() / 1000);

  function signed(): URLSearchParams {
    const [timestamp, nonce] = [String(seconds()), digits(world, 10)];
    return new URLSearchParams({ signature: signatureOf(account.token, timestamp, nonce), timestamp, nonce });
  }

  function request(openid: string, xml: string): DeliveryRequest {
    const query = signed();
    query.set('openid', openid);
    let body = xml;
    if (account.mode === 'safe') {
      const encrypted = encrypt(account.encodingAESKey, account.appId, xml, world.bytes(16));
      query.set('encrypt_type', 'aes');
      query.set(
        'msg_signature',
        signatureOf(account.token, query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypted),
      );
      body = toXml({ ToUserName: account.originalId, Encrypt: encrypted });
    }
    return {
      method: 'POST',
      url: `${account.webhook}?${query}`,
      headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
      body: Buffer.from(body, 'utf8'),
    };
  }

  /** A reply in the answer; undefined when there is none, a problem when it is none of WeChat's form. */
  function replyIn(body: string, openid: string): Record<string, unknown> | { problem: string } | undefined {
    if (body === '' || body === 'success') return undefined;
    let xml = fromXml(body);
    if (account.mode === 'safe' && xml?.Encrypt !== undefined) {
      const { Encrypt, MsgSignature, TimeStamp, Nonce } = xml;
      const expected = signatureOf(account.token, String(TimeStamp), String(Nonce), String(Encrypt));
      if (MsgSignature !== expected) return { problem: 'MsgSignature is wrong' };
      xml = fromXml(decrypt(account.encodingAESKey, account.appId, String(Encrypt)) ?? '');
    }
    if (!isObject(xml)) return { problem: 'the reply is not encrypted for this account' };
    if (xml.ToUserName !== openid || xml.FromUserName !== account.originalId) {
      return { problem: 'ToUserName and FromUserName must be swapped' };
    }
    // Milliseconds are the commonest mistake.
    if (!/^\d{10}$/.test(String(xml.CreateTime))) return { problem: 'CreateTime is not in seconds' };
    return xml;
  }

  return {
    connection: (): Connection => ({ webhook: account.webhook, ...state }),
    async connect(): Promise<Connection> {
      const query = signed();
      const echostr = digits(world, 19);
      query.set('echostr', echostr);
      const answer = await deliveries.call({
        method: 'GET',
        url: `${account.webhook}?${query}`,
        headers: { 'user-agent': 'Mozilla/4.0', accept: '*/*' },
      });
      if (answer?.status === 200 && answer.body === echostr) {
        state = { state: 'connected', detail: 'The server returned echostr.' };
      } else {
        const what = answer === undefined ? '请求URL超时 (no answer)' : `token验证失败 (answered ${answer.status})`;
        state = { state: 'refused', detail: what };
      }
      return { webhook: account.webhook, ...state };
    },
    /** Deliver a message or event of `openid`. `replied`: the XML that came in the answer, or what is wrong with it. */
    send(
      openid: string,
      fields: Record<string, XmlValue>,
      done: (taken: boolean, replied: ReturnType<typeof replyIn>) => void,
    ): void {
      // Made once: tries of one message are the same message.
      const xml = toXml({ ToUserName: account.originalId, FromUserName: openid, CreateTime: seconds(), ...fields });
      deliveries.send({
        conversation: openid,
        make: () => request(openid, xml),
        done: (taken, answer) => done(taken, taken && answer ? replyIn(answer.body, openid) : undefined),
      });
    },
  };
}

export type WechatDelivery = ReturnType<typeof createWechatDelivery>;
