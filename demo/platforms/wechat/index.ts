import { createGround, type Platform } from '../phone/platform.ts';
import { type Place, token } from '../phone/world.ts';
import { createAccount, grant, openId, type WechatAccount } from './account.ts';
import { problem } from './check-message.ts';
import { createWechatDelivery, wechatRetries } from './deliver.ts';
import { createWechatEvents, menu } from './events.ts';
import { createWechatRoutes, refused } from './routes.ts';

const names = ['王小雨', '陈思远', '李佳', '赵一鸣', '林可'];

/** WeChat, as far as one service account and its followers see it. */
export function createWechat(
  place: Place,
  channelId: string,
  mode: 'plain' | 'safe' = 'safe',
): Platform & { account: WechatAccount } {
  const ground = createGround('wechat', place, wechatRetries);
  const { world, phone } = ground;
  const account = createAccount(ground, channelId, mode);
  const delivery = createWechatDelivery(ground, account);
  const events = createWechatEvents(ground, account, delivery);
  let count = 0;

  function addPerson(name = names[count++ % names.length] ?? '王小雨') {
    const id = openId(world);
    const none = { until: 0, left: 0 };
    account.people.set(id, {
      unionId: `o6_${token(world, 19)}`,
      followedAt: world.now(),
      wroteAt: 0,
      grants: { message: none, event: none },
      typing: false,
    });
    return phone.addPerson({ id, name, locale: 'zh-CN' });
  }
  addPerson();

  const rid = () => token(world, 6);
  return {
    key: 'wechat',
    title: '微信 WeChat',
    look: 'wechat',
    company: 'Holm & Harrow',
    account,
    ground,
    features: {
      files: ['image', 'voice', 'video'],
      location: true,
      contact: false,
      stickers: [],
      quotes: false,
      reactions: [],
      edits: false,
      unsends: false,
      typing: false,
      follow: 'follow',
      menu,
      captions: false,
    },
    api: {
      routes: createWechatRoutes(ground, account, events),
      hosts: [
        'api.weixin.qq.com',
        'api2.weixin.qq.com',
        'sh.api.weixin.qq.com',
        'sz.api.weixin.qq.com',
        'hk.api.weixin.qq.com',
      ],
      maxBytes: 11_000_000,
      expireTokens() {
        account.stable = undefined;
        account.old = undefined;
      },
      refusals: {
        notFound: () => refused(problem(40066, 'invalid url'), rid()),
        wrongMethod: ({ method }) =>
          refused(
            method === 'GET' ? problem(43002, 'require POST method') : problem(43001, 'require GET method'),
            rid(),
          ),
        tooLarge: refused(problem(40006, 'invalid meida size'), 'large'),
        rateLimited: () =>
          refused(problem(45011, 'api minute-quota reach limit, must slower, retry next minute'), rid()),
        broken: () => refused(problem(-1, 'system error'), rid()),
        revoked: () => refused(problem(40001, 'invalid credential, access_token is invalid or not latest,'), rid()),
      },
    },
    settings: (apiBaseUrl) => ({
      appId: account.appId,
      appSecret: account.appSecret,
      token: account.token,
      mode: account.mode,
      ...(account.mode === 'safe' ? { encodingAESKey: account.encodingAESKey } : {}),
      originalId: account.originalId,
      greeting: '您好,我们马上为您服务。',
      apiBaseUrl,
    }),
    newPerson(name) {
      const person = addPerson(name);
      const follower = account.people.get(person.id);
      if (follower) grant(follower, 'event', world.now());
      events.follow(person.id);
      return person;
    },
    act: events.act,
    connection: delivery.connection,
    connect: delivery.connect,
  };
}
