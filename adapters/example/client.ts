import {
  type AdapterHost,
  type ChannelClient,
  type Conversation,
  MediaFailure,
  SendFailure,
} from '../contract/index.ts';
import {
  type ApiAnswer,
  asRecord,
  asString,
  callApi,
  failureOfStatus,
  fetchFile,
  hmac,
  recordOf,
} from '../kit/index.ts';
import type { WebhookSettings } from './config.ts';
import { type Address, headers, type Request } from './platform.ts';

/** The only file that calls the other system. */
export function create(host: AdapterHost<WebhookSettings>): ChannelClient {
  const { settings } = host.channel;

  const call = (body: string, options: { key?: string; signal?: AbortSignal } = {}): Promise<ApiAnswer> => {
    const time = String(host.clock.now());
    return callApi(
      host.fetch,
      {
        url: settings.address,
        method: 'POST',
        redirect: 'refuse',
        body,
        headers: {
          'content-type': 'application/json',
          [headers.time]: time,
          [headers.signature]: `sha256=${hmac('sha256', settings.secret, `${time}.${body}`, 'hex')}`,
          ...(options.key === undefined ? {} : { [headers.key]: options.key }),
        },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (answer) => failureOf(answer, host.clock.now()),
    );
  };
  const tell = async (request: Request) => {
    await call(JSON.stringify(request));
  };
  const addressOf = (conversation: Conversation) => (conversation.address as Address).conversation;

  return {
    async send({ part, signal }) {
      const { body } = part.request as { body: string };
      const answer = await call(body, { signal, ...(part.key === undefined ? {} : { key: part.key }) });
      const id = asString(asRecord(answer.body)?.id);
      return { externalIds: id === undefined ? [] : [id], ...(answer.status === 409 ? { repeated: true } : {}) };
    },
    async fetch(reference) {
      const url = asString(recordOf(reference).url);
      if (url === undefined) throw new MediaFailure('refused', 'The message named no address for the file.');
      return fetchFile(host.fetch, url, host.clock.now());
    },
    typing: (conversation, typing) => tell({ type: 'typing', conversation: addressOf(conversation), typing }),
    read: (conversation, messages) => tell({ type: 'read', conversation: addressOf(conversation), messages }),
    async test() {
      try {
        await tell({ type: 'test' });
        return [{ ok: true, what: 'Your system', detail: 'It took a signed test request.' }];
      } catch (error) {
        if (!(error instanceof SendFailure)) throw error;
        const detail = `${error.message} Check the address, and that both sides have the same secret.`;
        return [{ ok: false, what: 'Your system', detail }];
      }
    },
  };
}

/** 409: it has this idempotency key already, so all is well. 404 and 410: nobody is there any more. */
function failureOf(answer: ApiAnswer, now: number): SendFailure | undefined {
  if (answer.status === 409) return undefined;
  const said = asString(asRecord(answer.body)?.error);
  if (answer.status === 404 || answer.status === 410) {
    return new SendFailure('blocked', said ?? 'Your system no longer knows the conversation.', {
      code: String(answer.status),
      closed: 'left',
    });
  }
  return failureOfStatus(answer, now, said);
}
