import { type Graph, graphRefusal } from '../meta/graph.ts';
import type { ApiAnswer, ApiRequest } from '../phone/api.ts';
import { reactTo } from '../phone/buttons.ts';
import { type Fields, fieldsOf, listOf, textOf, unknownKeys } from '../phone/checks.ts';
import { fetchLink, isPublicAddress } from '../phone/fetch-link.ts';
import { typeOf } from '../phone/file-type.ts';
import { type FormFile, readForm } from '../phone/form.ts';
import type { ShownFile, ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import type { ShelvedFile } from '../phone/shelf.ts';
import { digits } from '../phone/world.ts';
import { type FacebookAccount, type FacebookPerson, windows } from './account.ts';
import { checkMessage } from './check-message.ts';
import type { FacebookEvents } from './events.ts';
import { shownMessage } from './show.ts';

const rootKeys = [
  'recipient',
  'messaging_type',
  'message',
  'sender_action',
  'payload',
  'tag',
  'notification_type',
  'reply_to',
  'access_token',
  'appsecret_proof',
];
const mostBytes = 25_000_000;
const fileKinds: Record<string, RegExp> = { image: /^image\//, audio: /^(audio|video)\//, video: /^video\// };

/** `POST /{page}/messages` and `/message_attachments`. Source: Meta for Developers, "Send API", "Error Codes". */
export function createSending(ground: Ground, account: FacebookAccount, graph: Graph, events: FacebookEvents) {
  const { world, phone, shelf } = ground;

  function ownNode(request: ApiRequest): void {
    const { id } = request.params;
    if (id === 'me' || id === account.pageId || (account.variant === 'instagram' && id === account.instagramId)) return;
    graph.refuse({
      message: `Unsupported post request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
      type: 'GraphMethodException',
      code: 100,
      subcode: 33,
    });
  }

  /** The fields of a body; those of a form hold JSON. */
  async function read(request: ApiRequest): Promise<{ fields: Fields; file: FormFile | undefined }> {
    const form = await readForm(request);
    const fields = form?.fields ?? graph.body(request);
    const parsed: Fields = {};
    for (const [name, value] of Object.entries(fields))
      parsed[name] = typeof value === 'string' ? fromJson(value) : value;
    return { fields: parsed, file: form?.files.filedata };
  }

  async function send(request: ApiRequest): Promise<ApiAnswer> {
    graph.authorize(request);
    ownNode(request);
    const { fields, file } = await read(request);
    const strange = unknownKeys(fields, rootKeys)[0];
    if (strange !== undefined) graph.refuse({ message: `(#100) Unexpected key "${strange}"`, code: 100 });
    const { psid, person } = recipient(fields.recipient);
    if (fields.sender_action !== undefined) return senderAction(psid, fields);
    const message = fieldsOf(fields.message);
    if (fields.message === undefined) graph.refuse({ message: '(#100) The parameter message is required', code: 100 });
    window(person, fields);
    checkMessage(message, {
      variant: account.variant,
      graph,
      isPublic: (address) => isPublicAddress(ground, address),
      isUploaded: (id) => shelf.get(`attachment-${id}`) !== undefined,
      hasFile: file !== undefined,
    });
    const quotes = textOf(fieldsOf(fields.reply_to).mid);
    if (quotes !== undefined && phone.find(quotes)?.person.id !== psid) {
      graph.refuse({ message: '(#100) Param reply_to[mid] is not a message of this conversation', code: 100 });
    }
    if (person.inboxControls) {
      graph.refuse({
        message: '(#10) Message not sent since another app is controlling this thread now.',
        code: 10,
        subcode: 2018300,
        status: 403,
      });
    }
    if (phone.person(psid)?.follows === false) {
      graph.refuse({ message: "(#551) This person isn't available right now.", code: 551, subcode: 1545041 });
    }
    const shown = shownMessage(message, {
      id: events.newMid(),
      at: world.now(),
      ...(quotes === undefined ? {} : { quotes }),
    });
    const attachmentId = await attach(shown, message, file);
    phone.show(psid, shown);
    events.arrived(psid, shown, message);
    return {
      status: 200,
      body: {
        recipient_id: psid,
        message_id: shown.id,
        ...(attachmentId === undefined ? {} : { attachment_id: attachmentId }),
      },
    };
  }

  function recipient(value: unknown): { psid: string; person: FacebookPerson } {
    const psid = textOf(fieldsOf(value).id);
    if (psid === undefined) graph.refuse({ message: '(#100) Param recipient must be non-empty.', code: 100 });
    const person = account.people.get(psid ?? '');
    if (person === undefined || psid === undefined) {
      return graph.refuse({ message: '(#100) No matching user found', code: 100, subcode: 2018001 });
    }
    return { psid, person };
  }

  function window(person: FacebookPerson, { messaging_type: type, tag }: Fields): void {
    if (!['RESPONSE', 'UPDATE', 'MESSAGE_TAG'].includes(String(type))) {
      graph.refuse({
        message: '(#100) Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}',
        code: 100,
      });
    }
    if ((type === 'MESSAGE_TAG') !== (tag !== undefined)) {
      graph.refuse({ message: '(#100) Param tag goes with messaging_type MESSAGE_TAG', code: 100 });
    }
    if (['ACCOUNT_UPDATE', 'CONFIRMED_EVENT_UPDATE', 'POST_PURCHASE_UPDATE'].includes(String(tag))) {
      graph.refuse({ message: '(#100) This message tag is not supported any more', code: 100, subcode: 1893061 });
    }
    if (tag !== undefined && tag !== 'HUMAN_AGENT') {
      graph.refuse({ message: '(#100) Param tag must be HUMAN_AGENT', code: 100 });
    }
    const allowed = tag === 'HUMAN_AGENT' ? windows.humanAgent : windows.standard;
    const closed = person.wroteAt + allowed < world.now();
    if (!closed && !(tag === undefined && ground.misbehaviour.takes('windowClosed'))) return;
    graph.refuse({
      message:
        '(#10) This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview',
      code: 10,
      subcode: account.variant === 'messenger' ? 2018278 : 2534022,
      status: 403,
    });
  }

  function senderAction(psid: string, fields: Fields): ApiAnswer {
    const { sender_action: action, payload } = fields;
    if (fields.message !== undefined) {
      graph.refuse({ message: '(#100) Params message and sender_action cannot be used together', code: 100 });
    }
    const answer = { status: 200, body: { recipient_id: psid } };
    switch (action) {
      case 'typing_on':
        phone.typing(psid, 20_000);
        return answer;
      case 'typing_off':
        phone.typing(psid, 0);
        return answer;
      case 'mark_seen':
        for (const { id, by } of phone.messages(psid)) if (by === 'customer') phone.change(id, { state: 'read' });
        return answer;
      case 'react':
      case 'unreact': {
        const { message_id: mid, reaction } = fieldsOf(payload);
        if (phone.find(String(mid))?.person.id !== psid) {
          graph.refuse({
            message: '(#100) Param payload[message_id] is not a message of this conversation',
            code: 100,
          });
        }
        if (action === 'react' && textOf(reaction) === undefined) {
          graph.refuse({ message: '(#100) Param payload[reaction] is required', code: 100 });
        }
        reactTo(phone, String(mid), 'company', action === 'react' ? String(reaction) : null);
        return answer;
      }
      default:
        return graph.refuse({
          message: '(#100) Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN, REACT, UNREACT}',
          code: 100,
        });
    }
  }

  /** Put its files on the message; answers the id of an attachment that may be used again. */
  async function attach(
    shown: ShownMessage,
    message: Fields,
    given: FormFile | undefined,
  ): Promise<string | undefined> {
    for (const [index, element] of listOf(fieldsOf(fieldsOf(message.attachment).payload).elements).entries()) {
      const card = shown.cards?.[index];
      const { image_url: url } = fieldsOf(element);
      if (card?.image === undefined) continue;
      const fetched = await fetchLink(ground, String(url), 8_000_000);
      card.image =
        'problem' in fetched
          ? { kind: 'image', missing: fetched.problem }
          : ground.shown('image', ground.keep(fetched));
    }
    if (shown.file === undefined) return undefined;
    const { type, payload } = fieldsOf(message.attachment);
    const { attachment_id: uploaded, is_reusable: reusable } = fieldsOf(payload);
    const kept =
      uploaded === undefined
        ? await take(String(type), fieldsOf(payload), given)
        : shelf.get(`attachment-${String(uploaded)}`);
    if (kept === undefined) return undefined;
    shown.file = ground.shown(shown.file.kind as ShownFile['kind'], kept);
    if (reusable !== true) return undefined;
    return keepAttachment(kept);
  }

  function keepAttachment({ bytes, contentType, name }: ShelvedFile): string {
    const id = digits(world, 16);
    shelf.put({ id: `attachment-${id}`, bytes, contentType, name });
    return id;
  }

  /** A file from the request or from the company's address, or a refusal. */
  async function take(type: string, payload: Fields, given: FormFile | undefined): Promise<ShelvedFile> {
    const file = given ?? (await fetchLink(ground, String(payload.url), mostBytes + 1));
    if ('problem' in file) {
      return graph.refuse({
        message: `(#100) Failed to fetch the file from the url: ${file.problem}`,
        code: 100,
        subcode: 2018008,
      });
    }
    const found = typeOf(file.bytes);
    const most = type === 'image' && given === undefined ? 8_000_000 : mostBytes;
    if (file.bytes.length > most) {
      graph.refuse({ message: '(#100) The attachment size exceeds allowable limit.', code: 100, subcode: 2018109 });
    }
    if (fileKinds[type] !== undefined && !fileKinds[type].test(found ?? '')) {
      graph.refuse({
        message: '(#100) Incorrect attachment type: the file is something else',
        code: 100,
        subcode: 2018047,
      });
    }
    if (account.variant === 'instagram' && type === 'file' && found !== 'application/pdf') {
      graph.refuse({ message: '(#100) Only PDF files are supported', code: 100, subcode: 2018047 });
    }
    return ground.keep(file);
  }

  async function upload(request: ApiRequest): Promise<ApiAnswer> {
    graph.authorize(request);
    ownNode(request);
    const { fields, file } = await read(request);
    const { type, payload } = fieldsOf(fieldsOf(fields.message).attachment);
    if (!['image', 'audio', 'video', 'file'].includes(String(type))) {
      return graphRefusal(world, {
        message: '(#100) Param message[attachment][type] must be one of {AUDIO, FILE, IMAGE, VIDEO}',
        code: 100,
      });
    }
    const { url } = fieldsOf(payload);
    if (file === undefined && !isPublicAddress(ground, url)) {
      graph.refuse({
        message: '(#100) Param message[attachment][payload][url] should represent a valid URL',
        code: 100,
      });
    }
    return { status: 200, body: { attachment_id: keepAttachment(await take(String(type), fieldsOf(payload), file)) } };
  }

  return { send, upload };
}

function fromJson(text: string): unknown {
  if (!/^[[{"]|^(true|false)$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
