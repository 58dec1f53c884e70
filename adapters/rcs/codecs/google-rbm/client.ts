import { createHash } from 'node:crypto';
import {
  type AdapterHost,
  type ChannelClient,
  type Conversation,
  type HostFetchOptions,
  type Part,
  type PartMedia,
  SendFailure,
} from '../../../contract/index.ts';
import { type ApiAnswer, callApi, failureOfStatus, retryAfterOf, TokenRefused } from '../../../kit/api.ts';
import { asArray, asString, recordOf } from '../../../kit/inbound.ts';
import { fetchFile } from '../../../kit/media.ts';
import type { GoogleRbmSettings, RcsSettings } from '../../config.ts';
import type { Address, HeardFile } from '../../model.ts';
import { harmless, opened, tried } from '../calls.ts';
import { filled, type MediaFacts, mediaOf, type Ready } from '../request.ts';
import { originOf, type RbmFeature, type RbmRequest } from './platform.ts';
import { withAccess } from './token.ts';

/** How long what a phone can show is believed, ms, and of how many phones. */
const capabilitiesLast = 60 * 60_000;
const mostPhones = 1_000;
/** Read events for one batch. */
const mostRead = 20;
/** A number nobody has (fiction), to try the settings with. */
const nobody = '+12025550100';

type Options = HostFetchOptions & { json?: unknown };

