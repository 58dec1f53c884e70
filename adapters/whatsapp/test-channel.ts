import { SendFailure, type TestResult } from '../contract/index.ts';
import { asArray, asRecord, asString, type UnknownRecord } from '../kit/inbound.ts';
import type { Graph } from '../kit/meta-graph.ts';
import type { WhatsappSettings } from './config.ts';
import { webhookFields } from './platform.ts';

/** Token and number, the account the number belongs to, and its webhook subscription, without writing to anybody. */
export async function testChannel(graph: Graph, settings: WhatsappSettings): Promise<TestResult[]> {
  const number = await tried('Access token and number', () => testNumber(graph, settings));
  if (!number.ok) return [number];
  return [
    number,
    await tried('Business account', () => testAccount(graph, settings)),
    await tried('Webhook subscription', () => testSubscription(graph, settings)),
  ];
}

type Found = Pick<TestResult, 'ok' | 'detail'>;

async function tried(what: string, test: () => Promise<Found>): Promise<TestResult> {
  try {
    return { what, ...(await test()) };
  } catch (error) {
    if (!(error instanceof SendFailure)) throw error;
    return { ok: false, what, detail: explained(error) };
  }
}

async function read(graph: Graph, path: string): Promise<UnknownRecord> {
  const { body } = await graph.call({ method: 'GET', path });
  return asRecord(body) ?? {};
}

async function testNumber(graph: Graph, { graphVersion, phoneNumberId }: WhatsappSettings): Promise<Found> {
  const fields = 'display_phone_number,verified_name,quality_rating,code_verification_status,platform_type';
  const told = await read(graph, `/${graphVersion}/${phoneNumberId}?fields=${fields}`);
  const number = asString(told.display_phone_number);
  if (number === undefined) {
    return {
      ok: false,
      detail: `${phoneNumberId} is no phone number ID. Copy it from WhatsApp, API Setup, below the number.`,
    };
  }
  const platform = asString(told.platform_type);
  if (platform !== undefined && platform !== 'CLOUD_API') {
    return {
      ok: false,
      detail: `The number ${number} is not registered for the Cloud API (${platform}): register it under API Setup.`,
    };
  }
  const quality = asString(told.quality_rating);
  const warning = quality === 'RED' ? ' Its quality is low: many people blocked or reported it.' : '';
  return { ok: true, detail: `It is ${number} ("${asString(told.verified_name) ?? 'without name'}").${warning}` };
}

async function testAccount(graph: Graph, settings: WhatsappSettings): Promise<Found> {
  const { graphVersion, wabaId, phoneNumberId } = settings;
  const { data } = await read(graph, `/${graphVersion}/${wabaId}/phone_numbers?fields=id&limit=200`);
  const own = asArray(data).some((number) => asString(asRecord(number)?.id) === phoneNumberId);
  return own
    ? { ok: true, detail: 'The number belongs to the business account.' }
    : {
        ok: false,
        detail: `The number ${phoneNumberId} does not belong to the business account ${wabaId}. Both ids stand together under WhatsApp, API Setup.`,
      };
}

/** The webhook in the dashboard is the app's; the account must be subscribed to the app besides. */
async function testSubscription(graph: Graph, { graphVersion, wabaId, appId }: WhatsappSettings): Promise<Found> {
  const { data } = await read(graph, `/${graphVersion}/${wabaId}/subscribed_apps`);
  const ours = asArray(data).some((app) => {
    const told = asRecord(app);
    return asString(asRecord(told?.whatsapp_business_api_data)?.id) === appId || asString(told?.id) === appId;
  });
  return ours
    ? {
        ok: true,
        detail: `The account sends its events to this app. The app's webhook needs the fields: ${webhookFields}.`,
      }
    : {
        ok: false,
        detail: `The account is not subscribed to the app ${appId}: nothing arrives. In the App Dashboard, WhatsApp, Configuration, enter the webhook address and verify token and subscribe to: ${webhookFields}; then send POST /${wabaId}/subscribed_apps with the access token.`,
      };
}

function explained(error: SendFailure): string {
  if (/appsecret_proof/i.test(error.message)) {
    return 'The app secret is not the one of the app the token was made with. Copy it from App settings, Basic.';
  }
  if (error.code === '100/33') {
    return `${error.message} The id does not exist, or the system user has no access to it: assign it in Business Settings, System users.`;
  }
  return error.message;
}
