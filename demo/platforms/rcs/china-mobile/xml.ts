import { XMLParser } from 'fast-xml-parser';
import { type Fields, fieldsOf } from '../../phone/checks.ts';

const parser = new XMLParser({
  parseTagValue: false,
  ignoreAttributes: false,
  parseAttributeValue: false,
  attributeNamePrefix: '@',
  isArray: (name) => ['destinationAddress', 'reportRequest'].includes(name),
});

/** A document as objects, names with their prefix; undefined when it is none, or brings its own entities. */
export function fromXml(text: string): Fields | undefined {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return undefined;
  try {
    return fieldsOf(parser.parse(text, true));
  } catch {
    return undefined;
  }
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** A document with one root. `inner` is XML already. */
export function documentOf(root: string, namespace: string, inner: string): string {
  const [prefix = ''] = root.split(':', 1);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns:${prefix}="${namespace}">${inner}</${root}>`;
}

export const messagingSpace = 'urn:oma:xml:rest:netapi:messaging:1';
export const commonSpace = 'urn:oma:xml:rest:netapi:common:1';
