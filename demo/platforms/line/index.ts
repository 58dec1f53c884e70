import { createGround, type Platform } from '../phone/platform.ts';
import { hex, type Place, uuid } from '../phone/world.ts';
import { createAccount, type LineAccount, signatureOf } from './account.ts';
import { createLineEvents } from './events.ts';
import { createLineRoutes, refused, unauthorized } from './routes.ts';

const names = ['Yuki Tanaka', 'Haruto Sato', 'Ploy Srisai', 'Mei-Ling Chen', 'Ren Kobayashi'];

/** LINE, as far as one official account and its friends see it. `channelId`: the company's channel it delivers to. */
export function createLine(place: Place, channelId: string): Platform & { account: LineAccount } {
  // LINE discloses neither number nor interval of redeliveries; these are of the order people have seen.
  const ground = createGround('line', place, { timeout: 2_000, waits: [5_000, 30_000, 120_000, 600_000] });
  const { world, phone } = ground;
  const account = createAccount(ground, channelId);
  const events = createLineEvents(ground, account, channelId);
  let connected: { state: 'never-tried' | 'connected' | 'refused'; detail: string } = {
    state: 'never-tried',
    detail: 'The webhook was not verified yet.',
  };
  let count = 0;

  function addPerson(name = names[count++ % names.length] ?? 'Yuki Tanaka') {
    return phone.addPerson({ id: `U${hex(world, 16)}`, name, locale: 'ja-JP' });
  }
  addPerson();

  return {
    key: 'line',
    title: 'LINE',
    look: 'line',
    company: 'Holm & Harrow',
    account,
    ground,
    features: {
      files: ['image', 'voice', 'video', 'file'],
      location: true,
      contact: false,
      stickers: ['1988', '1989', '1990', '1991'],
      quotes: true,
      reactions: [],
      edits: false,
      unsends: true,
      typing: false,
      follow: 'block',
      captions: false,
    },
    api: {
      routes: createLineRoutes(ground, account),
      hosts: ['api.line.me'],
      maxBytes: 2_000_000,
      headers: () => ({ 'x-line-request-id': uuid(world) }),
      refusals: {
        notFound: () => refused(404, 'Not found'),
        wrongMethod: () => refused(405, 'Method Not Allowed'),
        tooLarge: refused(413, 'Request exceeded the max size of 2MB. Make the request smaller and try again.'),
        rateLimited: () => refused(429, 'The API rate limit has been exceeded. Try again later.'),
        broken: () => refused(500, 'Internal Server Error'),
        revoked: () => unauthorized,
      },
      expireTokens: () => account.statelessTokens.clear(),
    },
    settings: (apiBaseUrl) => ({
      channelId: account.channelId,
      channelSecret: account.channelSecret,
      apiBaseUrl,
    }),
    newPerson(name) {
      const person = addPerson(name);
      events.follow(person);
      return person;
    },
    act: events.act,
    connection: () => ({ webhook: account.webhook.endpoint, ...connected }),
    async connect() {
      const body = Buffer.from(JSON.stringify({ destination: account.userId, events: [] }));
      const answer = await ground.deliveries.call({
        method: 'POST',
        url: account.webhook.endpoint,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'LineBotWebhook/2.0',
          'x-line-signature': signatureOf(account.channelSecret, body),
        },
        body,
      });
      connected =
        answer?.status === 200
          ? { state: 'connected', detail: 'The webhook answered 200.' }
          : {
              state: 'refused',
              detail: answer ? `The webhook answered ${answer.status}.` : 'The webhook did not answer.',
            };
      return { webhook: account.webhook.endpoint, ...connected };
    },
  };
}
