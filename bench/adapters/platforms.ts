import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';

/** A platform's delivery of one text message: what the load sends, and the check that the bare handler makes. */
export interface Platform {
  /** Channel type, and id of the channel. */
  type: string;
  settings: Record<string, unknown>;
  /** The n-th message, of one of a thousand customers. */
  delivery(n: number): Delivery;
  /** The signature check alone, as somebody would write it by hand. */
  genuine(request: { query: URLSearchParams; headers: Record<string, string | undefined>; body: Buffer }): boolean;
}

export interface Delivery {
  /** What follows `/webhooks/<channel>`. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

const secret = 'a secret of the bench, longer than thirty-two characters';
const json = { 'content-type': 'application/json' };
const words = (n: number) =>
  `Hello number ${n}: is the blue lamp there, and when could you bring it? ${'x'.repeat(60)}`;
const customer = (n: number) => n % 1000;

function hmac(algorithm: string, encoding: 'hex' | 'base64', body: string | Buffer, key = secret): string {
  return createHmac(algorithm, key).update(body).digest(encoding);
}

/** JSON signed by one header, which is most of them. */
function signed(header: string, sign: (body: string | Buffer) => string, bodyOf: (n: number) => object) {
  return {
    delivery(n: number): Delivery {
      const body = JSON.stringify(bodyOf(n));
      return { path: '', headers: { ...json, [header]: sign(body) }, body };
    },
    genuine: ({ headers, body }: Parameters<Platform['genuine']>[0]) => headers[header] === sign(body),
  };
}

const line: Platform = {
  type: 'line',
  settings: { channelId: '1234567890', channelSecret: secret, channelAccessToken: 'bench' },
  ...signed(
    'x-line-signature',
    (body) => hmac('sha256', 'base64', body),
    (n) => ({
      destination: 'U0000000000000000000000000000bench',
      events: [
        {
          type: 'message',
          mode: 'active',
          timestamp: Date.now(),
          webhookEventId: `01BENCH${String(n).padStart(19, '0')}`,
          deliveryContext: { isRedelivery: false },
          source: { type: 'user', userId: `U${String(customer(n)).padStart(32, '0')}` },
          replyToken: `reply${n}`,
          message: { id: String(500_000_000 + n), type: 'text', text: words(n), quoteToken: `q${n}` },
        },
      ],
    }),
  ),
};

const meta = (body: string | Buffer) => `sha256=${hmac('sha256', 'hex', body)}`;

const facebook: Platform = {
  type: 'facebook',
  settings: { appId: '1', appSecret: secret, verifyToken: 'bench', pageId: '102', pageAccessToken: 'bench' },
  ...signed('x-hub-signature-256', meta, (n) => ({
    object: 'page',
    entry: [
      {
        id: '102',
        time: Date.now(),
        messaging: [
          {
            sender: { id: String(7_000_000 + customer(n)) },
            recipient: { id: '102' },
            timestamp: Date.now(),
            message: { mid: `m_bench${n}`, text: words(n) },
          },
        ],
      },
    ],
  })),
};

const whatsapp: Platform = {
  type: 'whatsapp',
  settings: {
    appId: '1',
    appSecret: secret,
    verifyToken: 'bench',
    phoneNumberId: '106540352242922',
    wabaId: '102290129340398',
    accessToken: 'bench',
  },
  ...signed('x-hub-signature-256', meta, (n) => ({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '102290129340398',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
              contacts: [{ profile: { name: 'Bench' }, wa_id: String(16_505_550_000 + customer(n)) }],
              messages: [
                {
                  from: String(16_505_550_000 + customer(n)),
                  id: `wamid.bench${n}`,
                  timestamp: String(Math.floor(Date.now() / 1000)),
                  type: 'text',
                  text: { body: words(n) },
                },
              ],
            },
          },
        ],
      },
    ],
  })),
};

const twitter: Platform = {
  type: 'twitter',
  settings: {
    accountId: '4337869213',
    consumerKey: 'bench',
    consumerSecret: secret,
    accessToken: 'bench',
    accessTokenSecret: 'bench',
  },
  ...signed(
    'x-twitter-webhooks-signature',
    (body) => `sha256=${hmac('sha256', 'base64', body)}`,
    (n) => ({
      for_user_id: '4337869213',
      direct_message_events: [
        {
          type: 'message_create',
          id: String(1_700_000_000_000 + n),
          created_timestamp: String(Date.now()),
          message_create: {
            target: { recipient_id: '4337869213' },
            sender_id: String(900_000 + customer(n)),
            message_data: { text: words(n), entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] } },
          },
        },
      ],
      users: {
        [String(900_000 + customer(n))]: { id: String(900_000 + customer(n)), name: 'Bench', screen_name: 'b' },
      },
    }),
  ),
};

const wechatToken = 'benchtoken';
const wechatSignature = (timestamp: string, nonce: string) =>
  createHash('sha1').update([wechatToken, timestamp, nonce].sort().join('')).digest('hex');

const wechat: Platform = {
  type: 'wechat',
  settings: { appId: 'wx0123456789abcdef', appSecret: secret, token: wechatToken, mode: 'plain' },
  delivery(n) {
    const seconds = String(Math.floor(Date.now() / 1000));
    const nonce = String(n);
    const openid = `o${String(customer(n)).padStart(27, '0')}`;
    return {
      path: `?signature=${wechatSignature(seconds, nonce)}&timestamp=${seconds}&nonce=${nonce}&openid=${openid}`,
      headers: { 'content-type': 'text/xml' },
      body:
        `<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName>` +
        `<CreateTime>${seconds}</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
        `<Content><![CDATA[${words(n)}]]></Content><MsgId>${6_054_768_590_064_000_000n + BigInt(n)}</MsgId></xml>`,
    };
  },
  genuine: ({ query }) =>
    query.get('signature') === wechatSignature(query.get('timestamp') ?? '', query.get('nonce') ?? ''),
};

const clientToken = 'SJENCPGJESMGUFPYBENCH';

const rcs: Platform = {
  type: 'rcs',
  settings: {
    provider: 'google-rbm',
    agentId: 'bench@rbm.goog',
    clientToken,
    serviceAccountKey: JSON.stringify({
      client_email: 'bench@example.iam.gserviceaccount.com',
      private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      }),
    }),
  },
  delivery(n) {
    const data = Buffer.from(
      JSON.stringify({
        senderPhoneNumber: `+1650555${String(customer(n)).padStart(4, '0')}`,
        messageId: `bench-${n}`,
        sendTime: new Date().toISOString(),
        text: words(n),
        agentId: 'bench@rbm.goog',
      }),
    );
    const body = JSON.stringify({ message: { data: data.toString('base64') } });
    return { path: '', headers: { ...json, 'x-goog-signature': hmac('sha512', 'base64', data, clientToken) }, body };
  },
  genuine({ headers, body }) {
    const { message } = JSON.parse(body.toString()) as { message: { data: string } };
    const signature = hmac('sha512', 'base64', Buffer.from(message.data, 'base64'), clientToken);
    return headers['x-goog-signature'] === signature;
  },
};

export const platforms: readonly Platform[] = [line, facebook, whatsapp, twitter, wechat, rcs];
