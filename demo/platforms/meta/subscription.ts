import type { Connection, Ground } from '../phone/platform.ts';
import { hex } from '../phone/world.ts';
import type { MetaApp } from './graph.ts';
import { signatureHeaders, wireJson } from './signing.ts';

/** An app's webhook: verified once, then delivered to. */
export interface Subscription {
  connection(): Connection;
  /** What the dashboard does on "Verify and save". */
  connect(): Promise<Connection>;
  /** Deliver a payload of `entry`s. `done` is told whether it was taken. */
  deliver(conversation: string, payload: unknown, done?: (taken: boolean) => void): void;
}

export function createSubscription(ground: Ground, app: MetaApp, channelId: string): Subscription {
  const { world, deliveries } = ground;
  const webhook = ground.deliverTo(channelId);
  let state: Omit<Connection, 'webhook'> = { state: 'never-tried', detail: 'The webhook was not verified yet.' };
  const connection = () => ({ webhook, ...state });
  return {
    connection,
    async connect() {
      const challenge = String(Number.parseInt(hex(world, 4), 16));
      const query = new URLSearchParams({
        'hub.mode': 'subscribe',
        'hub.challenge': challenge,
        'hub.verify_token': app.verifyToken,
      });
      const answer = await deliveries.call({
        method: 'GET',
        url: `${webhook}?${query}`,
        headers: { 'user-agent': 'facebookplatform/1.0 (+http://developers.facebook.com)', accept: '*/*' },
      });
      if (answer === undefined) state = { state: 'refused', detail: 'The callback URL did not answer.' };
      else if (answer.status !== 200 || answer.body !== challenge) {
        state = {
          state: 'refused',
          detail: `The callback URL or verify token couldn't be validated (${answer.status}).`,
        };
      } else state = { state: 'connected', detail: 'The callback URL returned the challenge.' };
      return connection();
    },
    deliver(conversation, payload, done) {
      deliveries.send({
        conversation,
        make() {
          const body = wireJson(payload);
          return {
            method: 'POST',
            url: webhook,
            headers: {
              'content-type': 'application/json',
              'user-agent': 'facebookexternalua',
              accept: '*/*',
              ...signatureHeaders(app.appSecret, body),
            },
            body,
          };
        },
        ...(done === undefined ? {} : { done }),
      });
    },
  };
}

/** Meta tries again at once and then ever more rarely; bounded here by what a demo's life allows. */
export const metaRetries = { timeout: 5_000, waits: [500, 5_000, 30_000, 120_000, 600_000, 3_600_000] };
