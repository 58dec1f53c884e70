import {
  type AdapterHost,
  type Attempt,
  type ChannelClient,
  type FetchedFile,
  type KeptToken,
  MediaFailure,
  type Person,
  SendFailure,
  type Sent,
} from '../contract/index.ts';
import {
  type ApiAnswer,
  asArray,
  asNumber,
  asString,
  callApi,
  fetchFile,
  recordOf,
  TokenRefused,
  withToken,
} from '../kit/index.ts';
import type { LineSettings } from './config.ts';
import { failureOf, monthlyLimit, ReplyTokenInvalid } from './failure.ts';
import { type Address, api, dataApi, type LineRequest, replyTokenLifetime } from './platform.ts';
import { type LineCall, testSettings } from './test-settings.ts';

/** The only file that calls LINE. */
export function create(host: AdapterHost<LineSettings>): ChannelClient {
  const { settings } = host.channel;
  const now = () => host.clock.now();

  /** A stateless token: 15 minutes, as many as one likes, so that each node may make its own. */
  async function makeToken(): Promise<KeptToken> {
    const { channelId = '', channelSecret } = settings;
    const form = { grant_type: 'client_credentials', client_id: channelId, client_secret: channelSecret };
    const { body } = await callApi(
      host.fetch,
      {
        url: `${api}/oauth2/v3/token`,
        method: 'POST',
        redirect: 'refuse',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      },
      (answer) =>
        answer.status === 400 || answer.status === 401
          ? new SendFailure('channel-broken', 'LINE refused the channel ID and secret.', {
              code: String(answer.status),
            })
          : failureOf(answer, now()),
    );
    const value = asString(recordOf(body).access_token);
    if (value === undefined) throw new SendFailure('unreachable', 'LINE answered without a token.');
    return { value, expiresAt: now() + (asNumber(recordOf(body).expires_in) ?? 0) * 1000 };
  }

  async function withAccess<Answer>(call: (token: string) => Promise<Answer>): Promise<Answer> {
    const { channelAccessToken, channelId = '', channelSecret } = settings;
    if (channelAccessToken !== undefined) return call(channelAccessToken);
    return withToken(host.tokens, 'stateless', `${channelId}\n${channelSecret}`, makeToken, call);
  }

  const call: LineCall = (path, options = {}) =>
    withAccess(async (token) => {
      const headers = { ...options.headers, authorization: `Bearer ${token}` };
      const request = { redirect: 'refuse' as const, ...options, headers, url: `${api}${path}` };
      return callApi(host.fetch, request, (answer) => told(failureOf(answer, now())));
    });

  /** Whoever looks after the channel should know before customers complain. */
  function told(failure: SendFailure | undefined): SendFailure | undefined {
    if (failure?.code === monthlyLimit) host.report({ state: 'connected', detail: failure.message });
    return failure;
  }

  /**
   * A reply while there is a fresh token that nobody used, else a push. Only when LINE says that the token is not valid,
   * so that nothing was sent, a push follows the reply: after a reply without an answer it might double the message.
   */
  async function send({ part, conversation, signal }: Attempt): Promise<Sent> {
    const request = part.request as LineRequest;
    const { reply: kept, ...address } = conversation.address as Address;
    if (request.reply !== true) return push(address, request, signal);
    if (kept === undefined || now() - kept.at >= replyTokenLifetime) return pushOnce(address, request, signal);
    const spent = { conversation: { ...conversation, address } };
    try {
      const body = `{"replyToken":${JSON.stringify(kept.token)},"messages":${request.messages}}`;
      return { ...sentOf(await call('/v2/bot/message/reply', { ...jsonPost(body), signal })), ...spent };
    } catch (error) {
      if (!(error instanceof ReplyTokenInvalid)) throw error;
    }
    return { ...(await pushOnce(address, request, signal)), ...spent };
  }

  async function push({ to }: Address, { messages, retryKey }: LineRequest, signal: AbortSignal): Promise<Sent> {
    const { body, headers, method } = jsonPost(`{"to":${JSON.stringify(to)},"messages":${messages}}`);
    const answer = await call('/v2/bot/message/push', {
      method,
      body,
      headers: { ...headers, 'x-line-retry-key': retryKey },
      signal,
    });
    return answer.status === 409 ? { ...sentOf(answer), repeated: true } : sentOf(answer);
  }

  /** A push in place of a reply. Its part has no key, so nobody repeats it later: one repeat with its key is made here. */
  async function pushOnce(address: Address, request: LineRequest, signal: AbortSignal): Promise<Sent> {
    try {
      return await push(address, request, signal);
    } catch (error) {
      if (!(error instanceof SendFailure) || error.kind !== 'unknown' || signal.aborted) throw error;
      return push(address, request, signal);
    }
  }

  function sentOf({ body, headers }: ApiAnswer): Sent {
    host.log.debug({ lineRequestId: headers['x-line-request-id'] }, 'LINE took a message');
    const sent = asArray(recordOf(body).sentMessages);
    return { externalIds: sent.flatMap((message) => asString(recordOf(message).id) ?? []) };
  }

  async function fetchContent(messageId: string): Promise<FetchedFile> {
    const url = `${dataApi}/v2/bot/message/${encodeURIComponent(messageId)}/content`;
    try {
      return await withAccess((token) =>
        fetchFile(host.fetch, url, now(), { headers: { authorization: `Bearer ${token}` } }, ({ status }) => {
          if (status === 401) return new TokenRefused('LINE refused the channel access token for a file.');
          // Large videos are made ready first. (Undocumented how long that takes.)
          if (status === 202) return new MediaFailure('later', 'LINE is still preparing the file.', { after: 5_000 });
          return undefined;
        }),
      );
    } catch (error) {
      // A channel that does not work now may be mended while LINE still has the file.
      if (error instanceof SendFailure) throw new MediaFailure('later', error.message, { after: 60_000, cause: error });
      throw error;
    }
  }

  return {
    send,
    async fetch(reference) {
      const { messageId, url } = recordOf(reference);
      const id = asString(messageId);
      if (id !== undefined) return fetchContent(id);
      const address = asString(url);
      if (address === undefined) throw new MediaFailure('refused', 'The message named no file.');
      return fetchFile(host.fetch, address, now());
    },
    async profile(person, conversation) {
      const { kind, to } = conversation.address as Address;
      const id = encodeURIComponent(person.id);
      // Who wrote in a group is not always named: the group's id stands for them then, and has no profile.
      if (kind !== 'user' && person.id === to) return undefined;
      const path = kind === 'user' ? `/v2/bot/profile/${id}` : `/v2/bot/${kind}/${encodeURIComponent(to)}/member/${id}`;
      return profileOf(path, call);
    },
    async typing(conversation, typing) {
      const { kind, to } = conversation.address as Address;
      // LINE has it one-to-one only, and ends it itself when a message comes or the time is over.
      if (!typing || kind !== 'user') return;
      await call('/v2/bot/chat/loading/start', jsonPost(JSON.stringify({ chatId: to, loadingSeconds: 20 })));
    },
    async read(conversation) {
      const { readToken } = conversation.address as Address;
      if (readToken === undefined) return;
      await call('/v2/bot/chat/markAsRead', jsonPost(JSON.stringify({ markAsReadToken: readToken })));
    },
    test: () => testSettings(call),
  };
}

function jsonPost(body: string) {
  return { method: 'POST', body, headers: { 'content-type': 'application/json' } };
}

/** 404: not a friend of the account, or blocked it. */
async function profileOf(path: string, call: LineCall): Promise<Partial<Person> | undefined> {
  let answer: ApiAnswer;
  try {
    answer = await call(path);
  } catch (error) {
    if (error instanceof SendFailure && error.code === '404') return undefined;
    throw error;
  }
  const told = recordOf(answer.body);
  const person: Partial<Person> = {};
  const name = asString(told.displayName);
  const pictureUrl = asString(told.pictureUrl);
  const locale = asString(told.language);
  if (name !== undefined) person.name = name;
  if (pictureUrl !== undefined) person.pictureUrl = pictureUrl;
  if (locale !== undefined) person.locale = locale;
  return person;
}
