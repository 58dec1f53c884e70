/**
 * The custom elements manifest of `widget/`: what the analyzer reads from the elements' doc headers, and what it cannot
 * know: names given by `register`, details of events, the custom properties of the theme. What is wrong in a doc header
 * (an event nobody declared, a part no template has, a thing without description) is an error.
 */
import { glob, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { AnalyzePhaseParams, Plugin } from '@custom-elements-manifest/analyzer';
import { create, ts } from '@custom-elements-manifest/analyzer/index.js';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';
import type { Described, Element, Export, Manifest, Member, Module } from './schema.ts';
import { readTokens } from './tokens.ts';

type Node = AnalyzePhaseParams['node'];

/** Elements a company puts on a page: everything they offer has to be described. */
export const publicElements = ['foyer-widget', 'foyer-desk', 'foyer-console'];

interface Facts {
  /** Type of each event's detail. */
  events: Map<string, string>;
  /** Fields that are state, by class. */
  state: Map<string, Set<string>>;
  /** Parts the templates of a class have. */
  parts: Map<string, Set<string>>;
}

const unspaced = (text: string) => text.replace(/\s+/g, ' ');

/** Read everything under `widget/` and describe its elements; the same sources give the same manifest. */
export async function readManifest(root: string): Promise<Manifest> {
  const paths = (await Array.fromAsync(glob('widget/**/*.ts', { cwd: root })))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/\.(test|story|styles|d)\.ts$|\/locales\//.test(path))
    .sort();
  const modules = await Promise.all(
    paths.map(async (path) =>
      ts.createSourceFile(path, await readFile(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true),
    ),
  );
  const facts: Facts = { events: new Map(), state: new Map(), parts: new Map() };
  const manifest = create({ modules, plugins: [...litPlugin(), reader(facts)] });
  const tokens = readTokens(await readFile(join(root, 'widget/theme/tokens.styles.ts'), 'utf8'));
  return finish(manifest, facts, tokens);
}

/** Collects {@link Facts}, and leaves out what is nobody's business before classes inherit it. */
function reader(facts: Facts): Plugin {
  return {
    name: 'foyer',
    analyzePhase({ node, moduleDoc }) {
      if (ts.isInterfaceDeclaration(node) && node.name.text === 'FoyerEvents') readEvents(node, facts);
      if (ts.isClassDeclaration(node) && node.name !== undefined) readClass(node, node.name.text, facts);
      const definition = readDefinition(node, moduleDoc.path ?? '');
      if (definition !== undefined) moduleDoc.exports = [...(moduleDoc.exports ?? []), definition];
    },
    moduleLinkPhase({ moduleDoc }: { moduleDoc: Module }) {
      for (const element of moduleDoc.declarations ?? []) {
        if (element.kind !== 'class') continue;
        const hidden = (member: Member) =>
          facts.state.get(element.name)?.has(member.name) === true ||
          (member.privacy !== undefined && member.privacy !== 'public') ||
          member.name.startsWith('#') ||
          member.static === true;
        const members = element.members ?? [];
        const hiddenNames = new Set(members.filter(hidden).map(({ name }) => name));
        element.members = members.filter((member) => !hidden(member));
        element.attributes = (element.attributes ?? [])
          .filter(({ name, fieldName }) => !hiddenNames.has(fieldName ?? name))
          // Lit reads `maxlength` for a field `maxLength`.
          .map((attribute) => ({ ...attribute, name: attribute.name.toLowerCase() }));
        for (const member of element.members) {
          if (member.attribute !== undefined) member.attribute = member.attribute.toLowerCase();
        }
      }
    },
  };
}

type InterfaceNode = Node & { members: Iterable<Node> };

function readEvents(node: InterfaceNode, facts: Facts): void {
  for (const member of node.members) {
    if (!ts.isPropertySignature(member) || !ts.isStringLiteral(member.name)) continue;
    const type = unspaced(member.type?.getText() ?? 'unknown').replace(/; }/g, ' }');
    facts.events.set(member.name.text, type);
  }
}

function readClass(node: Node, name: string, facts: Facts): void {
  const source = node.getText();
  const state = new Set<string>();
  const parts = new Set<string>();
  const visit = (inner: Node): void => {
    if (ts.isPropertyAssignment(inner) && inner.name.getText() === 'state' && inner.initializer.getText() === 'true') {
      state.add((inner.parent.parent as typeof inner).name.getText());
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  for (const [, names = ''] of source.matchAll(/\s(?:export)?parts?="([^"$]+)"/g)) {
    for (const part of names.split(/[\s,]+/)) parts.add(part);
  }
  facts.state.set(name, state);
  facts.parts.set(name, parts);
}

/** `register('foyer-x', FoyerX)` defines an element; the analyzer knows only `customElements.define`. */
function readDefinition(node: Node, path: string): Export | undefined {
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'register') return;
  const [name, element] = node.arguments;
  if (name === undefined || element === undefined || !ts.isStringLiteral(name)) return;
  const imported = node
    .getSourceFile()
    .statements.find(
      (statement) =>
        ts.isImportDeclaration(statement) && statement.importClause?.getText().includes(element.getText()) === true,
    );
  if (imported === undefined || !ts.isImportDeclaration(imported)) return;
  const specifier = imported.moduleSpecifier.getText().slice(1, -1);
  return {
    kind: 'custom-element-definition',
    name: name.text,
    declaration: { name: element.getText(), module: posix.join(posix.dirname(path), specifier) },
  };
}

function finish(manifest: Manifest, facts: Facts, tokens: Described[]): Manifest {
  const classes = new Map<string, Element>();
  for (const { declarations = [] } of manifest.modules) {
    for (const each of declarations) if (each.kind === 'class') classes.set(each.name, each);
  }
  const isElement = (name: string | undefined): boolean =>
    name !== undefined && (name === 'FoyerElement' || isElement(classes.get(name)?.superclass?.name));
  const faults: string[] = [];

  for (const element of classes.values()) {
    if (!isElement(element.name)) continue;
    element.customElement = true;
    if (element.superclass?.module) element.superclass.module = element.superclass.module.replace(/^\//, '');
    for (const event of element.events ?? []) {
      const detail = facts.events.get(event.name);
      if (detail === undefined) faults.push(`${element.name}: nobody declared the event ${event.name}`);
      event.type = { text: `CustomEvent<${detail}>` };
    }
    if (element.tagName === undefined || !publicElements.includes(element.tagName)) continue;
    const own = new Map((element.cssProperties ?? []).map((property) => [property.name, property]));
    element.cssProperties = tokens.map((token) => ({ ...token, ...own.get(token.name) }));
    faults.push(...faultsOf(element, facts.parts.get(element.name) ?? new Set()));
  }
  const tagNames = new Set([...classes.values()].map(({ tagName }) => tagName));
  for (const name of publicElements) if (!tagNames.has(name)) faults.push(`<${name}> is not defined`);
  if (faults.length > 0) throw new Error(`Doc headers of elements:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);

  manifest.modules = manifest.modules
    .map((module) => {
      const declarations = (module.declarations ?? []).filter((each) => each.kind === 'class' && isElement(each.name));
      const kept = new Set(declarations.map(({ name }) => name));
      const exports = (module.exports ?? []).filter(
        (each) => each.kind === 'custom-element-definition' || kept.has(each.name),
      );
      return { ...module, declarations, exports };
    })
    .filter(({ exports }) => exports.length > 0);
  return manifest;
}

function faultsOf(element: Element, parts: Set<string>): string[] {
  const {
    tagName,
    attributes = [],
    members = [],
    events = [],
    slots = [],
    cssParts = [],
    cssProperties = [],
  } = element;
  const documented = new Set(cssParts.map(({ name }) => name));
  return [
    ...[...attributes, ...members, ...events, ...slots, ...cssParts, ...cssProperties]
      .filter(({ description }) => !description)
      .map(({ name }) => `<${tagName}>: ${name} lacks a description`),
    ...[...documented.symmetricDifference(parts)].map(
      (part) => `<${tagName}>: part ${part} stands in ${parts.has(part) ? 'a template only' : 'the doc header only'}`,
    ),
  ];
}

/** The elements of {@link publicElements}, in that order. */
export function publicElementsOf(manifest: Manifest): Element[] {
  const elements = manifest.modules.flatMap(({ declarations = [] }) => declarations as Element[]);
  return publicElements.map((name) => elements.find(({ tagName }) => tagName === name) as Element);
}
