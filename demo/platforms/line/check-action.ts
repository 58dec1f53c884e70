import { type Fields, fieldsOf, graphemes, isObject, type Problem, textOf } from '../phone/checks.ts';

/** Collects what is wrong with a body, as LINE lists it in `details`. */
export interface Checker {
  problems: Problem[];
  isPublic(address: unknown): boolean;
}

export function wrong(checker: Checker, property: string, message: string): undefined {
  checker.problems.push({ property, message });
}

/** A text that must be there and not be too long, in what LINE counts for it. */
export function needText(
  checker: Checker,
  value: unknown,
  property: string,
  most: number,
  unit: 'utf16' | 'graphemes' = 'utf16',
): undefined {
  if (value === undefined || value === null) return wrong(checker, property, 'May not be null');
  if (typeof value !== 'string') return wrong(checker, property, 'Must be a string');
  if (value === '') return wrong(checker, property, 'May not be empty');
  const length = unit === 'utf16' ? value.length : graphemes(value);
  if (length > most) wrong(checker, property, `Length must be between 0 and ${most}`);
}

export function needAddress(checker: Checker, value: unknown, property: string): undefined {
  needText(checker, value, property, 2_000);
  if (textOf(value) !== undefined && !checker.isPublic(value)) wrong(checker, property, 'Invalid HTTPS URL');
}

/** Where an action stands decides what it may be and whether it needs a label. */
export type ActionPlace = 'quickReply' | 'template' | 'imageCarousel' | 'flex';

const labelMost: Record<ActionPlace, number> = { quickReply: 20, template: 20, imageCarousel: 12, flex: 40 };

export function checkAction(checker: Checker, value: unknown, property: string, place: ActionPlace): undefined {
  if (!isObject(value)) return wrong(checker, property, 'May not be null');
  const action: Fields = value;
  if (place !== 'flex' || action.label !== undefined) {
    needText(checker, action.label, `${property}.label`, labelMost[place], 'graphemes');
  }
  switch (action.type) {
    case 'postback':
      needText(checker, action.data, `${property}.data`, 300);
      if (action.displayText !== undefined) needText(checker, action.displayText, `${property}.displayText`, 300);
      if (action.displayText !== undefined && action.text !== undefined) {
        wrong(checker, `${property}.text`, 'displayText and text cannot both be specified');
      }
      return;
    case 'message':
      return needText(checker, action.text, `${property}.text`, 300);
    case 'uri':
      needText(checker, action.uri, `${property}.uri`, 1_000);
      if (textOf(action.uri) && !/^(https?|line|tel):/i.test(String(action.uri))) {
        wrong(checker, `${property}.uri`, 'invalid uri scheme');
      }
      return;
    case 'datetimepicker':
      needText(checker, action.data, `${property}.data`, 300);
      if (!['date', 'time', 'datetime'].includes(String(action.mode))) {
        wrong(checker, `${property}.mode`, 'must be one of date, time, datetime');
      }
      return;
    case 'clipboard':
      return needText(checker, action.clipboardText, `${property}.clipboardText`, 1_000);
    case 'camera':
    case 'cameraRoll':
    case 'location':
      if (place !== 'quickReply') wrong(checker, `${property}.type`, 'only available in quick replies');
      return;
    default:
      wrong(checker, `${property}.type`, 'must be one of the following values: postback, message, uri, datetimepicker');
  }
}

export function checkQuickReply(checker: Checker, value: unknown, property: string): undefined {
  const { items } = fieldsOf(value);
  if (!Array.isArray(items) || items.length < 1 || items.length > 13) {
    return wrong(checker, `${property}.items`, 'Size must be between 1 and 13');
  }
  for (const [index, item] of items.entries()) {
    const { type, action, imageUrl } = fieldsOf(item);
    const at = `${property}.items[${index}]`;
    if (type !== 'action') wrong(checker, `${at}.type`, 'must be action');
    if (imageUrl !== undefined) needAddress(checker, imageUrl, `${at}.imageUrl`);
    checkAction(checker, action, `${at}.action`, 'quickReply');
  }
}
