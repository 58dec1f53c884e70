import { type Field, flat } from './fields.ts';

/**
 * What was changed in a form, by dotted path. Texts and numbers are kept as typed; null is "never" of a number, and of
 * a secret that it is taken away; undefined takes a change back.
 */
export type Draft = Readonly<Record<string, unknown>>;

/** The value that stands at a dotted path of settings. */
export function valueIn(settings: Readonly<Record<string, unknown>>, path: string): unknown {
  let at: unknown = settings;
  for (const step of path.split('.')) at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  return at;
}

/** What a form shows at a path: what was changed, or else what is stored. */
export function shownAt(draft: Draft, stored: Readonly<Record<string, unknown>>, path: string): unknown {
  return Object.hasOwn(draft, path) ? draft[path] : valueIn(stored, path);
}

/**
 * The settings to save. What is blank is left out; a secret that was not touched is left out, so that it stays; one
 * that has no field any more, because another variant was chosen, is taken away.
 *
 * @param secrets dotted paths of the stored secrets.
 */
export function settingsOf(
  fields: readonly Field[],
  draft: Draft,
  stored: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const field of flat(fields)) {
    if (field.kind === 'group') {
      // Its secrets stay only where it is.
      if (valueIn(stored, field.path) !== undefined && secrets.some((path) => path.startsWith(`${field.path}.`))) {
        put(settings, field.path, {});
      }
      continue;
    }
    const value = toSave(field, shownAt(draft, stored, field.path));
    if (field.kind === 'secret' && value === null && !secrets.includes(field.path)) continue;
    if (value !== undefined) put(settings, field.path, value);
  }
  const kept = new Set(flat(fields).map(({ path }) => path));
  for (const path of secrets) if (!kept.has(path)) put(settings, path, null);
  return settings;
}

/** Whether anything would be saved that is not stored. */
export function isChanged(draft: Draft, stored: Readonly<Record<string, unknown>>): boolean {
  // A number is typed as text, and a blank field is none.
  const same = (value: unknown) => (typeof value === 'number' ? String(value) : value === undefined ? '' : value);
  return Object.entries(draft).some(
    ([path, value]) => JSON.stringify(same(value)) !== JSON.stringify(same(valueIn(stored, path))),
  );
}

/** The field a refusal names: `settings.allowedOrigins.2` is about `allowedOrigins`. Undefined when none shown is meant. */
export function fieldNamed(fields: readonly Field[], place: string): Field | undefined {
  const path = place.replace(/^settings\./, '');
  return flat(fields)
    .filter((field) => path === field.path || path.startsWith(`${field.path}.`))
    .at(-1);
}

/** An id for a channel of this name: letters, digits and `-`, unlike all others. */
export function suggestId(name: string, type: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const base = plain.replace(/-+$/, '') || type;
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}-${count}`;
  return id;
}

/** Whether the server takes it as an id. */
export const isId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id);

function toSave(field: Field, shown: unknown): unknown {
  switch (field.kind) {
    case 'number': {
      if (shown === null && field.nullable) return null;
      const typed = String(shown ?? '').trim();
      // What is no number is sent as it is: the server says so at its field.
      return typed === '' ? undefined : Number.isFinite(Number(typed)) ? Number(typed) : typed;
    }
    case 'switch':
      return shown === undefined ? undefined : shown === true;
    case 'list': {
      const lines = Array.isArray(shown) ? shown.map((line) => String(line).trim()).filter((line) => line !== '') : [];
      return shown === undefined ? undefined : lines;
    }
    case 'secret':
      return shown === null ? null : typeof shown === 'string' && shown !== '' ? shown : undefined;
    case 'json':
      return typeof shown === 'string' ? parsed(shown) : shown;
    default: {
      if (shown === null || shown === undefined) return undefined;
      if (typeof shown !== 'string') return shown;
      if (shown.trim() === '') return undefined;
      return field.orObject && shown.trim().startsWith('{') ? parsed(shown) : shown;
    }
  }
}

function parsed(json: string): unknown {
  if (json.trim() === '') return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function put(settings: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split('.');
  const name = steps.pop() ?? '';
  let holder = settings;
  for (const step of steps) {
    const next = holder[step];
    const inner: Record<string, unknown> = isRecord(next) ? next : {};
    holder[step] = inner;
    holder = inner;
  }
  holder[name] = value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
