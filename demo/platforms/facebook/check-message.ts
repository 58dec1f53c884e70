import type { Graph } from '../meta/graph.ts';
import { type Fields, fieldsOf, isObject, listOf, textOf, unknownKeys } from '../phone/checks.ts';
import type { Variant } from './account.ts';

/** What checking needs to know. */
export interface MessageChecks {
  variant: Variant;
  graph: Graph;
  isPublic(address: unknown): boolean;
  /** Whether something was uploaded under this id. */
  isUploaded(attachmentId: string): boolean;
  /** A file came with the request itself. */
  hasFile: boolean;
}

const fileTypes = ['image', 'audio', 'video', 'file'];

/** Refuse a message as the Send API does. Source: Meta for Developers, Messenger Platform, "Send API". */
export function checkMessage(message: Fields, checks: MessageChecks): undefined {
  const { graph, variant } = checks;
  const known = ['text', 'attachment', 'attachments', 'quick_replies', 'metadata'];
  const strange = unknownKeys(message, known)[0];
  if (strange !== undefined) parameter(graph, `Invalid keys "${strange}" were found in param "message".`);
  if ((message.text === undefined) === (message.attachment === undefined)) {
    parameter(graph, 'Exactly one of message[text] and message[attachment] is required');
  }
  if (message.text !== undefined) {
    if (textOf(message.text) === undefined)
      parameter(graph, 'Param message[text] must be a non-empty UTF-8 encoded string');
    const tooLong =
      variant === 'messenger' ? String(message.text).length > 2_000 : Buffer.byteLength(String(message.text)) > 1_000;
    if (tooLong) {
      const most = variant === 'messenger' ? '2000' : '1000 bytes';
      parameter(graph, `Length of param message[text] must be less than or equal to ${most}`);
    }
  }
  if (message.metadata !== undefined) limit(graph, message.metadata, 'message[metadata]', 1_000);
  if (message.quick_replies !== undefined) checkQuickReplies(message.quick_replies, graph);
  if (message.attachment !== undefined) checkAttachment(message.attachment, checks);
}

function checkQuickReplies(value: unknown, graph: Graph): undefined {
  const replies = listOf(value).map(fieldsOf);
  if (replies.length < 1 || replies.length > 13) {
    parameter(graph, 'Param message[quick_replies] must have between 1 and 13 elements');
  }
  for (const [index, reply] of replies.entries()) {
    const at = `message[quick_replies][${index}]`;
    if (!['text', 'user_phone_number', 'user_email'].includes(String(reply.content_type))) {
      parameter(graph, `Param ${at}[content_type] must be one of {TEXT, USER_PHONE_NUMBER, USER_EMAIL}`);
    }
    if (reply.content_type !== 'text') continue;
    limit(graph, reply.title, `${at}[title]`, 20);
    limit(graph, reply.payload, `${at}[payload]`, 1_000);
  }
}

function checkAttachment(value: unknown, checks: MessageChecks): undefined {
  const { graph, isPublic, isUploaded, hasFile, variant } = checks;
  const { type, payload } = fieldsOf(value);
  if (variant === 'instagram' && type === 'like_heart') return;
  if (type === 'template') return checkTemplate(fieldsOf(payload), checks);
  if (!fileTypes.includes(String(type))) {
    parameter(graph, 'Param message[attachment][type] must be one of {AUDIO, FILE, IMAGE, TEMPLATE, VIDEO}');
  }
  if (!isObject(payload)) return parameter(graph, 'Param message[attachment][payload] must be an object');
  if (payload.attachment_id !== undefined) {
    if (isUploaded(String(payload.attachment_id))) return;
    graph.refuse({ message: '(#100) Invalid attachment id', code: 100, subcode: 2018074 });
  }
  if (payload.url === undefined) {
    return hasFile ? undefined : parameter(graph, 'Param message[attachment][payload][url] is required');
  }
  if (!isPublic(payload.url)) parameter(graph, 'Param message[attachment][payload][url] should represent a valid URL');
}

function checkTemplate(payload: Fields, { graph, isPublic, variant }: MessageChecks): undefined {
  switch (payload.template_type) {
    case 'button':
      limit(graph, payload.text, 'message[attachment][payload][text]', 640);
      return checkButtons(payload.buttons, graph, 1);
    case 'generic': {
      const elements = listOf(payload.elements).map(fieldsOf);
      if (elements.length < 1 || elements.length > 10) {
        parameter(graph, 'Param message[attachment][payload][elements] must have between 1 and 10 elements');
      }
      for (const [index, element] of elements.entries()) {
        const at = `message[attachment][payload][elements][${index}]`;
        limit(graph, element.title, `${at}[title]`, 80);
        if (element.subtitle !== undefined) limit(graph, element.subtitle, `${at}[subtitle]`, 80);
        if (element.image_url !== undefined && !isPublic(element.image_url)) {
          parameter(graph, `Param ${at}[image_url] should represent a valid URL`);
        }
        const alone = ['subtitle', 'image_url', 'buttons', 'default_action'].every((key) => element[key] === undefined);
        if (alone) parameter(graph, `Param ${at} must have at least one more property than a title`);
        if (element.buttons !== undefined) checkButtons(element.buttons, graph, 1);
      }
      return;
    }
    default:
      parameter(graph, `Param message[attachment][payload][template_type] is not known to ${variant}`);
  }
}

function checkButtons(value: unknown, graph: Graph, least: number): undefined {
  const buttons = listOf(value).map(fieldsOf);
  if (buttons.length < least || buttons.length > 3)
    parameter(graph, 'Param buttons must have between 1 and 3 elements');
  for (const { type, title, url, payload } of buttons) {
    limit(graph, title, 'buttons[title]', 20);
    if (type === 'web_url') limit(graph, url, 'buttons[url]', 2_000);
    else if (type === 'postback') limit(graph, payload, 'buttons[payload]', 1_000);
    else if (type === 'phone_number') {
      if (!/^\+\d{5,15}$/.test(textOf(payload) ?? ''))
        parameter(graph, 'Param buttons[payload] must be a phone number');
    } else parameter(graph, 'Param buttons[type] must be one of {WEB_URL, POSTBACK, PHONE_NUMBER}');
  }
}

function limit(graph: Graph, value: unknown, name: string, most: number): undefined {
  if (textOf(value) === undefined) parameter(graph, `Param ${name} is required`);
  if (String(value).length > most) parameter(graph, `Length of param ${name} must be less than or equal to ${most}`);
}

function parameter(graph: Graph, message: string): undefined {
  graph.refuse({ message: `(#100) ${message}`, code: 100 });
}
