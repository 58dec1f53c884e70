import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element as it stood in the document. Values are text, always: no number loses a digit. */
export interface XmlElement {
  /** With its prefix, when it has one. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  /** All text directly in it, CDATA as it is, references resolved; white space kept. */
  text: string;
  children: readonly XmlElement[];
}

/** Deeper than any platform nests. */
const deepest = 32;

const textName = '#text';
const cdataName = '#cdata';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: cdataName,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // The library does not count the root.
  maxNestedTags: deepest - 1,
  jPath: false,
});

/** CDATA sections and comments as wholes, so that what is found besides is a declaration. */
const declarations = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<!/g;

/**
 * The root element of an XML document; undefined when it is not well-formed, declares anything (DOCTYPE, entities),
 * nests deeper than 32, or has another number of roots than one. Only the five standard entities and character
 * references mean something. Linear in time and memory: bound the size before.
 */
export function parseXml(text: string): XmlElement | undefined {
  for (const [found] of text.matchAll(declarations)) if (found === '<!') return undefined;
  let roots: XmlElement[];
  try {
    // Depth first: the validator reports every element left open.
    const nodes: unknown = parser.parse(text);
    if (XMLValidator.validate(text) !== true || !Array.isArray(nodes)) return undefined;
    roots = childrenOf(nodes);
  } catch {
    return undefined;
  }
  return roots.length === 1 ? roots[0] : undefined;
}

/** The library's ordered form: one object a node, its name the one key that is not `:@`. */
function childrenOf(nodes: readonly Record<string, unknown>[]): XmlElement[] {
  const found: XmlElement[] = [];
  for (const node of nodes) {
    const name = nameOf(node);
    if (name === textName || name === cdataName) continue;
    const inside = node[name] as Record<string, unknown>[];
    found.push({
      name,
      attributes: new Map(
        Object.entries((node[':@'] ?? {}) as Record<string, string>).map(([key, value]) => [key, unescapeXml(value)]),
      ),
      text: inside.map(textOf).join(''),
      children: childrenOf(inside),
    });
  }
  return found;
}

function nameOf(node: Record<string, unknown>): string {
  return Object.keys(node).find((key) => key !== ':@') ?? '';
}

function textOf(node: Record<string, unknown>): string {
  const plain = node[textName];
  if (typeof plain === 'string') return unescapeXml(plain);
  const section = node[cdataName] as Record<string, unknown>[] | undefined;
  return section === undefined ? '' : section.map((part) => String(part[textName] ?? '')).join('');
}

const standard: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Standard entities and character references; every other one stays as it is written. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g, (whole, name, decimal, hex) => {
    if (name !== undefined) return standard[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return isXmlCharacter(code) ? String.fromCodePoint(code) : whole;
  });
}

/** XML 1.0, production 2. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** What XML 1.0 cannot hold, however it is written. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must go.
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text for an element or a quoted attribute. Characters that XML has no place for are left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(unprintable, '')
    .replace(/[&<>"']/g, (character) => `&${Object.keys(standard).find((name) => standard[name] === character)};`);
}

/** Text as a CDATA section, whatever it holds. Characters that XML has no place for are left out. */
export function cdata(text: string): string {
  return `<![CDATA[${text.toWellFormed().replace(unprintable, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** All children of that name, one or many. */
export function childrenNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first child of that name. */
export function childNamed(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The text of the first child of that name; undefined when there is none or it is blank. */
export function textNamed(element: XmlElement | undefined, name: string): string | undefined {
  const text = childNamed(element, name)?.text;
  return text === undefined || text.trim() === '' ? undefined : text;
}
