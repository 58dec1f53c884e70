import { type Connection, createGround, type Platform } from '../../phone/platform.ts';
import { digits, type Place, token } from '../../phone/world.ts';
import { channelSettings, createAccount, type RbmAccount } from './account.ts';
import { createRbmEvents, menu, rbmRetries } from './events.ts';
import { createOauth } from './oauth.ts';
import { refused, unauthenticated } from './refusal.ts';
import { createRbmRoutes } from './routes.ts';

const names = ['Olivia Brooks', 'Ethan Cole', 'Sofia Reyes', 'Noah Kim', 'Grace Hall'];

/** Google's RCS for Business, as far as one agent and the phones it writes to see it. */
export function createRcsGoogle(
  place: Place,
  channelId: string,
): Platform & { account: RbmAccount; settings(apiBaseUrl: string): Record<string, unknown> } {
  const ground = createGround('rcs', place, rbmRetries);
  const { world, phone } = ground;
  const account = createAccount(ground, channelId);
  const events = createRbmEvents(ground, account);
  const oauth = createOauth(ground, account);
  let state: Omit<Connection, 'webhook'> = { state: 'never-tried', detail: 'The webhook was not verified yet.' };
  let count = 0;

  function newPerson(name = names[count++ % names.length] ?? 'Olivia Brooks') {
    const number = `+1650555${digits(world, 4)}`;
    account.people.set(number, { rcs: true, online: true });
    return phone.addPerson({ id: number, name, phone: number, locale: 'en-US' });
  }
  newPerson();

  return {
    key: 'rcs',
    title: 'RCS (Google)',
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
      typing: true,
      follow: 'opt-in',
      menu,
      captions: false,
    },
    api: {
      routes: createRbmRoutes(ground, account, oauth, events),
      hosts: ['us-rcsbusinessmessaging.googleapis.com', 'rcsbusinessmessaging.googleapis.com'],
      maxBytes: 101_000_000,
      expireTokens: () => account.tokens.clear(),
      refusals: {
        notFound: () => refused(404, 'Method not found.'),
        wrongMethod: () => refused(404, 'Method not found.'),
        tooLarge: refused(400, 'Request payload size exceeds the limit.'),
        rateLimited: () =>
          refused(
            429,
            "Quota exceeded for quota metric 'Agent messages' of service 'rcsbusinessmessaging.googleapis.com'.",
          ),
        broken: () => refused(503, 'The service is currently unavailable.'),
        revoked: () => unauthenticated,
      },
    },
    newPerson,
    act: events.act,
    connection: () => ({ webhook: account.webhook, ...state }),
    async connect() {
      const secret = token(world, 24);
      const answer = await ground.deliveries.call({
        method: 'POST',
        url: account.webhook,
        headers: { 'content-type': 'application/json', 'user-agent': 'RBM-Webhook' },
        body: Buffer.from(JSON.stringify({ clientToken: account.clientToken, secret })),
      });
      if (answer?.status === 200 && answer.body === secret) {
        state = { state: 'connected', detail: 'The webhook returned the secret.' };
      } else {
        const what = answer === undefined ? 'did not answer' : `answered ${answer.status} without the secret`;
        state = { state: 'refused', detail: `The webhook ${what}.` };
      }
      return { webhook: account.webhook, ...state };
    },
  };
}
