import { open } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { FoyerError } from '../errors.ts';

/** Bytes of a declared file: some ten thousand accounts. */
const largest = 2_000_000;
/** Mappings and lists within one another; a declared file needs six. */
const deepest = 30;
/** Values after aliases were followed. */
const mostValues = 500_000;

/** A refusal that names the file, the place in it, and what is wrong there. */
export function invalid(source: string, path: readonly PropertyKey[], message: string): FoyerError {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return new FoyerError('CONFIG_INVALID', `${source}: ${place.replace(/^\./, '') || 'the file'}: ${message}.`);
}

/**
 * The data of a YAML or JSON file, `${NAME}` replaced by the environment's values.
 * @throws FoyerError CONFIG_INVALID naming the file, the place in it and what to do; never a value.
 */
export async function readDeclaredText(file: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const bytes = await readBounded(file);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FoyerError('CONFIG_INVALID', `${file} is not text in UTF-8. Save it so.`, { cause });
  }
  return fillFrom(env, parse(text, file), file);
}

/** Read as a stream, for a pipe or a device has no size to look at first. */
async function readBounded(file: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    await using handle = await open(file, 'r');
    for await (const part of handle.createReadStream()) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size > largest) break;
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new FoyerError(
      'CONFIG_INVALID',
      `FOYER_CONFIG names ${file}, which cannot be read (${code}). Check the path and this user's right to read it.`,
      { cause },
    );
  }
  if (size > largest) {
    throw new FoyerError('CONFIG_INVALID', `${file} is larger than ${largest / 1e6} MB. Is it the right file?`);
  }
  return Buffer.concat(parts);
}

/** YAML, and with it JSON. Messages keep to kind and line: words of the file may be secrets. */
function parse(text: string, file: string): unknown {
  const refused = (what: string, cause?: unknown) =>
    new FoyerError('CONFIG_INVALID', `${file} is not valid YAML or JSON: ${what}.`, { cause });
  const document = parseDocument(text, { prettyErrors: true });
  const wrong = document.errors[0] ?? document.warnings[0];
  if (wrong !== undefined) {
    const line = wrong.linePos?.[0].line;
    const at = line === undefined ? '' : ` (line ${line})`;
    throw refused(`${phrases[wrong.code] ?? 'the syntax is not right'}${at}`, wrong);
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw refused('it is nested too deeply', cause);
    const unresolved = cause.message.startsWith('Unresolved alias');
    throw refused(
      unresolved ? 'an alias names no anchor; put text that begins with "*" in quotes' : 'it has too many aliases',
      cause,
    );
  }
}

const phrases: Record<string, string> = {
  BAD_INDENT: 'the indentation is not right, or a bracket is not closed',
  DUPLICATE_KEY: 'a name stands twice in one mapping',
  MISSING_CHAR: 'a closing quote, bracket or comma is missing',
  MULTIPLE_DOCS: 'it holds several documents; keep one',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  TAG_RESOLVE_FAILED: 'tags ("!name") are not known here; put text that begins with "!" in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping stands where text is expected; put text that holds ": " in quotes',
  BAD_SCALAR_START: 'text begins with a reserved character; put it in quotes',
  UNEXPECTED_TOKEN: 'something stands where it cannot; put text with special characters in quotes',
};

/** Replace `${NAME}` in every text; `$${` stands for `${` itself. */
function fillFrom(env: NodeJS.ProcessEnv, data: unknown, file: string): unknown {
  let values = 0;
  const fill = (value: unknown, path: readonly (string | number)[]): unknown => {
    values += 1;
    if (values > mostValues) throw invalid(file, [], 'it holds too many values');
    if (path.length > deepest) throw invalid(file, path.slice(0, 6), 'it is nested too deeply');
    if (typeof value === 'string') return filled(value, path);
    if (Array.isArray(value)) return value.map((item, index) => fill(item, [...path, index]));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key === '__proto__') throw invalid(file, path, 'nothing can be named "__proto__"');
        return [key, fill(item, [...path, key])];
      }),
    );
  };
  const filled = (text: string, path: readonly (string | number)[]) =>
    text.replace(/\$(\$?)\{([^}]*)(\}?)/g, (whole, escaped: string, name: string, end: string) => {
      if (escaped !== '') return whole.slice(1);
      if (end === '' || !/^[A-Za-z_]\w*$/.test(name)) {
        throw invalid(
          file,
          path,
          `"\${" begins the name of an environment variable, as in \${NAME}; write "$\${" for itself`,
        );
      }
      if (!Object.hasOwn(env, name)) throw invalid(file, path, `the environment has no ${name}; set it`);
      return env[name] ?? '';
    });
  return fill(data, []);
}
