import { z } from 'zod';
import { apiBaseUrl, lifecycleSettings, secret } from '../kit/settings.ts';

/** Said in the form wherever a network's interface is known only from other people's code. */
const experimental =
  'Experimental: this interface is known only from third parties and was never tried against the network itself.';

const shared = { ...lifecycleSettings, apiBaseUrl } as const;

/** A network's own address: where its API begins, perhaps with a path. */
function root(title: string, description: string) {
  return z
    .string()
    .trim()
    .max(300)
    .refine((value) => isRoot(value), {
      message: 'must be an address such as "https://maap.example/root": no query, no user; http only for this machine',
    })
    .meta({ title, description });
}

function isRoot(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname))
  );
}

const callbackSecret = z
  .string()
  .trim()
  .regex(/^[\w-]{16,200}$/, 'must have 16 to 200 letters, digits, "-" or "_": make it up at random')
  .meta({
    writeOnly: true,
    title: 'Secret in the webhook address',
    description:
      'The network signs nothing, so that its requests are known only by this secret: the address you register there is the webhook address of this channel, "/", and this secret. Let nobody else see it; a proxy in front can also admit only the network\'s addresses or certificate.',
  });

const smsFallback = z.boolean().default(false).meta({
  title: 'Fall back to SMS',
  description:
    'What a phone without RCS cannot get goes as an SMS with the same words, which the network may charge. Such messages are shown as delivered "as SMS".',
});

/** The credentials file of a service account, as Google gives it. */
export interface ServiceAccount {
  client_email: string;
  private_key: string;
  private_key_id?: string;
}

/** The fields that matter of a service account's JSON, or undefined when it is none. */
export function serviceAccountOf(json: string): ServiceAccount | undefined {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return undefined;
  }
  const fields = (typeof read === 'object' && read !== null ? read : {}) as Record<string, unknown>;
  const { client_email, private_key, private_key_id } = fields;
  if (typeof client_email !== 'string' || typeof private_key !== 'string') return undefined;
  if (!private_key.includes('BEGIN PRIVATE KEY')) return undefined;
  return { client_email, private_key, ...(typeof private_key_id === 'string' ? { private_key_id } : {}) };
}

const googleRbm = z.strictObject({
  provider: z.literal('google-rbm').meta({ title: 'Network', description: 'Google RCS for Business (RBM).' }),
  agentId: z
    .string()
    .trim()
    .regex(/^[\w.@-]{1,200}$/, 'must be an agent\'s id, such as "growing-tree-bank@rbm.goog"')
    .meta({ title: 'Agent id', description: "From the agent's page in the Business Communications console." }),
  clientToken: secret(
    'Client token',
    'Given when the webhook is set up in the console. It signs every request to this channel, and is checked before anything is stored.',
  ),
  serviceAccountKey: secret('Service account key', "The whole JSON file of the service account's key.").refine(
    (value) => serviceAccountOf(value) !== undefined,
    { message: 'must be the JSON file of a service account key, with client_email and private_key' },
  ),
  region: z.enum(['us', 'europe', 'asia']).default('us').meta({
    title: 'Region',
    description: 'Where the agent was made: the API of another region does not know it.',
  }),
  files: z.enum(['upload', 'link']).default('upload').meta({
    title: 'Files',
    description:
      'upload: files are handed to Google. link: Google fetches them from this server, which needs a public https address.',
  }),
  ttlSeconds: z.number().int().min(10).max(1_296_000).optional().meta({
    title: 'Give up after (seconds)',
    description:
      'A message that has not reached the phone by then is revoked and shown as failed. Empty: Google keeps trying for 30 days. At most 15 days.',
  }),
  messageTrafficType: z
    .enum(['AUTHENTICATION', 'TRANSACTION', 'PROMOTION', 'SERVICEREQUEST', 'ACKNOWLEDGEMENT'])
    .optional()
    .meta({ title: 'Kind of traffic', description: 'Said with every message where a carrier asks for it.' }),
  checkCapabilities: z.boolean().default(true).meta({
    title: 'Ask what a phone can show',
    description: 'Before cards and files: a phone that cannot show them is told at once instead of after the attempt.',
  }),
  ...shared,
});

const chinaMobile = z.strictObject({
  provider: z.literal('china-mobile').meta({ title: 'Network', description: 'China Mobile 5G messages (MaaP, CSP).' }),
  chatbotURI: z
    .string()
    .trim()
    .regex(/^sip:[\w.+-]{1,100}@[\w.-]{1,200}$/, 'must look like "sip:12520020000120@botplatform.rcs.chinamobile.com"')
    .meta({ title: 'Chatbot URI', description: 'The sip: address of the chatbot.' }),
  appId: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ title: 'App id', description: 'Of the chatbot at the MaaP platform.' }),
  password: secret('Password', 'Of the chatbot at the MaaP platform.'),
  serverRoot: root('Server root', 'Where messages are sent: what stands before "/messaging/…".'),
  fileRoot: root('File root', 'Where files are uploaded: what stands before "/Content".'),
  callbackSecret,
  smsFallback,
  ...shared,
});

const telecomUnicom = z
  .strictObject({
    provider: z.literal('telecom-unicom').meta({
      title: 'Network',
      description: `China Telecom or China Unicom 5G messages. ${experimental}`,
    }),
    chatbotId: z
      .string()
      .trim()
      .regex(/^sip:[\w.+-]{1,100}@[\w.-]{1,200}$/, 'must look like "sip:106500000000@botplatform.rcs.chinaunicom.cn"')
      .meta({ title: 'Chatbot id', description: 'The sip: address of the chatbot.' }),
    appId: z.string().trim().min(1).max(200).meta({ title: 'App id', description: 'Of the chatbot.' }),
    appKey: secret('App key', 'Of the chatbot.'),
    serverRoot: root('Server root', 'What stands before "/bot/v1/…".'),
    callbackToken: secret(
      'Callback token',
      'When set, requests must also carry the signature made with it (headers signature, timestamp, nonce).',
    ).optional(),
    callbackSecret,
    smsFallback,
    ...shared,
  })
  .meta({ description: experimental });

const gsmaMaap = z
  .strictObject({
    provider: z.literal('gsma-maap').meta({
      title: 'Network',
      description: `A MaaP platform with the GSMA chatbot interface (FNW.11). ${experimental}`,
    }),
    botId: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .meta({ title: 'Bot id', description: 'As the platform calls the chatbot in its addresses.' }),
    token: secret('Token', 'Sent as a Bearer token with every request.'),
    serverRoot: root('Server root', 'What stands before "/bot/v1/…".'),
    callbackSecret,
    ...shared,
  })
  .meta({ description: experimental });

/** What an administrator sets for one RCS channel: by the network (`provider`) it is connected to. */
export const settings = z.discriminatedUnion('provider', [googleRbm, chinaMobile, telecomUnicom, gsmaMaap]);

export type RcsSettings = z.infer<typeof settings>;
export type GoogleRbmSettings = Extract<RcsSettings, { provider: 'google-rbm' }>;
export type ChinaMobileSettings = Extract<RcsSettings, { provider: 'china-mobile' }>;
export type TelecomUnicomSettings = Extract<RcsSettings, { provider: 'telecom-unicom' }>;
export type GsmaMaapSettings = Extract<RcsSettings, { provider: 'gsma-maap' }>;
