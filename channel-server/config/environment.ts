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
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Reverse proxies whose X-Forwarded-For is believed: addresses or CIDR, separated by commas. */
  trustedProxies: string[];
  /** `FOYER_…` names nobody reads: worth a warning, for they are often misspelt. */
  unknown: string[];
}

const absoluteUrl = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/\/+$/, ''))
  .optional();

const variables = z.object({
  FOYER_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  FOYER_HOST: z.string().min(1).default('127.0.0.1'),
  FOYER_DATA_DIR: z.string().min(1).default('./data'),
  FOYER_CONFIG: z.string().min(1).optional(),
  FOYER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  FOYER_PUBLIC_URL: absoluteUrl,
  FOYER_MEDIA_URL: absoluteUrl,
  FOYER_SECRET_KEY: z.string().min(32, 'needs at least 32 characters').optional(),
  FOYER_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  FOYER_TRUSTED_PROXIES: z.string().default(''),
});

/** Named in DESIGN, served by a later version: refused now rather than silently ignored. */
const later = ['FOYER_REDIS_URL', 'FOYER_S3_URL'];

/**
 * Read the `FOYER_…` variables. Empty values count as absent.
 * @throws FoyerError CONFIG_INVALID naming the variable and what to do; never its value.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('FOYER_') && value !== undefined && value !== '') given[name] = value;
  }
  const unsupported = later.find((name) => name in given);
  if (unsupported !== undefined) {
    throw new FoyerError('CONFIG_INVALID', `${unsupported} is not supported by this version yet. Unset it to start.`);
  }
  const parsed = variables.safeParse(given);
  if (!parsed.success) throw new FoyerError('CONFIG_INVALID', describe(parsed.error));
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
    logLevel: value.FOYER_LOG_LEVEL,
    trustedProxies: value.FOYER_TRUSTED_PROXIES.split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
    unknown: Object.keys(given).filter((name) => !(name in variables.shape)),
  };
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.')} is not valid: ${issue?.message}. Correct or unset it.`;
}
