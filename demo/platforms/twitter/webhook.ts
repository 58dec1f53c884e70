import { createHmac } from 'node:crypto';
import { fieldsOf, jsonOf } from '../phone/checks.ts';
import type { Connection, Ground } from '../phone/platform.ts';
import { same } from '../phone/same.ts';
import { digits, token } from '../phone/world.ts';
import type { TwitterAccount, TwitterActivity } from './account.ts';

/** `sha256=` and the HMAC by the consumer secret: of deliveries and of challenges. */
export function signatureOf(consumerSecret: string, text: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', consumerSecret).update(text).digest('base64')}`;
}

/** X promises retries and tells no schedule. */
export const twitterRetries = { timeout: 10_000, waits: [5_000, 30_000, 120_000] };

export type TwitterWebhook = ReturnType<typeof createTwitterWebhook>;

/** X's webhook: challenged when it is registered, then delivered to. Source: X Developer Platform, "Webhooks". */
export function createTwitterWebhook(ground: Ground, account: TwitterAccount) {
  const { world, deliveries } = ground;
  let state: Omit<Connection, 'webhook'> = { state: 'never-tried', detail: 'The webhook was not checked yet.' };

  function deliver(person: string, payload: unknown, done?: (taken: boolean) => void): void {
    deliveries.send({
      conversation: person,
      make() {
        const body = Buffer.from(JSON.stringify(payload));
        return {
          method: 'POST',
          url: account.webhook.url,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'Twitterbot/1.0',
            'x-twitter-webhooks-signature': signatureOf(account.consumerSecret, body),
          },
          body,
        };
      },
      ...(done === undefined ? {} : { done }),
    });
  }

  return {
    connection: (): Connection => ({ webhook: account.webhook.url, ...state }),

    /** The challenge-response check. True: the company knows the consumer secret. */
    async challenge(url = account.webhook.url): Promise<boolean> {
      const crcToken = token(world, 32);
      const query = new URLSearchParams({ crc_token: crcToken, nonce: token(world, 16) });
      const answer = await deliveries.call({ method: 'GET', url: `${url}?${query}`, headers: { accept: '*/*' } });
      const { response_token: response } = fieldsOf(jsonOf(Buffer.from(answer?.body ?? '')));
      const valid = answer?.status === 200 && same(String(response), signatureOf(account.consumerSecret, crcToken));
      if (url === account.webhook.url) account.webhook.valid = valid;
      state = valid
        ? { state: 'connected', detail: 'The challenge was answered.' }
        : {
            state: 'refused',
            detail: answer ? `CrcValidationFailed (answered ${answer.status}).` : 'CrcValidationFailed (no answer).',
          };
      return valid;
    },

    /**
     * Tell of something in the conversation with `person`: `activity` as the newer API names it, `fields` the same in
     * both. `users` are those it names. Not told: what is not subscribed.
     */
    tell(
      person: { id: string; name: string },
      activity: TwitterActivity,
      fields: Record<string, unknown>,
      done?: (taken: boolean) => void,
    ): void {
      const own = { id: account.id, name: account.name, username: account.username };
      const users = [own, { ...person, username: usernameOf(person.name) }];
      const older = account.format === 'account-activity' && activity !== 'chat.received';
      const known = Object.fromEntries(users.map((user) => [user.id, older ? olderUser(user) : newerUser(user)]));
      if (older) {
        deliver(person.id, { for_user_id: account.id, ...fields, users: known }, done);
        return;
      }
      const subscription = account.subscriptions.find((known) => known.event_type === activity);
      if (subscription === undefined) {
        done?.(false);
        return;
      }
      const data = {
        filter: subscription.filter,
        event_uuid: `-${digits(world, 18)}`,
        event_type: activity,
        ...(subscription.tag === undefined ? {} : { tag: subscription.tag }),
        payload: activity === 'chat.received' ? fields : { ...fields, users: known },
      };
      deliver(person.id, { data }, done);
    },
  };
}

interface User {
  id: string;
  name: string;
  username: string;
}

function olderUser({ id, name, username }: User): object {
  return {
    id,
    created_timestamp: '1420070400000',
    name,
    screen_name: username,
    protected: false,
    verified: false,
    profile_image_url_https: pictureOf(id),
  };
}

function newerUser({ id, name, username }: User): object {
  return { data: { id, name, username, profile_image_url: pictureOf(id) } };
}

function pictureOf(userId: string): string {
  return `https://pbs.twimg.com/profile_images/${userId}/face_normal.png`;
}

/** The @name of somebody, made of their name. */
export function usernameOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
}
