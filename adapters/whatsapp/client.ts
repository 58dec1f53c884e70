import { type AdapterHost, type ChannelClient, type Part, SendFailure } from '../contract/index.ts';
import { asArray, asRecord, asString } from '../kit/inbound.ts';
import { createGraph } from '../kit/meta-graph.ts';
import { createUploadMemory, multipart, type UploadForm, uploadAll, withMedia } from '../kit/meta-upload.ts';
import type { WhatsappSettings } from './config.ts';
import { meanings } from './failures.ts';
import { fetchMedia } from './fetch-media.ts';
import type { Address, SendRequest } from './platform.ts';
import { templatesOf } from './templates.ts';
import { testChannel } from './test-channel.ts';

/** Calls Meta for one WhatsApp number. Messages are never repeated blindly: Meta has no idempotency key. */
export function createClient(host: AdapterHost<WhatsappSettings>): ChannelClient {
  const { settings } = host.channel;
  const { graphVersion, phoneNumberId } = settings;
  const graph = createGraph(host, settings, meanings);
  const memory = createUploadMemory(host.clock);
  const form = uploadForm(settings);
  const messages = `/${graphVersion}/${phoneNumberId}/messages`;

  const markRead = async (messageId: string, more: object = {}): Promise<void> => {
    const body = JSON.stringify({ messaging_product: 'whatsapp', status: 'read', message_id: messageId, ...more });
    await graph.call({ method: 'POST', path: messages, body });
  };

  return {
    async ready({ media = [] }: Part, _conversation, signal) {
      return uploadAll({ graph, media: host.media, memory, form }, media, signal);
    },
    async send({ part, ready, number, signal }) {
      const { method, path, body } = part.request as SendRequest;
      const ids = asArray(ready).map(String);
      const answer = await graph.call({ method, path, body: withMedia(body, ids), signal }, number);
      const taken = asArray(asRecord(answer.body)?.messages)
        .map((message) => asString(asRecord(message)?.id))
        .filter((id) => id !== undefined);
      if (taken.length === 0) {
        throw new SendFailure('unknown', 'Meta answered without a message id: it is not known whether it was sent.');
      }
      return { externalIds: taken };
    },
    fetch: (reference) => fetchMedia(host, graph, reference),
    async typing({ address }, typing) {
      const { messageId } = (address ?? {}) as Address;
      // Ends by itself after 25 seconds; there is no way to end it before. It marks the message as read, too.
      if (typing && messageId !== undefined) await markRead(messageId, { typing_indicator: { type: 'text' } });
    },
    async read(_conversation, externalIds) {
      // All before are read with it.
      const last = externalIds.at(-1);
      if (last !== undefined) await markRead(last);
    },
    templates: () => templatesOf(graph, settings),
    test: () => testChannel(graph, settings),
  };
}

function uploadForm({ graphVersion, phoneNumberId }: WhatsappSettings): UploadForm {
  return {
    request: (file) => ({
      method: 'POST',
      path: `/${graphVersion}/${phoneNumberId}/media`,
      ...multipart({ messaging_product: 'whatsapp', type: file.contentType }, { ...file, field: 'file' }),
    }),
    idOf: (body) => asString(asRecord(body)?.id),
  };
}
