import { type Connection, createGround, type Platform } from '../../phone/platform.ts';
import { digits, type Place, uuid } from '../../phone/world.ts';
import { channelSettings, createAccount, host, type MaapAccount } from './account.ts';
import { createMaapEvents, menu } from './events.ts';
import { createFiles } from './files.ts';
import { createNotifications, maapRetries } from './notify.ts';
import { refused, unauthorized } from './refusal.ts';
import { createMaapRoutes } from './routes.ts';

const names = ['张伟', '刘芳', '杨洋', '黄丽', '周杰'];

/** China Mobile's 5G messages, as far as one chatbot and the phones it writes to see them. */
export function createRcsChinaMobile(
  place: Place,
  channelId: string,
): Platform & { account: MaapAccount; settings(apiBaseUrl: string): Record<string, unknown> } {
  const ground = createGround('rcs-china-mobile', place, maapRetries);
  const { world, phone } = ground;
  const account = createAccount(ground, channelId);
  // The address that is called holds a secret: it is not shown.
  const { log } = phone;
  phone.log = (entry) => log({ ...entry, path: entry.path.replace(account.callbackSecret, '…') });
  const notifications = createNotifications(ground, account);
  const files = createFiles(ground, account, notifications);
  const events = createMaapEvents(ground, account, notifications, files);
  let state: Omit<Connection, 'webhook'> = { state: 'never-tried', detail: 'Nothing was delivered yet.' };
  let count = 0;

  function newPerson(name = names[count++ % names.length] ?? '张伟') {
    const number = `+86138${digits(world, 8)}`;
    account.people.set(number, {
      rcs: true,
      conversationID: uuid(world),
      ims: 'bj.ims.mnc000.mcc460.3gppnetwork.org',
    });
    return phone.addPerson({ id: number, name, phone: number, locale: 'zh-CN' });
  }
  newPerson();

  const webhook = account.notifyURL.replace(account.callbackSecret, '…');
  return {
    key: 'rcs-china-mobile',
    title: '5G消息 (China Mobile)',
    look: 'rcs',
    company: 'Holm & Harrow',
    account,
    ground,
    settings: (apiBaseUrl) => channelSettings(account, apiBaseUrl),
    features: {
      files: ['image', 'voice', 'audio', 'video', 'file'],
      location: true,
      contact: false,
      stickers: [],
      quotes: false,
      reactions: [],
      edits: false,
      unsends: false,
      typing: false,
      menu,
      captions: false,
    },
    api: {
      routes: createMaapRoutes(ground, account, notifications, events, files),
      hosts: [host],
      maxBytes: 11_000_000,
      expireTokens: () => undefined,
      refusals: {
        notFound: () =>
          refused(404, 'serviceException', 'SVC0001', 'A service error occurred. Error code is %1', '404'),
        wrongMethod: () =>
          refused(405, 'serviceException', 'SVC0001', 'A service error occurred. Error code is %1', '405'),
        tooLarge: refused(413, 'policyException', 'POL1018', 'Message is too large'),
        rateLimited: () => refused(429, 'policyException', 'POL0011', 'Too many requests'),
        broken: () => refused(503, 'serviceException', 'SVC0001', 'A service error occurred. Error code is %1', '503'),
        revoked: () => unauthorized,
      },
    },
    newPerson,
    act: events.act,
    connection: () => ({ webhook, ...state }),
    async connect() {
      // Nothing is asked of the company, so that nothing unexpected reaches it.
      state = { state: 'connected', detail: 'The platform verifies nothing when an address is registered.' };
      return { webhook, ...state };
    },
  };
}
