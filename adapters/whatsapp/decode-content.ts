import { factTypes, type InboundAttachment, type InboundContent } from '../contract/index.ts';
import { asArray, asNumber, asRecord, asString, type UnknownRecord } from '../kit/inbound.ts';
import { parseJson } from '../kit/json.ts';

/** What a message says, by its type; the payload stands under the same key. */
export function contentOf(message: UnknownRecord): InboundContent {
  const type = asString(message.type) ?? '';
  const payload = asRecord(message[type]) ?? {};
  const said = parts.get(type)?.(payload, message) ?? unsupported(type, message);
  const context = asRecord(message.context);
  const target = asString(context?.id);
  const beside =
    context?.forwarded === true || context?.frequently_forwarded === true || context?.referred_product !== undefined;
  return {
    type: 'message',
    ...said,
    ...(target === undefined ? {} : { target }),
    ...(beside && said.channelData === undefined ? { channelData: message } : {}),
  };
}

type Said = Pick<InboundContent, 'text' | 'attachments' | 'value' | 'channelData'>;

const parts: ReadonlyMap<string, (payload: UnknownRecord, message: UnknownRecord) => Said | undefined> = new Map(
  Object.entries<(payload: UnknownRecord, message: UnknownRecord) => Said | undefined>({
    text: ({ body }) => text(body),
    image: (payload) => file(payload, 'image/jpeg'),
    video: (payload) => file(payload, 'video/mp4'),
    document: (payload) => file(payload, 'application/octet-stream'),
    audio: (payload) => file(payload, 'audio/ogg', payload.voice === true ? { voice: true } : undefined),
    voice: (payload) => file(payload, 'audio/ogg', { voice: true }),
    sticker: (payload) => file(payload, 'image/webp', { sticker: true }),
    location: place,
    contacts: (_, message) => contacts(message.contacts),
    interactive,
    button: (payload) => answer(payload.text, payload.payload),
    order: (payload, message) => ({ ...order(payload), channelData: message }),
  }),
);

function text(value: unknown): Said | undefined {
  const found = asString(value);
  return found === undefined ? undefined : { text: found };
}

function answer(title: unknown, payload: unknown): Said | undefined {
  const words = asString(title) ?? asString(payload);
  const value = asString(payload);
  return words === undefined ? undefined : { text: words, ...(value === undefined ? {} : { value }) };
}

/** A file is fetched by its id, within seven days; the address beside it lives five minutes only. */
function file(payload: UnknownRecord, contentType: string, content?: InboundAttachment['content']): Said | undefined {
  const id = asString(payload.id);
  if (id === undefined) return undefined;
  const told = asString(payload.mime_type)?.split(';')[0]?.trim();
  const name = asString(payload.filename);
  const caption = asString(payload.caption);
  return {
    ...(caption === undefined ? {} : { text: caption }),
    attachments: [
      {
        contentType: told !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(told) ? told : contentType,
        ...(name === undefined ? {} : { name }),
        media: { id },
        ...(content === undefined ? {} : { content }),
      },
    ],
  };
}

function place(payload: UnknownRecord): Said | undefined {
  const latitude = asNumber(payload.latitude);
  const longitude = asNumber(payload.longitude);
  if (latitude === undefined || longitude === undefined) return undefined;
  const name = asString(payload.name);
  const address = asString(payload.address);
  const content = {
    latitude,
    longitude,
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
  };
  return { attachments: [{ contentType: factTypes.location, content }] };
}

/** A shared contact may be nothing but a number, or a vCard beside it. */
function contacts(value: unknown): Said | undefined {
  const attachments = asArray(value)
    .slice(0, 10)
    .flatMap((item): InboundAttachment[] => {
      const contact = asRecord(item) ?? {};
      const each = (list: unknown, key: string) =>
        asArray(list)
          .map((entry) => asString(asRecord(entry)?.[key]))
          .filter((found) => found !== undefined);
      const phones = each(contact.phones, 'phone');
      const emails = each(contact.emails, 'email');
      const told = asRecord(contact.name);
      const organization = asString(asRecord(contact.org)?.company);
      const name =
        asString(told?.formatted_name) ?? asString(told?.first_name) ?? organization ?? phones[0] ?? emails[0];
      if (name === undefined) return [];
      const content = {
        name,
        ...(phones.length === 0 ? {} : { phones }),
        ...(emails.length === 0 ? {} : { emails }),
        ...(organization === undefined ? {} : { organization }),
      };
      return [{ contentType: factTypes.contact, content }];
    });
  return attachments.length === 0 ? undefined : { attachments };
}

function interactive(payload: UnknownRecord): Said | undefined {
  const reply = asRecord(payload.button_reply) ?? asRecord(payload.list_reply);
  if (reply !== undefined) return answer(reply.title, reply.id);
  const flow = asRecord(payload.nfm_reply);
  if (flow === undefined) return undefined;
  // JSON as text, made by the company's own form; it may be no JSON at all.
  const form = asString(flow.response_json);
  const value = form === undefined ? undefined : (parseJson(form) ?? form);
  const words = asString(flow.body) ?? asString(flow.name) ?? '[A form]';
  return { text: words, ...(value === undefined ? {} : { value }) };
}

/** A cart of the catalogue, in words. */
function order(payload: UnknownRecord): Said {
  const lines = asArray(payload.product_items).map((item) => {
    const { product_retailer_id: product, quantity, item_price: price, currency } = asRecord(item) ?? {};
    const cost = asString(price) ?? asNumber(price);
    const worth =
      cost === undefined ? '' : `, ${[cost, asString(currency)].filter((part) => part !== undefined).join(' ')} each`;
    return `${asString(quantity) ?? '1'} × ${asString(product) ?? '?'}${worth}`;
  });
  const note = asString(payload.text);
  return { text: ['[An order]', ...(note === undefined ? [] : [note]), ...lines.slice(0, 50)].join('\n') };
}

/** What cannot be shown, in words; the platform's own form is kept beside it. */
function unsupported(type: string, message: UnknownRecord): Said {
  const error = asRecord(asArray(message.errors)[0]);
  const code = asString(error?.code);
  const known = code === undefined ? undefined : reasons.get(code);
  const kind = type === '' || type === 'unsupported' || type === 'unknown' ? '' : ` ("${type.slice(0, 40)}")`;
  return { text: `[${known ?? `A message of a kind that WhatsApp does not pass on${kind}`}]`, channelData: message };
}

const reasons: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    '131051': 'A message of a kind that WhatsApp does not pass on',
    '131052': 'A file that WhatsApp could not pass on: too large, or gone',
    '131060': 'A message that WhatsApp could not pass on: please ask for it again',
  }),
);
