import type { Graph } from '../meta/graph.ts';
import { type Fields, fieldsOf, isObject, listOf, textOf, unknownKeys } from '../phone/checks.ts';
import { blanksOf, type WhatsappAccount } from './account.ts';

/** What checking needs to look up. */
export interface MessageWorld {
  account: WhatsappAccount;
  graph: Graph;
  isPublic(address: unknown): boolean;
  /** MIME type of an uploaded file, undefined when there is none. */
  uploaded(id: string): string | undefined;
  /** Whether the conversation has this message. */
  knows(messageId: string): boolean;
}

const rootKeys = [
  'messaging_product',
  'recipient_type',
  'to',
  'recipient',
  'type',
  'context',
  'biz_opaque_callback_data',
];
const mediaTypes: Record<string, readonly string[]> = {
  image: ['image/jpeg', 'image/png'],
  audio: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
  video: ['video/mp4', 'video/3gpp'],
  sticker: ['image/webp'],
};

/** Refuse what the Cloud API would refuse at once. Source: Meta for Developers, WhatsApp Cloud API, "Messages". */
export function checkMessage(message: Fields, world: MessageWorld): undefined {
  const { graph } = world;
  const type = String(message.type ?? 'text');
  const strange = unknownKeys(message, [...rootKeys, type])[0];
  if (strange !== undefined) parameter(graph, `Unexpected key "${strange}" on param "root".`);
  if (message.recipient_type !== undefined && message.recipient_type !== 'individual') {
    parameter(graph, 'Param recipient_type must be one of {individual, group}');
  }
  const { context } = message;
  if (context !== undefined && !world.knows(String(fieldsOf(context).message_id))) {
    parameter(graph, "Param context['message_id'] is not a message of this conversation");
  }
  const check = checks[type];
  if (check === undefined) {
    graph.refuse({
      message: '(#131009) Parameter value is not valid',
      code: 131009,
      details: `Param type must be one of {${Object.keys(checks).join(', ')}}`,
    });
  }
  const content = type === 'contacts' ? { list: message.contacts } : message[type];
  if (!isObject(content)) return parameter(graph, `The parameter ${type} is required.`);
  check?.(content, world, type);
}

const checks: Record<string, (content: Fields, world: MessageWorld, type: string) => undefined> = {
  text({ body }, { graph }) {
    need(graph, body, "text['body']", 4_096);
  },
  image: checkMedia,
  audio: checkMedia,
  video: checkMedia,
  document: checkMedia,
  sticker: checkMedia,
  location({ latitude, longitude }, { graph }) {
    for (const [name, value, most] of [
      ['latitude', latitude, 90],
      ['longitude', longitude, 180],
    ] as const) {
      if (value === undefined || value === '' || !(Math.abs(Number(value)) <= most)) {
        parameter(graph, `Param location['${name}'] must be a number between -${most} and ${most}`);
      }
    }
  },
  contacts({ list }, { graph }) {
    const contacts = listOf(list).map(fieldsOf);
    if (contacts.length === 0) parameter(graph, 'The parameter contacts is required.');
    for (const { name } of contacts)
      need(graph, fieldsOf(name).formatted_name, "contacts['name']['formatted_name']", 500);
  },
  reaction({ message_id: messageId, emoji }, { graph, knows }) {
    need(graph, messageId, "reaction['message_id']", 500);
    if (typeof emoji !== 'string') parameter(graph, "The parameter reaction['emoji'] is required.");
    if (!knows(String(messageId))) invalid(graph, 'Message to react to was not found');
  },
  interactive: checkInteractive,
  template: checkTemplate,
};

function checkMedia(content: Fields, { graph, isPublic, uploaded }: MessageWorld, type: string): undefined {
  const { id, link, caption } = content;
  if ((id === undefined) === (link === undefined)) {
    parameter(graph, `Exactly one of ${type}['id'] and ${type}['link'] is required.`);
  }
  if (link !== undefined && !isPublic(link)) parameter(graph, `Param ${type}['link'] is not a valid URL.`);
  if (id !== undefined) {
    const contentType = uploaded(String(id));
    if (contentType === undefined) {
      parameter(graph, `Param ${type}['id'] is not a valid whatsapp business account media attachment ID`);
    } else if (mediaTypes[type]?.includes(contentType) === false) {
      graph.refuse({
        message: '(#131053) Media upload error',
        code: 131053,
        details: `Media of type ${contentType} cannot be sent as ${type}`,
      });
    }
  }
  if (caption === undefined) return;
  if (type === 'audio' || type === 'sticker') parameter(graph, `Unexpected key "caption" on param "${type}".`);
  need(graph, caption, `${type}['caption']`, 1_024);
}

