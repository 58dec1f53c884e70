import type { Template } from '../contract/index.ts';
import { asArray, asRecord, asString, type UnknownRecord } from '../kit/inbound.ts';
import type { Graph } from '../kit/meta-graph.ts';
import type { WhatsappSettings } from './config.ts';

/** Pages that are read at most, of 200 templates each: an account has up to 6,000. */
const mostPages = 30;

/**
 * Approved templates of the business account, with their blanks as `templateDraft` takes them. Those with parts that
 * cannot be filled here (catalogues, flows, several cards) are left out.
 */
export async function templatesOf(graph: Graph, { graphVersion, wabaId }: WhatsappSettings): Promise<Template[]> {
  const found: Template[] = [];
  const base = `/${graphVersion}/${wabaId}/message_templates?fields=name,language,status,components&status=APPROVED&limit=200`;
  let after: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const path = after === undefined ? base : `${base}&after=${encodeURIComponent(after)}`;
    const { body } = await graph.call({ method: 'GET', path, maxBytes: 10_000_000, timeout: 20_000 });
    const told = asRecord(body) ?? {};
    for (const item of asArray(told.data)) {
      const template = templateOf(asRecord(item) ?? {});
      if (template !== undefined) found.push(template);
    }
    const paging = asRecord(told.paging);
    after = paging?.next === undefined ? undefined : asString(asRecord(paging.cursors)?.after);
    if (after === undefined) break;
  }
  return found;
}

function templateOf(item: UnknownRecord): Template | undefined {
  const name = asString(item.name);
  if (name === undefined || (item.status !== undefined && item.status !== 'APPROVED')) return undefined;
  const lines: string[] = [];
  const blanks: string[] = [];
  for (const component of asArray(item.components)) {
    if (!readComponent(asRecord(component) ?? {}, lines, blanks)) return undefined;
  }
  const language = asString(item.language);
  return { name, ...(language === undefined ? {} : { language }), text: lines.join('\n'), blanks };
}

/** False when the component is of a kind that is not filled here. */
function readComponent(component: UnknownRecord, lines: string[], blanks: string[]): boolean {
  const text = asString(component.text) ?? '';
  switch (asString(component.type)?.toUpperCase()) {
    case 'BODY':
      lines.push(text);
      blanks.push(...blanksIn(text));
      return true;
    case 'HEADER':
      return readHeader(component, text, lines, blanks);
    case 'FOOTER':
      lines.push(text);
      return true;
    case 'BUTTONS':
      return asArray(component.buttons).every((button, index) =>
        readButton(asRecord(button) ?? {}, index, lines, blanks),
      );
    default:
      return false;
  }
}

const mediaHeaders = new Set(['image', 'video', 'document']);

function readHeader(component: UnknownRecord, text: string, lines: string[], blanks: string[]): boolean {
  const format = (asString(component.format) ?? 'TEXT').toLowerCase();
  if (format === 'text') {
    lines.push(text.replace(/\{\{\s*(\w+)\s*\}\}/g, '{{header.$1}}'));
    blanks.push(...blanksIn(text).map((blank) => `header.${blank}`));
    return true;
  }
  if (!mediaHeaders.has(format)) return false;
  lines.push(`[{{header.${format}}}]`);
  blanks.push(`header.${format}`);
  return true;
}

const plainButtons = new Set(['QUICK_REPLY', 'PHONE_NUMBER', 'VOICE_CALL', 'REQUEST_CONTACT_INFO']);

function readButton(button: UnknownRecord, index: number, lines: string[], blanks: string[]): boolean {
  const type = asString(button.type)?.toUpperCase() ?? '';
  const text = asString(button.text) ?? type;
  const blank = type === 'COPY_CODE' ? `button.${index}.copy_code` : `button.${index}.url`;
  const filled = type === 'COPY_CODE' || (type === 'URL' && blanksIn(asString(button.url) ?? '').length > 0);
  if (!filled && type !== 'URL' && !plainButtons.has(type)) return false;
  lines.push(filled ? `[${text}: {{${blank}}}]` : `[${text}]`);
  if (filled) blanks.push(blank);
  return true;
}

/** Names of the blanks of a text, each once, in order. */
function blanksIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name))];
}
