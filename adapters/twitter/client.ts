import { randomBytes } from 'node:crypto';
import {
  type AdapterHost,
  type Attempt,
  type ChannelClient,
  type FetchedFile,
  type HostFetch,
  MediaFailure,
  type Part,
  type Person,
  SendFailure,
  type Sent,
} from '../contract/index.ts';
import { callApi, TokenRefused } from '../kit/api.ts';
import { asString, recordOf } from '../kit/inbound.ts';
import { fetchFile } from '../kit/media.ts';
import type { TwitterSettings } from './config.ts';
import { credentialsOf } from './credentials.ts';
import { personOf } from './decode-people.ts';
import { failureOf } from './failures.ts';
import { apiOrigin, mediaHosts, mediaPlaceholder, type SendRequest, type Uploaded } from './platform.ts';
import { testChannel } from './test-channel.ts';
import { upload } from './upload.ts';

/** The half that calls X. `nonce` makes texts that are never used twice, for OAuth 1.0a. */
export function createClient(
  host: AdapterHost<TwitterSettings>,
  nonce: () => string = () => randomBytes(16).toString('hex'),
): ChannelClient {
  const credentials = credentialsOf(host, nonce);
  /** Has the token renewed where a file is refused for it. */
  const refusing: HostFetch = async (url, options) => {
    const response = await host.fetch(url, options);
    if (response.status === 401) throw new TokenRefused('X refused the access token for a file.');
    return response;
  };
  return {
    async send({ part, ready, signal }: Attempt): Promise<Sent> {
      const { method, path, body } = part.request as SendRequest;
      const url = `${apiOrigin}${path}`;
      const answer = await credentials.asAccount({ method, url }, (authorization) =>
        callApi(
          host.fetch,
          {
            url,
            method,
            headers: { authorization, 'content-type': 'application/json' },
            body: withMedia(body, ready),
            signal,
            redirect: 'refuse',
          },
          (got) => failureOf(got, host.clock.now(), 'message'),
        ),
      );
      const id = asString(recordOf(recordOf(answer.body).data).dm_event_id);
      return { externalIds: id === undefined ? [] : [id] };
    },

    async ready(part: Part, _conversation, signal): Promise<Uploaded> {
      const media: string[] = [];
      for (const one of part.media ?? []) media.push(await upload(host, credentials, one, signal));
      return { media };
    },

    async fetch(reference: unknown): Promise<FetchedFile> {
      const url = addressOf(recordOf(reference).url);
      const request = { method: 'GET', url: host.channel.settings.auth === 'oauth1' ? url : endpointOf(url) };
      try {
        return await credentials.asAccount(request, (authorization) =>
          fetchFile(refusing, request.url, host.clock.now(), {
            // Public files of the platform's network need no rights, and get none.
            headers: isPrivate(request.url) ? { authorization } : {},
          }),
        );
      } catch (error) {
        if (!(error instanceof SendFailure)) throw error;
        const later = error.kind === 'unreachable' || error.kind === 'rate-limited';
        const after = error.after === undefined ? {} : { after: error.after };
        throw new MediaFailure(later ? 'later' : 'refused', error.message, { ...after, cause: error });
      }
    },

    async profile({ id }): Promise<Partial<Person> | undefined> {
      const url = `${apiOrigin}/2/users/${encodeURIComponent(id)}?user.fields=profile_image_url`;
      const answer = await credentials.asAccount({ method: 'GET', url }, (authorization) =>
        callApi(host.fetch, { url, headers: { authorization } }, (got) =>
          // A person who is gone or hidden has no profile; that is no failure.
          got.status === 403 || got.status === 404 ? undefined : failureOf(got, host.clock.now()),
        ),
      );
      const person = personOf(id, { [id]: answer.body });
      return person.name === undefined ? undefined : person;
    },

    test: () => testChannel(host, credentials),
  };
}

/** The stored body with the ids of uploaded media. Quotes within texts are escaped, so only the field itself matches. */
function withMedia(body: string, ready: unknown): string {
  const { media = [] } = (ready ?? {}) as Partial<Uploaded>;
  return media.reduce(
    (text, id, index) =>
      text.replace(`"media_id":${JSON.stringify(mediaPlaceholder(index))}`, () => `"media_id":${JSON.stringify(id)}`),
    body,
  );
}

/** The address of a customer's file, if it is one of X's. */
function addressOf(value: unknown): string {
  const text = asString(value) ?? '';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOurs =
    url?.protocol === 'https:' && mediaHosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
  if (url === undefined || !isOurs) throw new MediaFailure('refused', 'The file does not lie with X.');
  return url.href;
}

/** Whether a file is given only to members of the conversation. */
function isPrivate(url: string): boolean {
  const { hostname } = new URL(url);
  return !hostname.endsWith('twimg.com');
}

/** OAuth 2 tokens open private files at their API address alone: `…/dm/<message>/<media>/<file>`. */
function endpointOf(url: string): string {
  const found = /\/dm\/(\d+)\/(\d+)\/([^/?#]+)$/.exec(new URL(url).pathname);
  if (found === null) return url;
  return `${apiOrigin}/2/dm_conversations/media/${found[1]}/${found[2]}/${found[3]}`;
}