/** Calls Google: an access token, uploads, messages, events, what a phone can show. */
export function createClient(host: AdapterHost<RcsSettings>, settings: GoogleRbmSettings): ChannelClient {
  const { fetch, clock } = host;
  const origin = originOf(settings.region);
  const known = new Map<string, { features: ReadonlySet<string>; until: number }>();
  let events = 0;

  const agent = (path: string) =>
    `${path}${path.includes('?') ? '&' : '?'}agentId=${encodeURIComponent(settings.agentId)}`;
  const request = (token: string, path: string, options: Options) =>
    callApi(
      fetch,
      { ...options, url: `${origin}${agent(path)}`, headers: { ...options.headers, authorization: `Bearer ${token}` } },
      (answer) => failureOf(answer, clock.now()),
    );
  const call = (path: string, options: Options) => withAccess(host, settings, (token) => request(token, path, options));

  /** An id for an event of ours: the same is never given twice. */
  const eventId = (about: string) => {
    events += 1;
    const digest = createHash('sha256').update(`${host.channel.id} ${about} ${clock.now()} ${events}`).digest('hex');
    return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  };
  const event = (conversation: Conversation, json: object) => {
    const phone = phoneOfConversation(conversation);
    const id = eventId(`${phone} ${JSON.stringify(json)}`);
    return call(`/v1/phones/${encodeURIComponent(phone)}/agentEvents?eventId=${id}`, { method: 'POST', json });
  };

  /** The file is opened for each attempt: a stream goes once, and a refused token is tried again. */
  async function upload(file: PartMedia, signal: AbortSignal): Promise<MediaFacts> {
    const answer = await withAccess(host, settings, async (token) => {
      const medium = await opened(host.media, file);
      return request(token, '/upload/v1/files', {
        method: 'POST',
        headers: { 'content-type': medium.contentType },
        body: medium.stream(),
        timeout: 120_000,
        signal,
      });
    });
    const name = asString(recordOf(answer.body).name);
    if (name === undefined) {
      throw new SendFailure('unreachable', 'Google answered an upload without a name for the file.');
    }
    return { url: name };
  }

  /** What a phone can show, asked at most once an hour. Rejects when it has no RCS. */
  async function featuresOf(phone: string, requestId: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const before = known.get(phone);
    if (before !== undefined && before.until > clock.now()) return before.features;
    const path = `/v1/phones/${encodeURIComponent(phone)}/capabilities?requestId=${requestId}`;
    const { body } = await call(path, { signal });
    const features = new Set(asArray(recordOf(body).features).map(String));
    known.delete(phone);
    if (known.size >= mostPhones) known.delete(known.keys().next().value ?? '');
    known.set(phone, { features, until: clock.now() + capabilitiesLast });
    return features;
  }

  async function checkNeeds(
    needs: readonly RbmFeature[],
    conversation: Conversation,
    request: RbmRequest,
    signal: AbortSignal,
  ) {
    const features = await featuresOf(phoneOfConversation(conversation), request.messageId, signal);
    const missing = needs.filter((need) => !features.has(need));
    // A list without any feature says nothing.
    if (features.size === 0 || missing.length === 0) return;
    throw new SendFailure('refused', `The phone cannot show this (${missing.join(', ')}): send it as text.`, {
      code: 'FEATURE_UNSUPPORTED',
    });
  }

  async function ready(part: Part, conversation: Conversation, signal: AbortSignal): Promise<Ready> {
    const request = part.request as RbmRequest;
    if (settings.checkCapabilities && request.needs !== undefined) {
      await harmless(() => checkNeeds(request.needs ?? [], conversation, request, signal));
    }
    const media: MediaFacts[] = [];
    for (const file of part.media ?? []) media.push(await harmless(() => upload(file, signal)));
    return { media };
  }

  return {
    ready,
    async send({ part, ready: kept, signal }) {
      const { method, path, body, messageId } = part.request as RbmRequest;
      const json = body === undefined ? undefined : filled(body, mediaOf(kept));
      await call(path, { method, signal, ...(json === undefined ? {} : { json }) });
      return { externalIds: method === 'DELETE' ? [] : [messageId] };
    },
    // Addresses of customers' files are public and long: they need no token, and no token is given to them.
    fetch: (reference) => fetchFile(fetch, (reference as HeardFile).url, clock.now()),
    async typing(conversation, typing) {
      // Google has no "stopped": it fades.
      if (typing) await event(conversation, { eventType: 'IS_TYPING' });
    },
    async read(conversation, externalIds) {
      for (const messageId of externalIds.slice(-mostRead)) await event(conversation, { eventType: 'READ', messageId });
    },
    test: async () => {
      const token = await tried('Access token', 'Google accepts the service account key.', () =>
        withAccess(host, settings, async () => undefined),
      );
      if (!token.ok) return [token];
      const asked = await tried('Agent', `The agent answers in the region ${settings.region}.`, async () => {
        const requestId = eventId('test');
        await call(`/v1/phones/${encodeURIComponent(nobody)}/capabilities?requestId=${requestId}`, {}).catch(
          (error: unknown) => {
            // Nobody has this number, so "no RCS there" is the right answer.
            if (!(error instanceof SendFailure && error.kind === 'blocked')) throw error;
          },
        );
      });
      return [token, asked];
    },
  };
}

function phoneOfConversation(conversation: Conversation): string {
  return (conversation.address as Address).phone ?? '';
}

/** Google's errors by status; its words only go along. Source: RBM guides, "Troubleshooting". */
function failureOf(answer: ApiAnswer, now: number): SendFailure | undefined {
  if (answer.ok) return undefined;
  const { message, status } = recordOf(recordOf(answer.body).error);
  const said = asString(message)?.slice(0, 300);
  const code = asString(status) ?? String(answer.status);
  const words = said === undefined ? '' : ` Google says: ${said}`;
  switch (answer.status) {
    case 401:
      return new TokenRefused(`Google refuses the access token.${words}`, { code });
    case 403:
      return new SendFailure(
        'refused',
        `Google does not let this agent write to this number: it is not launched there and the number is no tester's, or the service account may not use the agent.${words}`,
        { code },
      );
    case 404:
      return new SendFailure(
        'blocked',
        `This number has no RCS, or the agent is not launched at its carrier: use SMS instead.${words}`,
        { code },
      );
    case 429: {
      const after = retryAfterOf(answer.headers, now);
      return new SendFailure('rate-limited', `Google asks to slow down.${words}`, {
        code,
        ...(after === undefined ? {} : { after }),
      });
    }
    default:
      return failureOfStatus(answer, now, said);
  }
}
