/** The parts of the custom elements manifest (schema 1.0.0) that Foyer's has. */
export interface Manifest {
  schemaVersion: string;
  modules: Module[];
}

export interface Module {
  path: string;
  declarations?: (Element | { kind: 'function' | 'mixin' | 'variable'; name: string })[];
  exports?: Export[];
}

export interface Export {
  kind: 'js' | 'custom-element-definition';
  name: string;
  declaration: { name: string; module?: string };
}

/** A thing with a name and what its doc comment says. */
export interface Described {
  name: string;
  description?: string;
  default?: string;
  type?: { text: string };
}

export interface Member extends Described {
  kind: 'field' | 'method';
  privacy?: 'public' | 'protected' | 'private';
  static?: boolean;
  /** Of fields: the attribute that sets it. */
  attribute?: string;
  readonly?: boolean;
  parameters?: Described[];
  return?: { type?: { text: string } };
}

/** A class; of those that are elements, what they offer to a page. */
export interface Element {
  kind: 'class';
  name: string;
  description?: string;
  superclass?: { name: string; module?: string };
  customElement?: true;
  tagName?: string;
  members?: Member[];
  attributes?: (Described & { fieldName?: string })[];
  events?: Described[];
  slots?: Described[];
  cssParts?: Described[];
  cssProperties?: Described[];
}
