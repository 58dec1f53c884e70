import { type AdapterHost, type ChannelClient, MediaFailure, type Part, SendFailure } from '../contract/index.ts';
import { asRecord, asString } from '../kit/inbound.ts';
import { fetchFile } from '../kit/media.ts';
import { createGraph } from '../kit/meta-graph.ts';
import { createUploadMemory, multipart, type UploadForm, uploadAll, withMedia } from '../kit/meta-upload.ts';
import type { FacebookSettings } from './config.ts';
import { meanings } from './failures.ts';
import type { Address, SendRequest } from './platform.ts';
import { testChannel } from './test-channel.ts';

/** Calls Meta for one Page or Instagram account. Messages are never repeated blindly: Meta has no idempotency key. */
export function createClient(host: AdapterHost<FacebookSettings>): ChannelClient {
  const { settings } = host.channel;
  const { graphVersion, pageId, platform } = settings;
  const graph = createGraph(host, { accessToken: settings.pageAccessToken, appSecret: settings.appSecret }, meanings);
  const memory = createUploadMemory(host.clock);
  const form = uploadForm(settings);

  const act = async (address: unknown, action: string): Promise<void> => {
    const body = JSON.stringify({ recipient: address as Address, sender_action: action });
    await graph.call({ method: 'POST', path: `/${graphVersion}/${pageId}/messages`, body });
  };

  return {
    async ready({ media = [] }: Part, _conversation, signal) {
      return uploadAll({ graph, media: host.media, memory, form }, media, signal);
    },
    async send({ part, ready, number, signal }) {
      const { method, path, body } = part.request as SendRequest;
      const answer = await graph.call({ method, path, body: withMedia(body, idsOf(ready)), signal }, number);
      const told = asRecord(answer.body);
      const id = asString(told?.message_id);
      // Sender actions answer the recipient alone.
      if (id === undefined && asString(told?.recipient_id) === undefined) {
        throw new SendFailure('unknown', 'Meta answered without a message id: it is not known whether it was sent.');
      }
      return { externalIds: id === undefined ? [] : [id] };
    },
    async fetch(reference) {
      const url = asString(asRecord(reference)?.url);
      if (url === undefined) throw new MediaFailure('gone', 'The file has no address.');
      // Addresses of Meta's file hosts carry their own signature and end after some days: no token goes there.
      try {
        return await fetchFile(host.fetch, url, host.clock.now());
      } catch (error) {
        // Without a cause it was the platform that refused: the signature has ended. With one it was our own guard.
        if (!(error instanceof MediaFailure) || error.kind !== 'refused' || error.cause !== undefined) throw error;
        throw new MediaFailure('gone', 'The address of the file has ended.', { cause: error });
      }
    },
    async profile({ id }) {
      if (!/^\d+$/.test(id)) return undefined;
      const fields = platform === 'instagram' ? 'name,username,profile_pic' : 'first_name,last_name,profile_pic';
      try {
        const { body } = await graph.call({ method: 'GET', path: `/${graphVersion}/${id}?fields=${fields}` });
        return personOf(asRecord(body) ?? {});
      } catch (error) {
        // Many people do not share who they are (codes 100/2018218, 100/2018247, 230): they stay without a name.
        if (error instanceof SendFailure && (error.kind === 'refused' || error.kind === 'blocked')) return undefined;
        throw error;
      }
    },
    async typing({ address }, typing) {
      await act(address, typing ? 'typing_on' : 'typing_off');
    },
    async read({ address }) {
      await act(address, 'mark_seen');
    },
    test: () => testChannel(graph, settings),
  };
}

function idsOf(ready: unknown): string[] {
  return Array.isArray(ready) ? ready.map(String) : [];
}

/** Instagram takes no file names beyond ASCII (its attachment upload page). */
function uploadForm({ graphVersion, pageId, platform }: FacebookSettings): UploadForm {
  const instagram = platform === 'instagram';
  return {
    request(file, use) {
      const message = JSON.stringify({ attachment: { type: use, payload: { is_reusable: true } } });
      const name = instagram ? file.name.replace(/[^\x20-\x7e]/g, '_') : file.name;
      return {
        method: 'POST',
        path: `/${graphVersion}/${pageId}/message_attachments`,
        ...multipart(
          { message, ...(instagram ? { platform: 'instagram' } : {}) },
          { ...file, name, field: 'filedata' },
        ),
      };
    },
    idOf: (body) => asString(asRecord(body)?.attachment_id),
  };
}

function personOf(told: Readonly<Record<string, unknown>>): { name?: string; pictureUrl?: string } | undefined {
  const full = [asString(told.first_name), asString(told.last_name)].filter((name) => name !== undefined).join(' ');
  const name = full === '' ? (asString(told.name) ?? asString(told.username)) : full;
  const pictureUrl = asString(told.profile_pic);
  if (name === undefined && pictureUrl === undefined) return undefined;
  return { ...(name === undefined ? {} : { name }), ...(pictureUrl === undefined ? {} : { pictureUrl }) };
}
