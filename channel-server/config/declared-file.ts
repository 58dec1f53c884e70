import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { roles } from '../access/account.ts';
import { FoyerError } from '../errors.ts';
import { queueTypes } from '../routing/queue.ts';

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'use 1–64 letters, digits, "-" and "_"');
const name = z.string().trim().min(1).max(120);
const tenant = id.default('default');
const seconds = (max: number) => z.number().min(0).max(max).optional();
const skills = z.record(z.string().min(1).max(60), z.number().int().min(1).max(5)).default({});

const declaredTenant = z.strictObject({
  id,
  name,
  /** Chats at once for agents whose capacity is 0. */
  capacity: z.number().int().min(1).max(1000).default(5),
  passwordPolicy: z.enum(['length', 'composition']).default('length'),
  deskOrigins: z.array(z.string()).default([]),
});

const declaredAccount = z.strictObject({
  tenant,
  login: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(256),
  role: z.enum(roles),
  name,
  skills,
  /** Chats at once; 0 means the tenant's default. */
  capacity: z.number().int().min(0).max(1000).default(0),
  queues: z.array(id).default([]),
  mustChange: z.boolean().default(false),
});

const declaredQueue = z.strictObject({
  tenant,
  id,
  name,
  type: z.enum(queueTypes).default('multimedia'),
  ringSeconds: seconds(3600),
  graceSeconds: seconds(86_400),
  picking: z.boolean().optional(),
  skills,
  lastAgentWaitSeconds: seconds(86_400),
  wrapUpSeconds: seconds(3600),
});

const declaredChannel = z.strictObject({
  tenant,
  id,
  type: z.string().min(1),
  name,
  queue: id,
  enabled: z.boolean().default(true),
  settings: z.record(z.string(), z.unknown()).default({}),
});

const declaredFile = z.strictObject({
  tenants: z
    .array(declaredTenant)
    .min(1)
    .prefault([{ id: 'default', name: 'Foyer' }]),
  accounts: z.array(declaredAccount).default([]),
  queues: z.array(declaredQueue).default([]),
  channels: z.array(declaredChannel).default([]),
});

/** What the configuration file declares, with defaults filled in. */
export type Declared = z.infer<typeof declaredFile>;
export type DeclaredInput = z.input<typeof declaredFile>;

/**
 * Read and check a declared file (YAML or JSON). Values may be `${NAME}`, taken from `env`.
 * @throws FoyerError CONFIG_INVALID naming the file, the place in it and what to do.
 */
export async function readDeclaredFile(file: string, env: NodeJS.ProcessEnv): Promise<Declared> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FoyerError('CONFIG_INVALID', `FOYER_CONFIG names ${file}, which cannot be read. Check path and rights.`, {
      cause,
    });
  }
  let data: unknown;
  try {
    data = parse(text, { prettyErrors: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : 'syntax error';
    throw new FoyerError('CONFIG_INVALID', `${file} is neither YAML nor JSON: ${reason}`, { cause });
  }
  return checkDeclared(fillFromEnvironment(data, env, file, []), file);
}

/**
 * Check declared data: shapes first, then references between its parts.
 * @throws FoyerError CONFIG_INVALID naming the place in `source`.
 */
export function checkDeclared(data: unknown, source: string): Declared {
  const parsed = declaredFile.safeParse(data ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const extra = issue?.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : '';
    throw invalid(source, issue?.path ?? [], `${issue?.message}${extra}`);
  }
  checkReferences(parsed.data, source);
  return parsed.data;
}

function checkReferences(declared: Declared, source: string): void {
  const unique = (list: readonly string[], path: string, field: string) => {
    const seen = new Set<string>();
    list.forEach((value, index) => {
      if (seen.has(value)) throw invalid(source, [path, index, field], `"${value}" is declared twice`);
      seen.add(value);
    });
    return seen;
  };
  const tenants = unique(
    declared.tenants.map((t) => t.id),
    'tenants',
    'id',
  );
  unique(
    declared.accounts.map((a) => a.login.toLowerCase()),
    'accounts',
    'login',
  );
  unique(
    declared.channels.map((c) => c.id),
    'channels',
    'id',
  );
  const queues = unique(
    declared.queues.map((q) => `${q.tenant}/${q.id}`),
    'queues',
    'id',
  );
  for (const path of ['accounts', 'queues', 'channels'] as const) {
    declared[path].forEach((entry, index) => {
      if (!tenants.has(entry.tenant)) throw invalid(source, [path, index, 'tenant'], `no tenant "${entry.tenant}"`);
    });
  }
  declared.accounts.forEach((account, index) => {
    account.queues.forEach((queue, position) => {
      if (!queues.has(`${account.tenant}/${queue}`)) {
        throw invalid(source, ['accounts', index, 'queues', position], `there is no queue "${queue}"`);
      }
    });
  });
  declared.channels.forEach((channel, index) => {
    if (!queues.has(`${channel.tenant}/${channel.queue}`)) {
      throw invalid(source, ['channels', index, 'queue'], `there is no queue "${channel.queue}"`);
    }
  });
}

function fillFromEnvironment(value: unknown, env: NodeJS.ProcessEnv, file: string, path: (string | number)[]): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, variable: string) => {
      const found = env[variable];
      if (found === undefined) throw invalid(file, path, `the environment has no ${variable}; set it`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => fillFromEnvironment(item, env, file, [...path, index]));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fillFromEnvironment(item, env, file, [...path, key])]),
    );
  }
  return value;
}

function invalid(source: string, path: readonly PropertyKey[], message: string): FoyerError {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return new FoyerError('CONFIG_INVALID', `${source}: ${place.replace(/^\./, '') || 'the file'}: ${message}.`);
}
