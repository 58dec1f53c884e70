import { factTypes, type Inbound, type InboundAttachment, type InboundContent } from '../contract/index.ts';
import { asArray, asNumber, asRecord, asString, recordOf, required, type UnknownRecord } from '../kit/inbound.ts';
import { personOf, type Scope, timeOf } from './decode-people.ts';
import { type Address, type MediaReference, madeAt } from './platform.ts';

/**
 * One direct message event. X sends the account's own messages too: they are echoes. Source: Message Create object;
 * the fields of the newer v2 object (`event_type`, `dm_conversation_id`, `text` beside them) are read as well.
 */
export function decodeDirectMessage(item: unknown, scope: Scope): Inbound[] {
  const event = recordOf(item);
  const create = asRecord(event.message_create) ?? event;
  const id = required(asString(event.id), 'id');
  const sender = required(asString(create.sender_id) ?? asString(event.sender_id), 'sender_id');
  const target = recordOf(create.target);
  const isOwn = sender === scope.account;
  const group = groupOf(event, create, target);
  if (group !== undefined && scope.settings.groups !== 'answered') return [];
  const partner = isOwn ? asString(target.recipient_id) : sender;
  const address: Address =
    group === undefined ? { userId: required(partner, 'target.recipient_id') } : { conversationId: group };
  const common = {
    account: scope.account,
    externalId: id,
    conversation: { id: 'userId' in address ? `user:${address.userId}` : `group:${address.conversationId}`, address },
    at: timeOf(event.created_timestamp) ?? timeOf(event.created_at) ?? madeAt(id) ?? 0,
  };
  const kind = asString(event.type) ?? asString(event.event_type) ?? 'message_create';
  if (!/^message_?create$/i.test(kind)) {
    const name = /^participants_?(join|leave)$/i.exec(kind)?.[1]?.toLowerCase();
    const content: InboundContent = {
      type: 'event',
      name: name === undefined ? 'twitter:unknown' : `twitter:participants-${name === 'join' ? 'joined' : 'left'}`,
      value: { kind },
      channelData: event,
    };
    if (isOwn) return [];
    return [{ kind: 'activity', ...common, from: personOf(sender, scope.users), content, begins: false }];
  }
  const content = contentOf(asRecord(create.message_data) ?? create, asRecord(event.initiated_via));
  if (isOwn) return [{ kind: 'echo', ...common, content }];
  return [{ kind: 'activity', ...common, from: personOf(sender, scope.users), content }];
}

/**
 * The conversation's id when it is a group's. Neither form of delivery documents groups; where a conversation is named
 * at all, one of two people is called `<user>-<user>`.
 */
function groupOf(event: UnknownRecord, create: UnknownRecord, target: UnknownRecord): string | undefined {
  const named =
    asString(event.dm_conversation_id) ??
    asString(create.conversation_id) ??
    asString(create.dm_conversation_id) ??
    asString(target.conversation_id);
  return named === undefined || /^\d+[-:]\d+$/.test(named) ? undefined : named;
}

function contentOf(data: UnknownRecord, initiated: UnknownRecord | undefined): InboundContent {
  const { attachments, links, unknown } = attachmentsOf(data);
  const content: InboundContent = { type: 'message' };
  const text = textOf(data, links);
  if (text !== '') {
    content.text = text;
    content.textFormat = 'plain';
  }
  if (attachments.length > 0) content.attachments = attachments.slice(0, 10);
  const answer = asRecord(data.quick_reply_response);
  const metadata = asString(answer?.metadata);
  if (metadata !== undefined) content.value = metadata;
  const extra = {
    ...(initiated === undefined ? {} : { initiated_via: initiated }),
    ...(unknown === undefined ? {} : { attachment: unknown }),
  };
  if (Object.keys(extra).length > 0) content.channelData = extra;
  if (text === '' && attachments.length === 0) {
    content.text =
      unknown === undefined ? '(X sent a message without content.)' : '(X sent something that is shown only there.)';
    content.textFormat = 'plain';
  }
  return content;
}

/**
 * The words: shortened links are written out, and the link X adds for a picture or video is taken out (m). Text comes
 * with `&`, `<` and `>` escaped, as in posts (m).
 */
