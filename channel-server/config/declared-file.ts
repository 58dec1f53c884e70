import { z } from 'zod';
import { roles } from '../access/account.ts';
import { queueTypes } from '../routing/queue.ts';
import { invalid, readDeclaredText } from './declared-text.ts';

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

export type DeclaredInput = z.input<typeof declaredFile>;

/** What the configuration file declares, with defaults filled in. */
export interface Declared extends z.infer<typeof declaredFile> {
  /** The file, as messages name it. */
  source: string;
}

/**
 * Read and check a declared file (YAML or JSON). Texts may hold `${NAME}`, taken from `env`.
 * @throws FoyerError CONFIG_INVALID naming the file, the place in it and what to do.
 */
export async function readDeclaredFile(file: string, env: NodeJS.ProcessEnv): Promise<Declared> {
  return checkDeclared(await readDeclaredText(file, env), file);
}

/**
 * Check declared data: shapes first, then references between its parts.
 * @throws FoyerError CONFIG_INVALID naming the place in `source`.
 */
export function checkDeclared(data: unknown, source: string): Declared {
  const parsed = declaredFile.safeParse(data ?? {}, { error: phrase });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(source, issue?.path ?? [], issue?.message ?? 'not valid');
  }
  checkReferences(parsed.data, source);
  return { ...parsed.data, source };
}

const kinds: Partial<Record<string, string>> = {
  string: 'must be text; put it in quotes',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be a mapping of names to values',
  record: 'must be a mapping of names to values',
};

/** zod's issues in the words of who writes the file; none holds the value. */
function phrase(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : kinds[issue.expected];
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : `must be one of ${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return `there is no setting "${issue.keys[0]}" here; is it misspelt?`;
    case 'too_small':
      if (issue.origin === 'string') return issue.minimum === 1 ? 'must not be empty' : undefined;
      return issue.origin === 'array' ? `needs at least ${issue.minimum}` : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function checkReferences(declared: z.infer<typeof declaredFile>, source: string): void {
  const unique = (list: readonly string[], path: string, field: string) => {
    const seen = new Set<string>();
    list.forEach((value, index) => {
      if (seen.has(value)) throw invalid(source, [path, index, field], `"${value}" is declared twice; keep one`);
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
      if (!tenants.has(entry.tenant)) {
        throw invalid(
          source,
          [path, index, 'tenant'],
          `there is no tenant "${entry.tenant}"; declare it under tenants`,
        );
      }
    });
  }
  declared.accounts.forEach((account, index) => {
    account.queues.forEach((queue, position) => {
      if (!queues.has(`${account.tenant}/${queue}`)) {
        throw invalid(
          source,
          ['accounts', index, 'queues', position],
          `there is no queue "${queue}" in tenant "${account.tenant}"; declare it under queues`,
        );
      }
    });
  });
  declared.channels.forEach((channel, index) => {
    if (!queues.has(`${channel.tenant}/${channel.queue}`)) {
      throw invalid(
        source,
        ['channels', index, 'queue'],
        `there is no queue "${channel.queue}" in tenant "${channel.tenant}"; declare it under queues`,
      );
    }
  });
}
