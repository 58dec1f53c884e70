/** One thing an administrator fills in, drawn from the JSON Schema of a channel type's settings. */
export interface Field {
  /** Dotted, from the settings' root: `identity.hs256Secret`. */
  path: string;
  kind: 'text' | 'long-text' | 'secret' | 'number' | 'choice' | 'switch' | 'list' | 'json' | 'group';
  title: string;
  description: string;
  required: boolean;
  /** The schema's default. */
  usual?: unknown;
  /** Of a `choice`. */
  choices: Choice[];
  /** Of a `group`. */
  fields: Field[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  /** Of a `number`: null has a meaning of its own, never. */
  nullable: boolean;
  /** Of a `long-text`: it may also be a JSON object. */
  orObject: boolean;
  format?: string;
}

export interface Choice {
  value: string;
  title: string;
  /** What one should know before choosing it. */
  note: string;
}

/** As much of JSON Schema as settings use. */
export interface Schema {
  type?: string;
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  writeOnly?: boolean;
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

/** From this length on a text is written in several lines. */
const longText = 500;

/**
 * The fields to show while the settings have these values. Where the schema has variants, the field that tells them
 * apart is a choice, and the fields are those of the one chosen. A field whose description begins with `With VALUE:`
 * is there only while another choice has that value.
 *
 * @param valueAt what stands at a path now; undefined when nothing does.
 */
export function fieldsOf(schema: Schema, valueAt: (path: string) => unknown): Field[] {
  const variants = schema.oneOf ?? schema.anyOf ?? [];
  const key = variantKey(variants);
  if (key === undefined) return shown(properties(schema, []), valueAt);
  const choices = variants.map((variant) => variantChoice(variant, key));
  const chosen = valueAt(key) ?? choices[0]?.value;
  const variant = variants.find((each) => each.properties?.[key]?.const === chosen) ?? variants[0];
  return shown(properties(variant ?? {}, []), valueAt).map((field) =>
    field.path === key
      ? // What it is called is in the choices.
        { ...field, kind: 'choice', description: '', required: true, choices, usual: choices[0]?.value }
      : field,
  );
}

/** Every field with its groups' fields, flat. */
export function flat(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...flat(field.fields)]);
}

/** `Unofficial` or `Experimental`, when the schema says so of all of it, or of one of its variants. */
export function markOf(schema: Schema): 'unofficial' | 'experimental' | 'partly-experimental' | undefined {
  if (/^unofficial\b/i.test(schema.description ?? '')) return 'unofficial';
  if (/^experimental\b/i.test(schema.description ?? '')) return 'experimental';
  const some = (schema.oneOf ?? []).some(({ description = '' }) => /^experimental\b/i.test(description));
  return some ? 'partly-experimental' : undefined;
}

function variantKey(variants: readonly Schema[]): string | undefined {
  const [first] = variants;
  return Object.keys(first?.properties ?? {}).find((name) =>
    variants.every(({ properties: each }) => typeof each?.[name]?.const === 'string'),
  );
}

function variantChoice(variant: Schema, key: string): Choice {
  const property = variant.properties?.[key];
  const value = String(property?.const);
  const note = variant.description ?? '';
  const title = (property?.description ?? value).replace(note, '').trim().replace(/\.$/, '');
  return { value, title: title || value, note };
}

function properties(schema: Schema, at: readonly string[]): Field[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) =>
    fieldOf([...at, name], property, schema.required?.includes(name) === true),
  );
}

function fieldOf(path: readonly string[], schema: Schema, needed: boolean): Field {
  const alternatives = schema.anyOf ?? schema.oneOf ?? [];
  const nullable = alternatives.some(({ type }) => type === 'null');
  const real = alternatives.find(({ type }) => type !== 'null') ?? schema;
  const kind = kindOf(schema.writeOnly === true, real);
  const { minimum, maximum, maxLength, format } = real;
  return {
    path: path.join('.'),
    kind,
    title: schema.title ?? real.title ?? path.at(-1) ?? '',
    description: schema.description ?? real.description ?? '',
    required: needed && schema.default === undefined && kind !== 'switch',
    ...(schema.default === undefined ? {} : { usual: schema.default }),
    choices: (real.enum ?? []).map((value) => ({ value: String(value), title: String(value), note: '' })),
    fields: kind === 'group' ? properties(real, path) : [],
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(maxLength === undefined ? {} : { maxLength }),
    nullable,
    orObject: alternatives.some(({ type }) => type === 'object'),
    ...(format === undefined ? {} : { format }),
  };
}

function kindOf(secret: boolean, schema: Schema): Field['kind'] {
  if (secret) return 'secret';
  if (schema.enum !== undefined) return 'choice';
  if (schema.type === 'boolean') return 'switch';
  if (schema.type === 'number' || schema.type === 'integer') return 'number';
  if (schema.type === 'object' && schema.properties !== undefined) return 'group';
  if (schema.type === 'array' && schema.items?.type === 'string') return 'list';
  if (schema.type !== 'string') return schema.const === undefined ? 'json' : 'text';
  return schema.format === undefined && (schema.maxLength ?? 0) >= longText ? 'long-text' : 'text';
}

/** Without the fields that belong to a value which is not chosen. */
function shown(fields: Field[], valueAt: (path: string) => unknown): Field[] {
  const choices = fields.filter(({ kind }) => kind === 'choice');
  return fields.filter(({ path, description }) => {
    const [, wanted] = /^With (\S+?)[:,]/.exec(description) ?? [];
    if (wanted === undefined) return true;
    const named = ({ value }: Choice) => value.toLowerCase() === wanted.toLowerCase();
    const owner = choices.find((choice) => choice.path !== path && choice.choices.some(named));
    if (owner === undefined) return true;
    const chosen = valueAt(owner.path) ?? owner.usual;
    return owner.choices.some((choice) => named(choice) && choice.value === chosen);
  });
}
