import proxyAddress from '@fastify/proxy-addr';
import { z } from 'zod';
import { FoyerError } from '../errors.ts';

/** What the process is told by its environment. */
export interface Environment {
  /** TCP port; 0 takes a free one. */
  port: number;
  /** Address to bind. Loopback unless told otherwise. */
  host: string;
  dataDir: string;
  /** A JSON or YAML file that declares tenants, accounts, queues and channels. */
  configFile: string | undefined;
  databaseUrl: string | undefined;
  /** The address people and platforms reach this server by, without a trailing slash. */
  publicUrl: string | undefined;
  mediaUrl: string | undefined;
  /** Encrypts stored secrets and signs tokens; made on first start when absent. */
  secretKey: string | undefined;
  logLevel: LogLevel;
  /** Reverse proxies whose X-Forwarded-For is believed: addresses or CIDR, separated by commas. */
  trustedProxies: string[];
  /** `FOYER_…` names nobody reads: worth a warning, for they are often misspelt. */
  unknown: string[];
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const absoluteUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://chat.example' })
  .transform((url) => url.replace(/\/+$/, ''))
  .optional();

const variables = z.object({
  FOYER_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number from 0 to 65535')
    .default(8080),
  FOYER_HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, 'must be an address of this machine such as 127.0.0.1 or 0.0.0.0, without scheme and port')
    .default('127.0.0.1'),
  FOYER_DATA_DIR: z.string().default('./data'),
  FOYER_CONFIG: z.string().optional(),
  // Its form is the database driver's to check: an address without a host names a socket of this machine.
  FOYER_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be of the form postgresql://user:password@host/database')
    .optional(),
  FOYER_PUBLIC_URL: absoluteUrl,
  FOYER_MEDIA_URL: absoluteUrl,
  FOYER_SECRET_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  FOYER_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).optional(),
  FOYER_TRUSTED_PROXIES: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine(areAddresses, 'must be IP addresses or ranges such as 10.0.0.0/8, separated by commas')
    .default([]),
});

/** Named in the documentation of a later version: refused now rather than silently ignored. */
const later = ['FOYER_REDIS_URL', 'FOYER_S3_URL'];

/**
 * Read the `FOYER_…` variables. Empty values count as absent.
 * @param quietly Log only from `warn` on unless told otherwise: a person looks on, who wants to read the first lines.
 * @throws FoyerError CONFIG_INVALID naming the variable and what to do; never its value.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, quietly = false): Environment {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('FOYER_') && value !== undefined && value !== '') given[name] = value;
  }
  const unsupported = later.find((name) => name in given);
  if (unsupported !== undefined) {
    throw new FoyerError('CONFIG_INVALID', `${unsupported} is not supported by this version yet. Unset it to start.`);
  }
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new FoyerError('CONFIG_INVALID', `${issue?.path.join('.')} ${issue?.message}. Correct or unset it.`);
  }
  const value = parsed.data;
  return {
    port: value.FOYER_PORT,
    host: value.FOYER_HOST,
    dataDir: value.FOYER_DATA_DIR,
    configFile: value.FOYER_CONFIG,
    databaseUrl: value.FOYER_DATABASE_URL,
    publicUrl: value.FOYER_PUBLIC_URL,
    mediaUrl: value.FOYER_MEDIA_URL,
    secretKey: value.FOYER_SECRET_KEY,
    logLevel: value.FOYER_LOG_LEVEL ?? (quietly ? 'warn' : 'info'),
    trustedProxies: value.FOYER_TRUSTED_PROXIES,
    unknown: Object.keys(given).filter((name) => !Object.hasOwn(variables.shape, name)),
  };
}

function areAddresses(list: string[]): boolean {
  try {
    proxyAddress.compile(list);
    return true;
  } catch {
    return false;
  }
}
