import type { Part } from '../../../contract/index.ts';
import type { TelecomUnicomSettings } from '../../config.ts';
import type { Outgoing } from '../../model.ts';
import type { Scope } from '../codec.ts';
import { contentTypes } from '../gsma.ts';
import { mediaList } from '../request.ts';
import { type Section, sectionsOf, wordsOf } from '../sections.ts';
import { showsOf } from '../shows.ts';
import { fileType, type TelecomRequest } from './platform.ts';

/** One message. Nobody has said that the network knows a repeat by its id: the part has no key. */
export function encode(settings: TelecomUnicomSettings, message: Outgoing, scope: Scope): Part {
  const { address, key, firstKey } = scope;
  const list = mediaList();
  const sections = sectionsOf(message, list);
  const conversationId = address.conversationId ?? firstKey;
  const request: TelecomRequest = {
    path: '/messages',
    messageId: key,
    conversationId,
    body: {
      messageId: key,
      messageList: sections.map(partOf),
      destinationAddress: [`tel:${address.phone}`],
      senderAddress: settings.chatbotId,
      conversationId,
      contributionId: key,
      ...(address.contributionId === undefined ? {} : { inReplyTo: address.contributionId }),
      serviceCapability: [{ capabilityId: 'ChatbotSA', version: '+g.gsma.rcs.botversion="#=1"' }],
      reportRequest: [
        'sent',
        'delivered',
        'displayed',
        'failed',
        ...(settings.smsFallback ? ['deliveredToNetwork'] : []),
      ],
      smsSupported: settings.smsFallback,
      ...(settings.smsFallback ? { smsContent: wordsOf(message) } : {}),
      storeSupported: true,
    },
  };
  return { request, ...(list.media.length === 0 ? {} : { media: list.media }), shows: showsOf(message) };
}

export function revoke(messageId: string, scope: Scope): Part {
  const request: TelecomRequest = {
    path: '/revoke',
    messageId,
    body: { messageId, status: 'RevokeRequested', destinationAddress: [`tel:${scope.address.phone}`] },
  };
  return { request, shows: { kind: 'other' } };
}

function partOf(section: Section): object {
  switch (section.kind) {
    case 'text':
      return { contentType: contentTypes.text, contentEncoding: 'utf8', contentText: section.text };
    case 'card':
      return { contentType: contentTypes.card, contentText: section.json };
    case 'chips':
      return { contentType: contentTypes.chips, contentText: section.json };
    case 'file': {
      const { url, contentType, size, until, name } = section.facts as Record<string, unknown>;
      const file = { type: 'file', url, contentType, fileSize: size, fileName: name, until };
      return { contentType: fileType, contentText: [file] };
    }
  }
}
