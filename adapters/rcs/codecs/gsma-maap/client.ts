import {
  type AdapterHost,
  type ChannelClient,
  type HostFetchOptions,
  type PartMedia,
  SendFailure,
} from '../../../contract/index.ts';
import { type ApiAnswer, callApi, failureOfStatus } from '../../../kit/api.ts';
import { asNumber, asString, recordOf } from '../../../kit/inbound.ts';
import { fetchFile } from '../../../kit/media.ts';
import type { GsmaMaapSettings, RcsSettings } from '../../config.ts';
import type { Address, HeardFile } from '../../model.ts';
import { bytesOf, harmless, opened, tried } from '../calls.ts';
import { filled, type MediaFacts, mediaOf } from '../request.ts';
import { once } from '../uploads.ts';
import { contactOf } from './encode.ts';
import type { MaapRequest } from './platform.ts';

/** Files are asked to be kept this long; ours are handed over again a little earlier. ms. */
const filesLast = 7 * 24 * 60 * 60_000;
const lookAgain = 5_000;
const largestFile = 10_000_000;
/** Read marks for one batch. */
const mostRead = 20;
/** A number nobody has (fiction), to try the settings with. */
const nobody = '+12025550100';

/** Calls a MaaP platform: messages, files, typing and read marks. */
export function createClient(host: AdapterHost<RcsSettings>, settings: GsmaMaapSettings): ChannelClient {
  const { fetch, clock } = host;
  const bot = `${settings.serverRoot.replace(/\/+$/, '')}/bot/v1/${encodeURIComponent(settings.botId)}`;
  const bearer = { authorization: `Bearer ${settings.token}` };
  const call = (path: string, options: HostFetchOptions & { json?: unknown }) =>
    callApi(fetch, { ...options, url: `${bot}${path}`, headers: { ...options.headers, ...bearer } }, (answer) =>
      failureOf(answer, clock.now()),
    );

  /** What is kept of an upload is its id: where the file is, and whether it may be sent, is asked. */
  async function upload(file: PartMedia, signal: AbortSignal): Promise<MediaFacts> {
    const { url: fileId } = await once(host, file, filesLast - 60 * 60_000, async () => {
      const medium = await opened(host.media, file);
      const bytes = await bytesOf(medium, largestFile);
      const form = new FormData();
      form.append('fileType', medium.contentType);
      form.append('until', new Date(clock.now() + filesLast).toISOString());
      form.append('fileContent', new Blob([bytes], { type: medium.contentType }), medium.name);
      const { body } = await call('/files', { method: 'POST', body: form, timeout: 60_000, signal });
      const id = asString(recordOf(body).fileId);
      if (id === undefined) throw new SendFailure('unreachable', 'The platform answered an upload without an id.');
      return { url: id };
    });
    const { body } = await call(`/files/${encodeURIComponent(fileId)}`, { signal });
    const found = recordOf(body);
    const url = asString(found.fileUrl);
    const status = asString(found.status);
    if (status === 'invalid')
      throw new SendFailure('refused', 'The platform refused the file.', { code: 'FILE_INVALID' });
    if (url === undefined || status === 'pending') {
      throw new SendFailure('rate-limited', 'The platform still works on a file.', {
        after: lookAgain,
        code: 'FILE_PENDING',
      });
    }
    return {
      url,
      contentType: asString(found.fileType),
      size: asNumber(found.fileSize),
      until: asString(found.validity),
    };
  }

  return {
    async ready(part, _conversation, signal) {
      const media: MediaFacts[] = [];
      for (const file of part.media ?? []) media.push(await harmless(() => upload(file, signal)));
      return { media };
    },
    async send({ part, ready, signal }) {
      const { method, path, body } = part.request as MaapRequest;
      const answer = await call(path, { method, json: filled(body, mediaOf(ready)), signal });
      if (method === 'PUT') return { externalIds: [] };
      const id = asString(recordOf(recordOf(answer.body).RCSMessage).msgId);
      return { externalIds: id === undefined ? [] : [id] };
    },
    fetch(reference) {
      const { url } = reference as HeardFile;
      // The token goes only to the platform itself.
      const own = URL.canParse(url) && new URL(url).origin === new URL(settings.serverRoot).origin;
      return fetchFile(fetch, url, clock.now(), own ? { headers: bearer } : {});
    },
    async typing(conversation, typing) {
      const messageContact = contactOf(conversation.address as Address);
      await call('/messages', {
        method: 'POST',
        json: { RCSMessage: { isTyping: typing ? 'active' : 'idle' }, messageContact },
      });
    },
    async read(_conversation, externalIds) {
      for (const id of externalIds.slice(-mostRead)) {
        await call(`/messages/${encodeURIComponent(id)}/status`, {
          method: 'PUT',
          json: { RCSMessage: { status: 'displayed' } },
        });
      }
    },
    test: async () => [
      await tried('Token', 'The platform accepts the token for this bot.', () =>
        call(`/contactCapabilities?userContact=${encodeURIComponent(nobody)}`, {}).catch((error: unknown) => {
          // Nobody has this number, so "unknown" is the right answer.
          if (!(error instanceof SendFailure && error.kind === 'blocked')) throw error;
        }),
      ),
    ],
  };
}

function failureOf(answer: ApiAnswer, now: number): SendFailure | undefined {
  const { error } = recordOf(answer.body);
  const said = asString(error) ?? asString(recordOf(error).message) ?? asString(recordOf(error).text);
  if (answer.ok) {
    return error === undefined || error === null
      ? undefined
      : new SendFailure('refused', wordsOf('error', said), { code: 'error' });
  }
  if (answer.status === 404) {
    return new SendFailure('blocked', `${wordsOf('404', said)} The number may have no RCS: use SMS instead.`, {
      code: '404',
    });
  }
  if (answer.status === 401) {
    return new SendFailure('channel-broken', `${wordsOf('401', said)} Check the token.`, { code: '401' });
  }
  // Often about one recipient only: the channel goes on.
  if (answer.status === 403) return new SendFailure('refused', wordsOf('403', said), { code: '403' });
  return failureOfStatus(answer, now, said);
}

function wordsOf(code: string, said: string | undefined): string {
  return `The platform refuses it (${code})${said === undefined ? '' : `: ${said.slice(0, 300)}`}.`;
}
