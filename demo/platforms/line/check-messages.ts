import { fieldsOf, graphemes, isObject, listOf, type Problem, textOf } from '../phone/checks.ts';
import { type Checker, checkAction, checkQuickReply, needAddress, needText, wrong } from './check-action.ts';

/** What LINE finds wrong with `messages` of a send; empty when it would take them. */
export function checkMessages(messages: unknown, isPublic: (address: unknown) => boolean): Problem[] {
  const checker: Checker = { problems: [], isPublic };
  if (!Array.isArray(messages) || messages.length < 1 || messages.length > 5) {
    wrong(checker, 'messages', 'Size must be between 1 and 5');
  } else {
    for (const [index, message] of messages.entries()) checkMessage(checker, message, `messages[${index}]`);
  }
  return checker.problems;
}

function checkMessage(checker: Checker, value: unknown, at: string): undefined {
  if (!isObject(value)) return wrong(checker, at, 'May not be null');
  const { quickReply, sender, quoteToken, type } = value;
  if (quickReply !== undefined) checkQuickReply(checker, quickReply, `${at}.quickReply`);
  if (sender !== undefined) {
    const { name, iconUrl } = fieldsOf(sender);
    if (name !== undefined) needText(checker, name, `${at}.sender.name`, 20);
    if (iconUrl !== undefined) needAddress(checker, iconUrl, `${at}.sender.iconUrl`);
  }
  if (quoteToken !== undefined && !['text', 'textV2', 'sticker'].includes(String(type))) {
    wrong(checker, `${at}.quoteToken`, 'not available for this message type');
  }
  switch (type) {
    case 'text':
      return needText(checker, value.text, `${at}.text`, 5_000);
    case 'textV2':
      return checkPlaceholders(checker, value, at);
    case 'sticker':
      needText(checker, value.packageId, `${at}.packageId`, 20);
      return needText(checker, value.stickerId, `${at}.stickerId`, 20);
    case 'image':
    case 'video':
      needAddress(checker, value.originalContentUrl, `${at}.originalContentUrl`);
      return needAddress(checker, value.previewImageUrl, `${at}.previewImageUrl`);
    case 'audio':
      needAddress(checker, value.originalContentUrl, `${at}.originalContentUrl`);
      if (typeof value.duration !== 'number' || value.duration <= 0) {
        wrong(checker, `${at}.duration`, 'Must be greater than 0');
      }
      return;
    case 'location':
      needText(checker, value.title, `${at}.title`, 100);
      needText(checker, value.address, `${at}.address`, 100);
      for (const [name, most] of [['latitude', 90] as const, ['longitude', 180] as const]) {
        const degrees = value[name];
        if (typeof degrees !== 'number' || Math.abs(degrees) > most) {
          wrong(checker, `${at}.${name}`, `must be between -${most} and ${most}`);
        }
      }
      return;
    case 'template':
      needText(checker, value.altText, `${at}.altText`, 400);
      return checkTemplate(checker, value.template, `${at}.template`);
    case 'flex':
      needText(checker, value.altText, `${at}.altText`, 400);
      return checkFlex(checker, value.contents, `${at}.contents`);
    default:
      wrong(
        checker,
        `${at}.type`,
        'must be one of the following values: text, textV2, sticker, image, video, audio, location, template, flex',
      );
  }
}

function checkPlaceholders(checker: Checker, message: Record<string, unknown>, at: string): undefined {
  needText(checker, message.text, `${at}.text`, 5_000);
  const text = textOf(message.text) ?? '';
  const substitution = fieldsOf(message.substitution);
  // Doubled braces are literal ones.
  for (const [, name = ''] of text
    .replaceAll('{{', '')
    .replaceAll('}}', '')
    .matchAll(/\{([^{}]*)\}/g)) {
    if (!isObject(substitution[name])) wrong(checker, `${at}.text`, `placeholder {${name}} has no substitution`);
  }
}

function checkTemplate(checker: Checker, value: unknown, at: string): undefined {
  if (!isObject(value)) return wrong(checker, at, 'May not be null');
  switch (value.type) {
    case 'buttons':
      checkPanel(checker, value, at, { plain: 160, withMore: 60, actions: 4 });
      return;
    case 'confirm':
      needText(checker, value.text, `${at}.text`, 240, 'graphemes');
      return checkActions(checker, value.actions, `${at}.actions`, 2, 2);
    case 'carousel': {
      const columns = needColumns(checker, value.columns, at);
      const counts = new Set(columns.map((column) => listOf(fieldsOf(column).actions).length));
      if (counts.size > 1) wrong(checker, `${at}.columns`, 'all columns must have the same number of actions');
      for (const [index, column] of columns.entries()) {
        checkPanel(checker, fieldsOf(column), `${at}.columns[${index}]`, { plain: 120, withMore: 60, actions: 3 });
      }
      return;
    }
    case 'image_carousel':
      for (const [index, column] of needColumns(checker, value.columns, at).entries()) {
        const { imageUrl, action } = fieldsOf(column);
        needAddress(checker, imageUrl, `${at}.columns[${index}].imageUrl`);
        checkAction(checker, action, `${at}.columns[${index}].action`, 'imageCarousel');
      }
      return;
    default:
      wrong(checker, `${at}.type`, 'must be one of the following values: buttons, confirm, carousel, image_carousel');
  }
}

