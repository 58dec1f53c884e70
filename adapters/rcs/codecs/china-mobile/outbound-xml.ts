import { cdata, escapeXml, unescapeXml } from '../../../kit/xml.ts';
import { contentTypes } from '../gsma.ts';
import type { MediaFacts } from '../request.ts';
import type { Section } from '../sections.ts';
import { type Draft, fileNamespace, namespace } from './platform.ts';

/** What phones must be able to do to get it as a chatbot's message. */
const botVersion = '+g.gsma.rcs.botversion="#=1"';

/** `msg:outboundMessageRequest` for one person. */
export function outboundXml(draft: Draft): string {
  const { contentType, bodyText } = bodyOf(draft.sections);
  const message = [
    element('contentType', contentType),
    element('conversationID', draft.conversationId),
    element('contributionID', draft.contributionId),
    ...(draft.inReplyTo === undefined ? [] : [element('inReplyToContributionID', draft.inReplyTo)]),
    `<serviceCapability>${element('capabilityId', 'ChatbotSA')}${element('version', botVersion)}</serviceCapability>`,
    element('messageId', draft.messageId),
    `<bodyText>${cdata(bodyText)}</bodyText>`,
    ...reportsOf(draft).map((report) => element('reportRequest', report)),
    element('storeSupported', 'true'),
    ...(draft.smsText === undefined
      ? [element('shortMessageSupported', 'false')]
      : [element('shortMessageSupported', 'true'), `<smsBodyText>${cdata(draft.smsText)}</smsBodyText>`]),
  ].join('');
  const phone = element('address', `tel:${draft.phone}`) + element('destinationAddress', `tel:${draft.phone}`);
  return document(
    'outboundMessageRequest',
    `${phone}${element('senderAddress', draft.chatbotURI)}<outboundIMMessage>${message}</outboundIMMessage>${element('clientCorrelator', draft.messageId)}`,
  );
}

/** `Interworking` tells that it went as an SMS. Some platforms know more names (3p), but not the same ones. */
function reportsOf({ smsText }: Draft): string[] {
  return ['Delivered', 'Displayed', 'Failed', ...(smsText === undefined ? [] : ['Interworking'])];
}

/** Asks to take a message back (3p). */
export function revokeXml(phone: string): string {
  return document(
    'messageStatusReport',
    `${element('address', `tel:${phone}`)}${element('status', 'RevokeRequested')}`,
  );
}

function document(root: string, inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><msg:${root} xmlns:msg="${namespace}">${inside}</msg:${root}>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

interface Entity {
  contentType: string;
  /** As `Content-Disposition` calls it. */
  fileName: string;
  text: string;
}

/** One entity as it is; several as `multipart/mixed`, whose lengths count UTF-8 bytes and whose lines end with CRLF. */
export function bodyOf(sections: readonly Section[]): { contentType: string; bodyText: string } {
  const entities = sections.map(entityOf);
  const [only] = entities;
  if (only !== undefined && entities.length === 1) return { contentType: only.contentType, bodyText: only.text };
  let boundary = 'next';
  for (let n = 1; entities.some(({ text }) => text.includes(`--${boundary}`)); n += 1) boundary = `next${n}`;
  const parts = entities.map(({ contentType, fileName, text }) =>
    [
      `--${boundary}`,
      `Content-Type: ${contentType}`,
      `Content-Disposition: inline; filename="${fileName}"`,
      `Content-Length: ${Buffer.byteLength(text)}`,
      '',
      text,
      '',
    ].join('\r\n'),
  );
  return { contentType: `multipart/mixed; boundary="${boundary}"`, bodyText: `${parts.join('')}--${boundary}--\r\n` };
}

function entityOf(section: Section): Entity {
  switch (section.kind) {
    case 'text':
      return { contentType: 'text/plain;charset=UTF-8', fileName: 'Message', text: printable(section.text) };
    case 'card':
      return { contentType: contentTypes.card, fileName: 'Message', text: printable(JSON.stringify(section.json)) };
    case 'chips':
      return {
        contentType: contentTypes.chips,
        fileName: 'Chiplist.lst',
        text: printable(JSON.stringify(section.json)),
      };
    case 'file':
      return { contentType: contentTypes.file, fileName: 'Message', text: fileXml(section.facts as MediaFacts) };
  }
}

/** Without what XML has no place for: it would be left out after the bytes were counted. */
function printable(text: string): string {
  return unescapeXml(escapeXml(text));
}

/** The thumbnail first, as phones show it first. */
export function fileXml(facts: MediaFacts): string {
  const { url, contentType = 'application/octet-stream', name, size = 0, until } = facts;
  const infos = [];
  if (facts.thumbnailUrl !== undefined) {
    const { thumbnailUrl, thumbnailType = 'image/jpeg', thumbnailSize = 0 } = facts;
    infos.push(infoXml('thumbnail', { url: thumbnailUrl, contentType: thumbnailType, size: thumbnailSize, until }));
  }
  infos.push(infoXml('file', { url, contentType, size, name, until }));
  return `<?xml version="1.0" encoding="UTF-8"?><file xmlns="${fileNamespace}">${infos.join('')}</file>`;
}

function infoXml(type: 'file' | 'thumbnail', { url, contentType = '', name, size, until }: MediaFacts): string {
  const named = name === undefined ? '' : element('file-name', name);
  const ends = until === undefined ? '' : ` until="${escapeXml(until)}"`;
  return `<file-info type="${type}">${element('file-size', String(size))}${named}${element('content-type', contentType)}<data url="${escapeXml(url)}"${ends}/></file-info>`;
}
