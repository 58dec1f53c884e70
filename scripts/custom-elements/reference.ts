import { publicElementsOf } from './manifest.ts';
import type { Element, Manifest, Member } from './schema.ts';

const code = (text: string) => `\`${text}\``;
const cell = (text: string) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');

function table(heads: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function section(title: string, heads: string[], rows: string[][]): string {
  return rows.length === 0 ? `### ${title}\n\nNone.` : `### ${title}\n\n${table(heads, rows)}`;
}

/** A page for people who embed Foyer: the same facts as the manifest, in tables. */
export function reference(manifest: Manifest): string {
  const elements = publicElementsOf(manifest);
  const parts = [
    '# Elements',
    'Foyer’s three elements for a page. This reference and [`custom-elements.json`](../custom-elements.json), which editors ' +
      'read, are made from the doc headers in `widget/` by `node scripts/custom-elements.ts`; `npm run check` tells when ' +
      'they are behind. How the widget gets onto a page: [embedding.md](embedding.md).',
    ...elements.map(describe),
    '## CSS custom properties',
    'All three elements have these; a page sets them on the element. Defaults are those of the light appearance.',
    table(['property', 'default', 'meaning'], properties(elements)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function describe(element: Element): string {
  const { tagName, description = '', attributes = [], members = [], events = [], slots = [], cssParts = [] } = element;
  const fields = members.filter((member) => member.kind === 'field' && member.attribute === undefined);
  return [
    `## \`<${tagName}>\``,
    description.replace(/\s*\n\s*/g, ' '),
    section(
      'Attributes',
      ['attribute', 'type', 'default', 'meaning'],
      attributes.map((each) => [
        code(each.name),
        code(each.type?.text ?? 'string'),
        each.default === undefined ? '' : code(each.default),
        each.description ?? '',
      ]),
    ),
    section(
      'Methods and properties',
      ['name', 'meaning'],
      [...members.filter(({ kind }) => kind === 'method'), ...fields].map((each) => [
        code(signature(each)),
        each.description ?? '',
      ]),
    ),
    section(
      'Events',
      ['event', 'type', 'when'],
      events.map((each) => [code(each.name), code(each.type?.text ?? 'Event'), each.description ?? '']),
    ),
    section(
      'Slots',
      ['slot', 'meaning'],
      slots.map((each) => [code(each.name), each.description ?? '']),
    ),
    section(
      'CSS parts',
      ['part', 'meaning'],
      cssParts.map((each) => [code(each.name), each.description ?? '']),
    ),
  ].join('\n\n');
}

function signature(member: Member): string {
  if (member.kind === 'field') return `${member.name}: ${member.type?.text ?? 'unknown'}`;
  const parameters = (member.parameters ?? []).map(({ name, type }) => `${name}: ${type?.text ?? 'unknown'}`);
  return `${member.name}(${parameters.join(', ')}): ${member.return?.type?.text ?? 'void'}`;
}

/** One row each, and who has another default. */
function properties(elements: Element[]): string[][] {
  const [first] = elements;
  return (first?.cssProperties ?? []).map(({ name, default: value = '', description = '' }) => {
    const others = elements.flatMap(({ tagName, cssProperties = [] }) => {
      const own = cssProperties.find((each) => each.name === name)?.default;
      return own === undefined || own === value ? [] : [`${code(own)} in ${code(`<${tagName}>`)}`];
    });
    return [code(name), [code(value), ...others].join('; '), description];
  });
}