function textOf(data: UnknownRecord, mediaLinks: readonly string[]): string {
  let text = asString(data.text) ?? '';
  for (const link of mediaLinks) text = text.replaceAll(link, '');
  for (const entry of asArray(recordOf(data.entities).urls).slice(0, 100)) {
    const { url, expanded_url: expanded } = recordOf(entry);
    const short = asString(url);
    const long = asString(expanded);
    if (short === undefined || mediaLinks.includes(short)) continue;
    if (long !== undefined && /^https?:\/\//.test(long)) text = text.replaceAll(short, () => long);
  }
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').trim();
}

interface Attached {
  attachments: InboundAttachment[];
  /** Links in the text that stand for an attachment. */
  links: string[];
  /** What this version cannot read. */
  unknown?: unknown;
}

function attachmentsOf(data: UnknownRecord): Attached {
  const attached: Attached = { attachments: [], links: [] };
  for (const entry of asArray(data.attachment)) {
    const attachment = recordOf(entry);
    const place = placeOf(attachment);
    if (place !== undefined) attached.attachments.push(place);
    const media = asArray(attachment.media);
    if (place === undefined && media.length === 0) attached.unknown = entry;
    for (const one of media) {
      const file = fileOf(recordOf(one));
      if (file === undefined) attached.unknown = one;
      else attached.attachments.push(file);
      const link = asString(recordOf(one).url);
      if (link !== undefined) attached.links.push(link);
    }
  }
  return attached;
}

const typeByExtension: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
]);

/** A picture, video, GIF (sent as a silent video) or voice message. */
function fileOf(media: UnknownRecord): InboundAttachment | undefined {
  const video = asRecord(media.video_info);
  const duration = asNumber(video?.duration_millis);
  if (video !== undefined) {
    const best = bestVariant(video);
    if (best === undefined) return undefined;
    // Voice messages are videos without a picture (m).
    const isVoice = media.audio_only === true || asRecord(media.audio_info) !== undefined;
    return {
      contentType: isVoice ? 'audio/mp4' : best.contentType,
      media: { url: best.url } satisfies MediaReference,
      content: { ...(duration === undefined ? {} : { duration }), ...(isVoice ? { voice: true } : {}) },
    };
  }
  const url = asString(media.media_url_https) ?? asString(media.media_url);
  if (url === undefined || !URL.canParse(url)) return undefined;
  const extension = /\.(\w{2,5})$/.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  const size = recordOf(media.original_info);
  const [width, height] = [asNumber(size.width), asNumber(size.height)];
  return {
    contentType: typeByExtension.get(extension) ?? 'image/jpeg',
    media: { url } satisfies MediaReference,
    content: width === undefined || height === undefined ? {} : { width, height },
  };
}

/** The MP4 of the highest bit rate; streaming playlists are no files. */
function bestVariant(video: UnknownRecord): { url: string; contentType: string } | undefined {
  let best: { url: string; contentType: string; bitrate: number } | undefined;
  for (const entry of asArray(video.variants)) {
    const variant = recordOf(entry);
    const url = asString(variant.url);
    const contentType = asString(variant.content_type) ?? 'video/mp4';
    const bitrate = asNumber(variant.bitrate) ?? asNumber(variant.bit_rate) ?? 0;
    if (url === undefined || !URL.canParse(url) || /mpegurl/i.test(contentType)) continue;
    if (best !== undefined && bitrate <= best.bitrate) continue;
    best = { url, contentType: /^video\/[\w.+-]+$/.test(contentType) ? contentType : 'video/mp4', bitrate };
  }
  return best;
}

/** A place: GeoJSON, so longitude comes first. */
function placeOf(attachment: UnknownRecord): InboundAttachment | undefined {
  const location = asRecord(attachment.location);
  if (location === undefined) return undefined;
  const place = recordOf(recordOf(location.shared_place).place);
  const point = recordOf(recordOf(location.shared_coordinate).coordinates ?? place.centroid);
  const [longitude, latitude] = asArray(point.coordinates ?? place.centroid).map(asNumber);
  if (latitude === undefined || longitude === undefined) return undefined;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined;
  const name = asString(place.full_name) ?? asString(place.name);
  return {
    contentType: factTypes.location,
    content: { latitude, longitude, ...(name === undefined ? {} : { name }) },
  };
}
