import {
  type AdapterHost,
  type ChannelClient,
  type Conversation,
  type HostFetchOptions,
  SendFailure,
} from '../../../contract/index.ts';
import { type ApiAnswer, callApi, failureOfStatus } from '../../../kit/api.ts';
import { fetchFile } from '../../../kit/media.ts';
import { parseXml } from '../../../kit/xml.ts';
import type { ChinaMobileSettings, RcsSettings } from '../../config.ts';
import type { Address, HeardFile } from '../../model.ts';
import { phoneOf } from '../../phone.ts';
import { tried } from '../calls.ts';
import { filled, type MediaFacts, mediaOf } from '../request.ts';
import type { Section } from '../sections.ts';
import { authorisation, httpDate } from './auth.ts';
import { elementsNamed, textAt } from './inbound-xml.ts';
import { outboundXml } from './outbound-xml.ts';
import type { MobileRequest } from './platform.ts';
import { audited } from './upload.ts';

/** Calls China Mobile: messages, files and their audit. */
export function createClient(host: AdapterHost<RcsSettings>, settings: ChinaMobileSettings): ChannelClient {
  const { fetch, clock } = host;
  const { appId, password, chatbotURI, serverRoot, fileRoot } = settings;

  /** The Date that goes along is the one that was signed. */
  const signed = (): Record<string, string> => {
    const date = httpDate(clock.now());
    return { date, authorization: authorisation(appId, password, date), 'user-agent': `SP/${chatbotURI}` };
  };
  const files = (): Record<string, string> => ({
    ...signed(),
    'terminal-type': 'Chatbot',
    'x-3gpp-intended-identity': chatbotURI,
  });
  const call = (url: string, options: HostFetchOptions) =>
    callApi(fetch, { ...options, url }, (answer) => failureOf(answer, clock.now()));

  return {
    async ready(part, _conversation, signal) {
      const media: MediaFacts[] = [];
      for (const file of part.media ?? [])
        media.push(await audited(host, file, { call, headers: files, fileRoot, signal }));
      return { media };
    },
    async send({ part, conversation, ready, signal }) {
      const { method, path, phone, messageId, conversationId, body } = part.request as MobileRequest;
      const xml =
        typeof body === 'string'
          ? body
          : outboundXml({ ...body, sections: filled(body.sections, mediaOf(ready)) as Section[] });
      const answer = await call(`${trimmed(serverRoot)}${path}`, {
        method,
        headers: {
          ...signed(),
          'content-type': 'application/xml; charset=utf-8',
          accept: 'application/xml',
          address: phone,
        },
        body: xml,
        signal,
      });
      const failed = failureFor(phone, answer);
      if (failed !== undefined) throw failed;
      if (method === 'PUT') return { externalIds: [] };
      return { externalIds: [messageId], ...withConversation(conversation, conversationId) };
    },
    fetch(reference) {
      const { url } = reference as HeardFile;
      return fetchFile(fetch, url, clock.now(), isOwnHost(url, settings) ? { headers: files() } : {});
    },
    test: async () => [
      await tried(
        'Server',
        'The server answers. Whether it knows the app id and password shows with the first message.',
        () =>
          call(`${trimmed(serverRoot)}/`, { method: 'HEAD', headers: signed() }).catch((error: unknown) => {
            // Any answer will do: there is nothing that can be asked without sending.
            if (!(error instanceof SendFailure) || error.code === undefined || error.kind === 'channel-broken')
              throw error;
          }),
      ),
    ],
  };
}

export function trimmed(root: string): string {
  return root.replace(/\/+$/, '');
}

/** The first message of ours began a conversation at the network: later ones go on in it. */
function withConversation(conversation: Conversation, id: string | undefined): { conversation?: Conversation } {
  const address = conversation.address as Address;
  if (id === undefined || address.conversationId !== undefined) return {};
  return { conversation: { ...conversation, address: { ...address, conversationId: id } } };
}

/** The digest of the password goes only to the network's own hosts. */
function isOwnHost(url: string, { serverRoot, fileRoot }: ChinaMobileSettings): boolean {
  if (!URL.canParse(url)) return false;
  const { host, hostname, protocol } = new URL(url);
  if ([serverRoot, fileRoot].some((root) => new URL(root).host === host)) return true;
  return protocol === 'https:' && /(^|\.)(rcs\.chinamobile\.com|10086\.cn)$/.test(hostname);
}

/** `common:requestError` by its code; without one, by the status. */
function failureOf(answer: ApiAnswer, now: number): SendFailure | undefined {
  const root = answer.text.startsWith('<') ? parseXml(answer.text) : undefined;
  const error = root === undefined ? undefined : [root, ...elementsNamed(root, 'requesterror')].find(isError);
  if (error === undefined) {
    if (answer.status !== 401 && answer.status !== 403) return failureOfStatus(answer, now);
    return new SendFailure(
      'channel-broken',
      `The network refuses the app id and password (${answer.status}). Check them, and this server's clock.`,
      { code: String(answer.status) },
    );
  }
  const code = textAt(error, 'exceptionid') ?? textAt(error, 'messageid') ?? 'requestError';
  const about = textAt(error, 'variables') ?? '';
  const said = (textAt(error, 'text') ?? about).replaceAll('%1', () => about);
  const words = `The network refuses it (${code})${said === '' ? '' : `: ${said.slice(0, 300)}`}.`;
  // OMA's common codes: SVC0004 no valid address, POL0003 too many. A policy about one message answers 403.
  if (code === 'SVC0004') return new SendFailure('blocked', words, { code });
  if (answer.status === 429) return new SendFailure('rate-limited', words, { code });
  if (answer.status === 503) return new SendFailure('unreachable', words, { code });
  if (answer.status >= 500) return new SendFailure('unknown', words, { code });
  if (answer.status === 401) return new SendFailure('channel-broken', words, { code });
  return new SendFailure('refused', words, { code });
}

function isError(element: { name: string }): boolean {
  return element.name.slice(element.name.indexOf(':') + 1).toLowerCase() === 'requesterror';
}

/** An accepted request may still say that this number got nothing. */
function failureFor(phone: string, answer: ApiAnswer): SendFailure | undefined {
  const root = answer.text.startsWith('<') ? parseXml(answer.text) : undefined;
  for (const info of root === undefined ? [] : elementsNamed(root, 'deliveryinfo')) {
    const address = textAt(info, 'address');
    if (address !== undefined && phoneOf(address, '86') !== phone) continue;
    if (textAt(info, 'deliverystatus')?.toLowerCase() !== 'deliveryimpossible') continue;
    const code = textAt(info, 'description') ?? 'DeliveryImpossible';
    const said = textAt(info, 'text') ?? code;
    return new SendFailure('refused', `The network cannot deliver to this number: ${said.slice(0, 300)}.`, { code });
  }
  return undefined;
}
