import { XMLParser } from 'fast-xml-parser';
import { type Fields, fieldsOf } from '../phone/checks.ts';

/** A value of WeChat's XML: text stands in CDATA, numbers do not; lists repeat `item`. */
export type XmlValue = string | number | bigint | { [name: string]: XmlValue } | XmlValue[];

/** `<xml>…</xml>` as WeChat writes it. */
export function toXml(fields: Record<string, XmlValue>): string {
  return `<xml>${children(fields)}</xml>`;
}

function children(fields: Record<string, XmlValue>): string {
  return Object.entries(fields)
    .map(([name, value]) =>
      Array.isArray(value)
        ? `<${name}>${value.map((item) => `<item>${inner(item)}</item>`).join('')}</${name}>`
        : `<${name}>${inner(value)}</${name}>`,
    )
    .join('\n');
}

function inner(value: XmlValue): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  return Array.isArray(value) ? value.map(inner).join('') : children(value);
}

const parser = new XMLParser({ parseTagValue: false, processEntities: false, ignoreAttributes: true });

/** The children of `<xml>` as texts; undefined when it is no such document. */
export function fromXml(text: string): Fields | undefined {
  try {
    const { xml } = fieldsOf(parser.parse(text, true));
    return typeof xml === 'object' ? fieldsOf(xml) : undefined;
  } catch {
    return undefined;
  }
}