function needColumns(checker: Checker, columns: unknown, at: string): unknown[] {
  const list = listOf(columns);
  if (list.length < 1 || list.length > 10) wrong(checker, `${at}.columns`, 'Size must be between 1 and 10');
  return list;
}

function checkPanel(
  checker: Checker,
  panel: Record<string, unknown>,
  at: string,
  limits: { plain: number; withMore: number; actions: number },
): undefined {
  const more = panel.title !== undefined || panel.thumbnailImageUrl !== undefined;
  if (panel.title !== undefined) needText(checker, panel.title, `${at}.title`, 40, 'graphemes');
  if (panel.thumbnailImageUrl !== undefined) needAddress(checker, panel.thumbnailImageUrl, `${at}.thumbnailImageUrl`);
  needText(checker, panel.text, `${at}.text`, more ? limits.withMore : limits.plain, 'graphemes');
  checkActions(checker, panel.actions, `${at}.actions`, 1, limits.actions);
}

function checkActions(checker: Checker, value: unknown, at: string, least: number, most: number): undefined {
  const actions = listOf(value);
  if (actions.length < least || actions.length > most) {
    return wrong(checker, at, `Size must be between ${least} and ${most}`);
  }
  for (const [index, action] of actions.entries()) checkAction(checker, action, `${at}[${index}]`, 'template');
}

function checkFlex(checker: Checker, value: unknown, at: string): undefined {
  const contents = fieldsOf(value);
  const size = Buffer.byteLength(JSON.stringify(value ?? null));
  if (contents.type === 'bubble') {
    if (size > 30_000) wrong(checker, at, 'bubble must be 30 KB or less');
    return checkBubble(checker, contents, at);
  }
  if (contents.type !== 'carousel') return wrong(checker, `${at}.type`, 'must be bubble or carousel');
  if (size > 50_000) wrong(checker, at, 'carousel must be 50 KB or less');
  const bubbles = listOf(contents.contents);
  if (bubbles.length < 1 || bubbles.length > 12) wrong(checker, `${at}.contents`, 'Size must be between 1 and 12');
  for (const [index, bubble] of bubbles.entries()) checkBubble(checker, fieldsOf(bubble), `${at}.contents[${index}]`);
}

function checkBubble(checker: Checker, bubble: Record<string, unknown>, at: string): undefined {
  if (bubble.type !== 'bubble') return wrong(checker, `${at}.type`, 'must be bubble');
  const blocks = ['header', 'hero', 'body', 'footer'].filter((name) => bubble[name] !== undefined);
  if (blocks.length === 0) wrong(checker, at, 'at least one block must be specified');
  for (const name of blocks) checkComponent(checker, bubble[name], `${at}/${name}`, name === 'hero');
}

function checkComponent(checker: Checker, value: unknown, at: string, hero = false): undefined {
  const component = fieldsOf(value);
  if (component.action !== undefined) checkAction(checker, component.action, `${at}/action`, 'flex');
  switch (component.type) {
    case 'box':
      if (!['horizontal', 'vertical', 'baseline'].includes(String(component.layout))) {
        wrong(checker, `${at}/layout`, 'must be one of horizontal, vertical, baseline');
      }
      if (!Array.isArray(component.contents)) wrong(checker, `${at}/contents`, 'must be specified');
      for (const [index, inner] of listOf(component.contents).entries()) {
        checkComponent(checker, inner, `${at}/contents/${index}`);
      }
      return;
    case 'text':
      if (component.contents === undefined) needText(checker, component.text, `${at}/text`, 2_000);
      return;
    case 'image':
      return needAddress(checker, component.url, `${at}/url`);
    case 'button':
      if (hero) return wrong(checker, at, 'a hero block is a box, an image or a video');
      checkAction(checker, component.action, `${at}/action`, 'flex');
      if (graphemes(textOf(fieldsOf(component.action).label) ?? '') === 0) {
        wrong(checker, `${at}/action/label`, 'must be specified');
      }
      return;
    case 'separator':
    case 'filler':
    case 'spacer':
    case 'icon':
    case 'span':
    case 'video':
      return;
    default:
      wrong(checker, `${at}/type`, 'unknown component');
  }
}
