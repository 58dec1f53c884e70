import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Ground } from '../../phone/platform.ts';
import { digits, hex, token, uuid } from '../../phone/world.ts';

/** What Google knows of one agent and of its developer. */
export interface RbmAccount {
  agentId: string;
  /** Of the webhook: signs deliveries. */
  clientToken: string;
  region: 'us';
  /** The key file the developer downloaded. */
  serviceAccountKey: ServiceAccountKey;
  publicKey: KeyObject;
  /** Access tokens and when they end. */
  tokens: Map<string, number>;
  projectNumber: string;
  webhook: string;
  people: Map<string, RbmPerson>;
  /** Uploaded files: resource name to file on the shelf, and when it is forgotten. */
  files: Map<string, { shelved: string; until: number }>;
  /** Ids of messages and events taken: a repeat is ignored. */
  taken: Map<string, string>;
  /** Messages that have not reached their phone. */
  waiting: Map<string, { personId: string; arrive(): void; cancel(): void }>;
}

/** A phone that may have RCS, and may be switched off. */
export interface RbmPerson {
  rcs: boolean;
  online: boolean;
}

export interface ServiceAccountKey {
  type: 'service_account';
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  client_id: string;
  token_uri: string;
}

/** How long an uploaded file is kept, ms. Source: Google RBM reference, files.create. */
export const fileLife = 60 * 24 * 60 * 60_000;
/** How long an access token lives, seconds. */
export const tokenLife = 3_600;
const kept = 5_000;

let pair: { privateKey: string; publicKey: KeyObject } | undefined;

/** Making an RSA key takes a while: one serves every account of this process. */
function keyPair(): { privateKey: string; publicKey: KeyObject } {
  if (pair === undefined) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    pair = { privateKey: text, publicKey: createPublicKey(text) };
  }
  return pair;
}

export function createAccount({ world, deliverTo }: Ground, channelId: string): RbmAccount {
  const { privateKey, publicKey } = keyPair();
  const project = `rbm-holm-harrow-${hex(world, 3)}`;
  return {
    agentId: `holm_harrow_${hex(world, 4)}_agent@rbm.goog`,
    clientToken: token(world, 24),
    region: 'us',
    serviceAccountKey: {
      type: 'service_account',
      project_id: project,
      private_key_id: hex(world, 20),
      private_key: privateKey,
      client_email: `rbm-agent@${project}.iam.gserviceaccount.com`,
      client_id: digits(world, 21),
      token_uri: 'https://oauth2.googleapis.com/token',
    },
    publicKey,
    tokens: new Map(),
    projectNumber: digits(world, 12),
    webhook: deliverTo(channelId),
    people: new Map(),
    files: new Map(),
    taken: new Map(),
    waiting: new Map(),
  };
}

/** Settings of the company's channel for this agent. */
export function channelSettings(account: RbmAccount, apiBaseUrl: string): Record<string, unknown> {
  return {
    provider: 'google-rbm',
    agentId: account.agentId,
    clientToken: account.clientToken,
    serviceAccountKey: JSON.stringify(account.serviceAccountKey),
    region: account.region,
    apiBaseUrl,
  };
}

/** Remember something, and forget the oldest when there is too much. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= kept && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}

/** A message id as phones make them. */
export function messageId({ world }: Ground): string {
  return `Mx${uuid(world).replaceAll('-', '').slice(0, 20)}`;
}
