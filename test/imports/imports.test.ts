import { beforeAll, describe, expect, it } from 'vitest';
import { allowed, packageRules, typesOnly } from './rules.ts';
import { type ImportEdge, importsOf, sourceFiles } from './source-files.ts';

let edges: ImportEdge[];

beforeAll(async () => {
  edges = (await Promise.all(sourceFiles().map(importsOf))).flat();
});

const isTest = (file: string) => /\.test\.ts$/.test(file);
const within = (file: string, place: string) => file === place || file.startsWith(`${place}/`);
const placeOf = (file: string) =>
  Object.keys(allowed)
    .filter((place) => within(file, place))
    .sort((a, b) => b.length - a.length)[0];

/** What the rules say against an edge, or undefined. */
function violation(edge: ImportEdge): string | undefined {
  if (edge.isPackage) {
    const rule = packageRules.find(({ place }) => within(edge.from, place));
    if (rule === undefined || edge.to.startsWith('node:') || rule.packages.includes(edge.to)) return undefined;
    return `${edge.from} imports the package ${edge.to}`;
  }
  const from = placeOf(edge.from);
  const to = placeOf(edge.to);
  if (from === undefined) return `${edge.from} lies in no place the rules know`;
  if (to === undefined) return `${edge.from} imports ${edge.to}, which lies in no place the rules know`;
  if (from === to || allowed[from]?.some((place) => within(edge.to, place))) return undefined;
  return `${edge.from} imports ${edge.to}, but ${from} may not import ${to}`;
}

/** Cycles among value imports: every file on one, with its way back to itself. */
function cycles(all: readonly ImportEdge[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, isPackage } of all) {
    if (!isPackage) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const found: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (file: string, path: string[]) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

describe('imports', () => {
  it('are read from every folder of the project', () => {
    const readable = new Set(edges.map(({ from }) => from.split('/')[0]));
    expect([...readable]).toEqual(expect.arrayContaining(['adapters', 'channel-server', 'test']));
    expect(edges.length).toBeGreaterThan(100);
  });

  it('follow the rules of the house', () => {
    const found = edges
      .filter(({ from }) => !isTest(from))
      .map(violation)
      .filter((text) => text !== undefined);
    expect(found).toEqual([]);
  });

  it('make no cycle', () => {
    expect(cycles(edges.filter(({ from }) => !isTest(from)))).toEqual([]);
  });

  it('take only types where only types are allowed', () => {
    const found = edges.filter(
      (edge) =>
        !isTest(edge.from) &&
        !edge.typeOnly &&
        typesOnly.some(
          ({ from, to }) => within(edge.from, from) && (edge.isPackage ? edge.to === to : within(edge.to, to)),
        ),
    );
    expect(found).toEqual([]);
  });

  it('are refused when an adapter imports the server, a domain folder imports storage, or a package slips in', () => {
    const wrong = (from: string, to: string, isPackage = false) => violation({ from, to, isPackage, typeOnly: false });
    expect(wrong('adapters/web/socket.ts', 'channel-server/session/session.ts')).toContain('may not import');
    expect(wrong('channel-server/session/receive.ts', 'channel-server/storage/open-storage.ts')).toContain('may not');
    expect(wrong('channel-server/session/receive.ts', 'channel-server/routing/match.ts')).toContain('may not');
    expect(wrong('widget/client/outbox.ts', 'widget/components/bubble/bubble.ts')).toContain('may not');
    expect(wrong('channel-server/routing/match.ts', 'lodash', true)).toContain('imports the package');
    expect(wrong('channel-server/http/server.ts', 'channel-server/session/ports.ts')).toBeUndefined();
  });

  it('are found to make a cycle when they do', () => {
    const edge = (from: string, to: string): ImportEdge => ({ from, to, isPackage: false, typeOnly: true });
    expect(cycles([edge('a.ts', 'b.ts'), edge('b.ts', 'c.ts'), edge('c.ts', 'a.ts')])).toEqual([
      'a.ts → b.ts → c.ts → a.ts',
    ]);
    expect(cycles([edge('a.ts', 'b.ts'), edge('a.ts', 'c.ts'), edge('b.ts', 'c.ts')])).toEqual([]);
  });
});
