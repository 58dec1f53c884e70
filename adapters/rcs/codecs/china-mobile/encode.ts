import type { Part } from '../../../contract/index.ts';
import type { ChinaMobileSettings } from '../../config.ts';
import type { Outgoing } from '../../model.ts';
import type { Scope } from '../codec.ts';
import { mediaList } from '../request.ts';
import { sectionsOf, wordsOf } from '../sections.ts';
import { showsOf } from '../shows.ts';
import { outboundXml, revokeXml } from './outbound-xml.ts';
import type { Draft, MobileRequest } from './platform.ts';

/**
 * One message. An answer to what the customer wrote goes by `interaction`, everything else by `group` (3p). Whether the
 * network knows a repeat by `clientCorrelator`, as OMA says it should, nobody has confirmed: the part has no key.
 */
export function encode(settings: ChinaMobileSettings, message: Outgoing, scope: Scope): Part {
  const { address, key, firstKey } = scope;
  const phone = address.phone ?? '';
  const list = mediaList();
  const draft: Draft = {
    phone,
    chatbotURI: settings.chatbotURI,
    messageId: key,
    conversationId: address.conversationId ?? firstKey,
    contributionId: key,
    ...(address.contributionId === undefined ? {} : { inReplyTo: address.contributionId }),
    ...(settings.smsFallback ? { smsText: wordsOf(message) } : {}),
    sections: sectionsOf(message, list),
  };
  const request: MobileRequest = {
    method: 'POST',
    path: outboundPath(settings, scope),
    phone,
    messageId: key,
    conversationId: draft.conversationId,
    body: list.media.length === 0 ? outboundXml(draft) : draft,
  };
  return { request, ...(list.media.length === 0 ? {} : { media: list.media }), shows: showsOf(message) };
}

/** What became of it comes back as a notice (3p). */
export function revoke(settings: ChinaMobileSettings, messageId: string, scope: Scope): Part {
  const phone = scope.address.phone ?? '';
  const request: MobileRequest = {
    method: 'PUT',
    path: `${outboundPath(settings, scope)}/${encodeURIComponent(messageId)}/status`,
    phone,
    messageId,
    body: revokeXml(phone),
  };
  return { request, shows: { kind: 'other' } };
}

function outboundPath({ chatbotURI }: ChinaMobileSettings, { address }: Scope): string {
  const kind = address.contributionId === undefined ? 'group' : 'interaction';
  return `/messaging/${kind}/v1/outbound/${encodeURIComponent(chatbotURI)}/requests`;
}
