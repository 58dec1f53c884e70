import type { Ground } from '../../phone/platform.ts';
import { digits, hex, token } from '../../phone/world.ts';

/** What China Mobile's MaaP platform knows of one chatbot. */
export interface MaapAccount {
  chatbotURI: string;
  appId: string;
  password: string;
  /** Of the company: stands in the address it registered, for nothing is signed. */
  callbackSecret: string;
  /** `notifyURL`, registered with the chatbot. */
  notifyURL: string;
  people: Map<string, MaapPerson>;
  /** Files of the company, by the last segment of their address. */
  files: Map<string, MaapFile>;
  /** Whether files pass the audit, and how long it takes, ms. */
  audit: { passes: boolean; after: number };
}

/** A phone; without RCS it gets SMS only. */
export interface MaapPerson {
  rcs: boolean;
  /** One conversation with the chatbot, told with every message. */
  conversationID: string;
  ims: string;
}

export interface MaapFile {
  shelved: string;
  audited: 'waiting' | 'passed' | 'refused';
  until: number;
}

/** Where messages go and files lie. The paths below are known from third parties. */
export const host = 'maap01.hdn.rcs.chinamobile.com';
export const serverRoot = `https://${host}/maap`;
export const fileRoot = `https://${host}/fileserver`;
/** How long files are kept, ms. */
export const fileLife = 7 * 24 * 60 * 60_000;

export function createAccount({ world, deliverTo }: Ground, channelId: string): MaapAccount {
  const callbackSecret = token(world, 24);
  return {
    chatbotURI: `sip:125200${digits(world, 8)}@botplatform.rcs.chinamobile.com`,
    appId: digits(world, 8),
    password: hex(world, 12),
    callbackSecret,
    notifyURL: `${deliverTo(channelId)}/${callbackSecret}`,
    people: new Map(),
    files: new Map(),
    audit: { passes: true, after: 400 },
  };
}

/** Settings of the company's channel for this chatbot. */
export function channelSettings(account: MaapAccount, apiBaseUrl: string): Record<string, unknown> {
  const { chatbotURI, appId, password, callbackSecret } = account;
  return {
    provider: 'china-mobile',
    chatbotURI,
    appId,
    password,
    serverRoot,
    fileRoot,
    callbackSecret,
    smsFallback: true,
    apiBaseUrl,
  };
}
