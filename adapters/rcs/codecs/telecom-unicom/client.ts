import {
  type AdapterHost,
  type ChannelClient,
  type HostFetchOptions,
  type KeptToken,
  type PartMedia,
  SendFailure,
} from '../../../contract/index.ts';
import { type ApiAnswer, callApi, failureOfStatus, TokenRefused, withToken } from '../../../kit/api.ts';
import { asArray, asNumber, asString, recordOf } from '../../../kit/inbound.ts';
import { fetchFile, mediaFailureOf } from '../../../kit/media.ts';
import type { RcsSettings, TelecomUnicomSettings } from '../../config.ts';
import type { Address, HeardFile } from '../../model.ts';
import { bytesOf, harmless, opened, tried } from '../calls.ts';
import { filled, type MediaFacts, mediaOf } from '../request.ts';
import { auditError, rateErrors, type TelecomRequest, tokenErrors } from './platform.ts';

/** A token lasts two hours when the network does not say. ms. */
const tokenLasts = 7_200_000;
/** How long a file's audit is given before the message is tried again, ms. */
const auditTakes = 15_000;
const largestFile = 10_000_000;

/** Calls China Telecom or China Unicom: an access token, uploads, messages. */
export function createClient(host: AdapterHost<RcsSettings>, settings: TelecomUnicomSettings): ChannelClient {
  const { fetch, clock } = host;
  const { appId, appKey, chatbotId, serverRoot } = settings;
  const bot = `${serverRoot.replace(/\/+$/, '')}/bot/v1/${encodeURIComponent(chatbotId)}`;
  const call = (path: string, options: HostFetchOptions & { json?: unknown }) =>
    callApi(fetch, { ...options, url: `${bot}${path}` }, (answer) => failureOf(answer, clock.now()));

  async function makeToken(): Promise<KeptToken> {
    const { body } = await harmless(() => call('/accessToken', { method: 'POST', json: { appId, appKey } }));
    const { accessToken, expires, expiresIn } = recordOf(body);
    const value = asString(accessToken);
    if (value === undefined) throw new SendFailure('unreachable', 'The network answered without an access token.');
    const seconds = asNumber(expires) ?? asNumber(expiresIn);
    // Some say seconds, some a moment: what is neither counts as the usual two hours.
    const lasts = seconds !== undefined && seconds > 0 && seconds <= 86_400 ? seconds * 1_000 : tokenLasts;
    return { value, expiresAt: clock.now() + lasts };
  }
  const withAccess = <Answer>(run: (headers: Record<string, string>) => Promise<Answer>) =>
    withToken(host.tokens, 'access', `${appId} ${appKey}`, makeToken, (token) =>
      run({ authorization: `accessToken ${token}`, date: new Date(clock.now()).toUTCString() }),
    );

  async function upload(file: PartMedia, signal: AbortSignal): Promise<MediaFacts> {
    const medium = await opened(host.media, file);
    const bytes = await bytesOf(medium, largestFile);
    const { body } = await harmless(() =>
      withAccess((headers) => {
        const form = new FormData();
        form.append('file', new Blob([bytes], { type: medium.contentType }), medium.name);
        const all = { ...headers, uploadMode: 'temp' };
        return call('/medias/upload', { method: 'POST', headers: all, body: form, timeout: 60_000, signal });
      }),
    );
    const found = recordOf(asArray(recordOf(body).fileInfo)[0]);
    const url = asString(found.url);
    if (url === undefined) throw new SendFailure('unreachable', 'The network answered an upload without an address.');
    return {
      url,
      contentType: asString(found.contentType) ?? medium.contentType,
      name: medium.name,
      size: asNumber(found.fileSize) ?? bytes.length,
      until: asString(found.until),
    };
  }

  return {
    async ready(part, _conversation, signal) {
      const media: MediaFacts[] = [];
      for (const file of part.media ?? []) media.push(await upload(file, signal));
      return { media };
    },
    async send({ part, conversation, ready, signal }) {
      const { path, body, messageId, conversationId } = part.request as TelecomRequest;
      const json = filled(body, mediaOf(ready));
      const answer = await withAccess((headers) => call(path, { method: 'POST', headers, json, signal }));
      if (path === '/revoke') return { externalIds: [] };
      const named = asString(recordOf(answer.body).messageId);
      const externalIds = [...new Set([messageId, ...(named === undefined ? [] : [named])])];
      const address = conversation.address as Address;
      if (address.conversationId !== undefined || conversationId === undefined) return { externalIds };
      return { externalIds, conversation: { ...conversation, address: { ...address, conversationId } } };
    },
    // The file's address goes in a header, so that the token only ever reaches the network's own server.
    async fetch(reference) {
      const { url } = reference as HeardFile;
      try {
        return await withAccess((headers) =>
          fetchFile(fetch, `${bot}/medias/download`, clock.now(), { headers: { ...headers, url } }),
        );
      } catch (error) {
        throw mediaFailureOf(error);
      }
    },
    test: async () => [
      await tried('Access token', 'The network accepts the app id and key.', () => withAccess(async () => undefined)),
    ],
  };
}

/** Errors stand in the body, often with status 200; by their code, never by their words. */
function failureOf(answer: ApiAnswer, now: number): SendFailure | undefined {
  const { errorCode, errorMessage } = recordOf(answer.body);
  const code = asString(errorCode);
  if (code === undefined || code === '0') return failureOfStatus(answer, now);
  const said = asString(errorMessage);
  const words = `The network refuses it (${code})${said === undefined ? '' : `: ${said.slice(0, 300)}`}.`;
  if (tokenErrors.includes(code)) return new TokenRefused(words, { code });
  if (code === auditError) return new SendFailure('rate-limited', words, { code, after: auditTakes });
  if (rateErrors.includes(code)) return new SendFailure('rate-limited', words, { code });
  // "Unknown exception": nobody can say what became of it.
  if (code === '-1') return new SendFailure('unknown', words, { code });
  return new SendFailure('refused', words, { code });
}
