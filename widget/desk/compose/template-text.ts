import type { Template } from '../../client/desk-protocol.ts';
import type { Fact } from '../outbox.ts';

/** The words of a template with its blanks filled in; a blank that is empty keeps its name in braces. */
export function filledIn({ text }: Template, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (blank, name: string) => values[name]?.trim() || blank);
}

/** A template as a message holds it. */
export function templateFact(template: Template, values: Readonly<Record<string, string>>): Fact {
  const { name, language, blanks } = template;
  return {
    contentType: 'application/vnd.foyer.template+json',
    content: {
      name,
      ...(language !== undefined && { language }),
      values: Object.fromEntries(blanks.map((blank) => [blank, (values[blank] ?? '').trim()])),
      text: filledIn(template, values),
    },
  };
}

/** Whether every blank is filled in. */
export function isFilled({ blanks }: Template, values: Readonly<Record<string, string>>): boolean {
  return blanks.every((blank) => (values[blank] ?? '').trim() !== '');
}
