import type { CardAction, SuggestedAction } from '../contract/index.ts';
import { fits } from '../kit/index.ts';
import { type LineAction, limits, postbackData, type QuickReply } from './platform.ts';

/** A button as LINE has it, or undefined when LINE cannot carry it: its title or what it stands for is too long. */
export function actionOf({ type, title, value }: SuggestedAction | CardAction): LineAction | undefined {
  const label = title.trim();
  if (label === '' || !fits(label, { max: limits.label, unit: 'graphemes' })) return undefined;
  switch (type) {
    case 'imBack': {
      const text = value === '' ? label : value;
      return text.length <= limits.actionData ? { type: 'message', label, text } : undefined;
    }
    case 'postBack': {
      const data = postbackData(label, value);
      return data === undefined ? undefined : { type: 'postback', label, data, displayText: label };
    }
    case 'openUrl':
      return isAddress(value) ? { type: 'uri', label, uri: value } : undefined;
    case 'call': {
      const number = value.replace(/^tel:/, '').replace(/[\s().-]/g, '');
      return /^\+?\d{2,20}$/.test(number) ? { type: 'uri', label, uri: `tel:${number}` } : undefined;
    }
  }
}

function isAddress(value: string): boolean {
  if (value.length > limits.uri || !URL.canParse(value)) return false;
  return ['https:', 'http:', 'tel:', 'line:', 'mailto:'].includes(new URL(value).protocol);
}

/** Quick replies, or undefined when they must go as a list: too many, or one that LINE cannot carry. */
export function quickReplyOf(actions: readonly SuggestedAction[]): QuickReply | undefined {
  if (actions.length === 0 || actions.length > limits.quickReplies) return undefined;
  const items: QuickReply['items'] = [];
  for (const one of actions) {
    const action = actionOf(one);
    if (action === undefined) return undefined;
    items.push({ type: 'action', action });
  }
  return { items };
}