function checkInteractive(content: Fields, { graph }: MessageWorld): undefined {
  const { type, body, header, footer } = content;
  const action = fieldsOf(content.action);
  need(graph, fieldsOf(body).text, "interactive['body']['text']", type === 'list' ? 4_096 : 1_024);
  if (footer !== undefined) need(graph, fieldsOf(footer).text, "interactive['footer']['text']", 60);
  if (header !== undefined) {
    const { type: headerType, text } = fieldsOf(header);
    if (headerType === 'text') need(graph, text, "interactive['header']['text']", 60);
    else if (type === 'list') invalid(graph, 'List messages only support text headers');
  }
  switch (type) {
    case 'button':
      return checkReplyButtons(graph, action);
    case 'list':
      return checkList(graph, action);
    case 'cta_url': {
      const { display_text: title, url } = fieldsOf(action.parameters);
      need(graph, title, "interactive['action']['parameters']['display_text']", 20);
      need(graph, url, "interactive['action']['parameters']['url']", 2_000);
      return;
    }
    case 'location_request_message':
      if (action.name !== 'send_location') invalid(graph, 'Action name must be send_location');
      return;
    default:
      invalid(graph, 'Interactive type must be one of {button, list, cta_url, location_request_message}');
  }
}

function checkReplyButtons(graph: Graph, action: Fields): undefined {
  const buttons = listOf(action.buttons).map((button) => fieldsOf(button));
  if (buttons.length < 1 || buttons.length > 3)
    invalid(graph, 'Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3');
  const titles = buttons.map(({ reply }) => fieldsOf(reply).title);
  if (new Set(titles).size < titles.length) invalid(graph, 'Duplicate title for button');
  for (const { type, reply } of buttons) {
    if (type !== 'reply') invalid(graph, 'Button type must be reply');
    need(graph, fieldsOf(reply).id, "interactive['action']['buttons']['reply']['id']", 256);
    need(graph, fieldsOf(reply).title, "interactive['action']['buttons']['reply']['title']", 20);
  }
}

function checkList(graph: Graph, action: Fields): undefined {
  need(graph, action.button, "interactive['action']['button']", 20);
  const sections = listOf(action.sections).map(fieldsOf);
  if (sections.length < 1 || sections.length > 10) invalid(graph, 'Invalid section count. Min: 1, Max: 10');
  const rows = sections.flatMap((section) => listOf(section.rows).map(fieldsOf));
  if (rows.length < 1 || rows.length > 10) invalid(graph, 'Total row count exceed max allowed count: 10');
  for (const section of sections) {
    if (sections.length > 1) need(graph, section.title, "interactive['action']['sections']['title']", 24);
  }
  const ids = rows.map(({ id }) => id);
  if (new Set(ids).size < ids.length) invalid(graph, 'Duplicated row id');
  for (const row of rows) {
    need(graph, row.id, "interactive['action']['sections']['rows']['id']", 200);
    need(graph, row.title, "interactive['action']['sections']['rows']['title']", 24);
    if (row.description !== undefined) {
      need(graph, row.description, "interactive['action']['sections']['rows']['description']", 72);
    }
  }
}

function checkTemplate({ name, language, components }: Fields, { account, graph }: MessageWorld): undefined {
  need(graph, name, "template['name']", 512);
  const { code } = fieldsOf(language);
  need(graph, code, "template['language']['code']", 20);
  const template = account.templates.find((known) => known.name === name && known.language === code);
  if (template === undefined) {
    return graph.refuse({
      message: '(#132001) Template name does not exist in the translation',
      code: 132001,
      status: 404,
      details: `template name (${String(name)}) does not exist in ${String(code)}`,
    });
  }
  if (template.status === 'PAUSED') {
    graph.refuse({ message: '(#132015) Template is Paused', code: 132015, details: 'Template is paused' });
  }
  const body = listOf(components)
    .map(fieldsOf)
    .find(({ type }) => String(type).toLowerCase() === 'body');
  const parameters = listOf(body?.parameters).map(fieldsOf);
  const blanks = blanksOf(template.body);
  if (parameters.length !== blanks.length) {
    graph.refuse({
      message: '(#132000) Number of parameters does not match the expected number of params',
      code: 132000,
      details: `body: number of localizable_params (${parameters.length}) does not match the expected number of params (${blanks.length})`,
    });
  }
  for (const { type, text } of parameters) {
    if (type !== 'text' || textOf(text) === undefined) {
      graph.refuse({
        message: '(#132012) Parameter format does not match format in the created template',
        code: 132012,
        details: 'body: parameters of type text are required',
      });
    }
  }
}

function need(graph: Graph, value: unknown, name: string, most: number): undefined {
  if (textOf(value) === undefined) parameter(graph, `The parameter ${name} is required.`);
  if (String(value).length > most) parameter(graph, `Param ${name} must be at most ${most} characters long.`);
}

function parameter(graph: Graph, message: string): undefined {
  graph.refuse({ message: `(#100) ${message}`, code: 100 });
}

function invalid(graph: Graph, details: string): undefined {
  graph.refuse({ message: '(#131009) Parameter value is not valid', code: 131009, details });
}
