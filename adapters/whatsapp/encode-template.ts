import type { TemplateUse } from '../contract/index.ts';
import type { Draft } from './draft.ts';

/**
 * Blanks are called as `templates()` of the client lists them: `1`, `2` … or their names in the body, `header.…` in the
 * header (`header.image`, `header.video`, `header.document`: an https address), `button.<index>.url` and
 * `button.<index>.copy_code`. Undefined when a blank is empty, which Meta refuses.
 */
export function templateDraft({ name, language = 'en_US', values, text }: TemplateUse): Draft | undefined {
  if (name.trim() === '') return undefined;
  const header: Blank[] = [];
  const body: Blank[] = [];
  const buttons: object[] = [];
  for (const [blank, value] of Object.entries(values)) {
    if (value.trim() === '') return undefined;
    const button = /^button\.(\d+)\.(url|copy_code|quick_reply)$/.exec(blank);
    if (button !== null) buttons.push(buttonOf(button[1] ?? '0', button[2] ?? 'url', value));
    else if (blank.startsWith('header.')) header.push({ name: blank.slice('header.'.length), value });
    else body.push({ name: blank, value });
  }
  const components = [
    ...(header.length === 0 ? [] : [{ type: 'header', parameters: header.sort(byNumber).map(headerParameter) }]),
    ...(body.length === 0 ? [] : [{ type: 'body', parameters: body.sort(byNumber).map(textParameter) }]),
    ...buttons,
  ];
  return {
    type: 'template',
    content: { name, language: { code: language }, ...(components.length === 0 ? {} : { components }) },
    shows: { kind: 'card', text: text ?? name },
  };
}

interface Blank {
  name: string;
  value: string;
}

const isNumber = (name: string) => /^\d+$/.test(name);

/** Numbered blanks in their order; named ones stay as they came. */
function byNumber(a: Blank, b: Blank): number {
  return isNumber(a.name) && isNumber(b.name) ? Number(a.name) - Number(b.name) : 0;
}

function textParameter({ name, value }: Blank): object {
  return { type: 'text', ...(isNumber(name) ? {} : { parameter_name: name }), text: value };
}

function headerParameter(blank: Blank): object {
  const { name, value } = blank;
  if (name !== 'image' && name !== 'video' && name !== 'document') return textParameter(blank);
  return { type: name, [name]: { link: value } };
}

function buttonOf(index: string, type: string, value: string): object {
  const parameter =
    type === 'copy_code'
      ? { type: 'coupon_code', coupon_code: value }
      : type === 'quick_reply'
        ? { type: 'payload', payload: value }
        : { type: 'text', text: value };
  return { type: 'button', sub_type: type, index, parameters: [parameter] };
}
