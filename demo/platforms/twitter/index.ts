import { createGround, type Platform } from '../phone/platform.ts';
import type { Place } from '../phone/world.ts';
import { createAccount, snowflake, type TwitterAccount, type TwitterOptions } from './account.ts';
import { problem, unauthorized } from './authorize.ts';
import { createTwitterEvents, menu } from './events.ts';
import { createTwitterRoutes, tooMany } from './routes.ts';
import { createTwitterWebhook, twitterRetries } from './webhook.ts';

const names = ['Sam Rivera', 'Kit Andersson', 'Dana Whitfield', 'Omar Haddad'];

/** X's direct messages, as far as one account and those who write to it see them. */
export function createTwitter(
  place: Place,
  channelId: string,
  options: TwitterOptions = {},
): Platform & { account: TwitterAccount } {
  const ground = createGround('twitter', place, twitterRetries);
  const { world, phone } = ground;
  const account = createAccount(ground, channelId, options);
  const webhook = createTwitterWebhook(ground, account);
  const events = createTwitterEvents(ground, account, webhook);
  let count = 0;

  const newPerson = (name = names[count++ % names.length] ?? 'Sam Rivera') =>
    phone.addPerson({ id: snowflake(world), name, locale: 'en-GB' });
  newPerson();

  return {
    key: 'twitter',
    title: 'X',
    look: 'x',
    company: 'Holm & Harrow',
    account,
    ground,
    features: {
      files: ['image', 'video'],
      location: false,
      contact: false,
      stickers: [],
      quotes: false,
      reactions: [],
      edits: false,
      unsends: false,
      typing: true,
      follow: 'block',
      menu,
      captions: true,
    },
    api: {
      routes: createTwitterRoutes(ground, account, events, webhook),
      hosts: ['api.x.com', 'api.twitter.com'],
      maxBytes: 20_000_000,
      expireTokens() {
        account.bearer = undefined;
      },
      refusals: {
        notFound: () => problem(404, 'Not Found'),
        wrongMethod: () => problem(405, 'Method Not Allowed'),
        tooLarge: problem(413, 'Payload Too Large'),
        rateLimited: () => ({
          ...tooMany,
          headers: { ...tooMany.headers, 'x-rate-limit-reset': String(Math.ceil(world.now() / 1000) + 1) },
        }),
        broken: () => problem(503, 'Service Unavailable'),
        revoked: () => unauthorized,
      },
    },
    settings: (apiBaseUrl) => ({
      accountId: account.id,
      consumerKey: account.consumerKey,
      consumerSecret: account.consumerSecret,
      auth: 'oauth1',
      accessToken: account.accessToken,
      accessTokenSecret: account.accessTokenSecret,
      apiBaseUrl,
    }),
    newPerson,
    act: events.act,
    connection: webhook.connection,
    async connect() {
      await webhook.challenge();
      return webhook.connection();
    },
  };
}
