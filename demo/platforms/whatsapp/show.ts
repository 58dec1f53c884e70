import { type Fields, fieldsOf, listOf, textOf } from '../phone/checks.ts';
import type { ShownButton, ShownMessage } from '../phone/model.ts';
import { blanksOf, type Template } from './account.ts';

/** A message of the business as the app shows it; its file is still to come. */
export function shownMessage(
  message: Fields,
  { id, at, template }: { id: string; at: number; template?: Template },
): ShownMessage {
  const type = String(message.type ?? 'text');
  const content = fieldsOf(message[type]);
  const quotes = textOf(fieldsOf(message.context).message_id);
  const shown: ShownMessage = { id, by: 'company', at, state: 'sent', ...(quotes === undefined ? {} : { quotes }) };
  switch (type) {
    case 'text':
      shown.text = String(content.body);
      break;
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
    case 'sticker': {
      const name = textOf(content.filename);
      const caption = textOf(content.caption);
      shown.file = { kind: type === 'document' ? 'file' : type, ...(name === undefined ? {} : { name }) };
      if (caption !== undefined) shown.text = caption;
      break;
    }
    case 'location':
      shown.place = {
        latitude: Number(content.latitude),
        longitude: Number(content.longitude),
        ...(textOf(content.name) === undefined ? {} : { name: String(content.name) }),
        ...(textOf(content.address) === undefined ? {} : { address: String(content.address) }),
      };
      break;
    case 'interactive':
      Object.assign(shown, shownInteractive(content));
      break;
    case 'template':
      if (template !== undefined) Object.assign(shown, shownTemplate(content, template));
      break;
  }
  return shown;
}

/** A contact card of the business. */
export function shownContacts(contacts: unknown): Pick<ShownMessage, 'contact'> {
  const [first] = listOf(contacts).map(fieldsOf);
  return {
    contact: {
      name: String(fieldsOf(first?.name).formatted_name ?? ''),
      phones: listOf(first?.phones).map((phone) => String(fieldsOf(phone).phone ?? '')),
    },
  };
}

function shownInteractive(content: Fields): Partial<ShownMessage> {
  const action = fieldsOf(content.action);
  const header = textOf(fieldsOf(content.header).text);
  const footer = textOf(fieldsOf(content.footer).text);
  const shown: Partial<ShownMessage> = {
    text: String(fieldsOf(content.body).text),
    ...(header === undefined ? {} : { header }),
    ...(footer === undefined ? {} : { footer }),
  };
  switch (content.type) {
    case 'button':
      shown.buttons = listOf(action.buttons).map((button) => {
        const { id, title } = fieldsOf(fieldsOf(button).reply);
        const value = { kind: 'button_reply', id, title };
        return { id: String(id), title: String(title), does: 'answer', value } satisfies ShownButton;
      });
      break;
    case 'list':
      shown.list = {
        title: String(action.button),
        rows: listOf(action.sections)
          .flatMap((section) => listOf(fieldsOf(section).rows).map(fieldsOf))
          .map(({ id, title, description }) => ({
            id: String(id),
            title: String(title),
            does: 'answer',
            ...(textOf(description) === undefined ? {} : { description: String(description) }),
            value: { kind: 'list_reply', id, title, ...(description === undefined ? {} : { description }) },
          })),
      };
      break;
    case 'cta_url': {
      const { display_text: title, url } = fieldsOf(action.parameters);
      shown.buttons = [{ id: 'url', title: String(title), does: 'open', url: String(url) }];
      break;
    }
    case 'location_request_message':
      shown.buttons = [{ id: 'location', title: 'Send location', does: 'location' }];
      break;
  }
  return shown;
}

function shownTemplate(content: Fields, template: Template): Partial<ShownMessage> {
  const components = listOf(content.components).map(fieldsOf);
  const of = (type: string) => components.filter((component) => String(component.type).toLowerCase() === type);
  const values = listOf(of('body')[0]?.parameters).map((parameter) => String(fieldsOf(parameter).text ?? ''));
  const text = blanksOf(template.body).reduce(
    (body, name, index) => body.replaceAll(`{{${name}}}`, values[index] ?? ''),
    template.body,
  );
  const payloadOf = (index: number) =>
    of('button')
      .filter((component) => String(component.index) === String(index))
      .map((component) => fieldsOf(listOf(component.parameters)[0]).payload)[0];
  return {
    text,
    tag: `template: ${template.name}`,
    ...(template.header === undefined ? {} : { header: template.header }),
    ...(template.footer === undefined ? {} : { footer: template.footer }),
    buttons: template.buttons.map((title, index) => ({
      id: `t${index}`,
      title,
      does: 'answer',
      value: { kind: 'button', text: title, payload: payloadOf(index) ?? title },
    })),
  };
}
