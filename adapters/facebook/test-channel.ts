import { SendFailure, type TestResult } from '../contract/index.ts';
import { asArray, asRecord, asString, type UnknownRecord } from '../kit/inbound.ts';
import type { Graph } from '../kit/meta-graph.ts';
import type { FacebookSettings } from './config.ts';
import { niceFields, subscribedFields } from './platform.ts';

/** Token, app secret, Instagram account and webhook subscription of the Page, without writing to anybody. */
export async function testChannel(graph: Graph, settings: FacebookSettings): Promise<TestResult[]> {
  const { platform } = settings;
  const page = await testToken(graph, settings);
  if (!page.ok) return [page];
  const results = [page, await testSubscription(graph, settings)];
  if (platform === 'instagram') results.push(await testInstagram(graph, settings));
  return results;
}

const read = async (graph: Graph, path: string): Promise<UnknownRecord> => {
  const { body } = await graph.call({ method: 'GET', path });
  return asRecord(body) ?? {};
};

async function testToken(graph: Graph, { graphVersion, pageId }: FacebookSettings): Promise<TestResult> {
  const what = 'Page access token';
  try {
    const { id, name } = await read(graph, `/${graphVersion}/me?fields=id,name`);
    if (asString(id) === pageId) return { ok: true, what, detail: `It is of the Page "${asString(name) ?? pageId}".` };
    return {
      ok: false,
      what,
      detail: `It belongs to ${asString(id) ?? 'somebody else'} ("${asString(name) ?? ''}"), not to the Page ${pageId}. Enter this Page's own token (App Dashboard, Messenger, Generate token), or correct the Page ID.`,
    };
  } catch (error) {
    return { ok: false, what, detail: explained(error) };
  }
}

/** Without the subscription of the Page nothing arrives, whatever the App Dashboard says. */
async function testSubscription(graph: Graph, settings: FacebookSettings): Promise<TestResult> {
  const { graphVersion, pageId, appId, platform } = settings;
  const what = 'Webhook subscription';
  try {
    const { data } = await read(graph, `/${graphVersion}/${pageId}/subscribed_apps?fields=id,name,subscribed_fields`);
    const ours = asArray(data).find((app) => asString(asRecord(app)?.id) === appId);
    const fix = `In the App Dashboard, Messenger, Webhooks, add the Page to this app and subscribe it to: ${[...subscribedFields, ...niceFields].join(', ')}.`;
    if (ours === undefined) {
      return { ok: false, what, detail: `The Page is not subscribed to the app ${appId}: nothing arrives. ${fix}` };
    }
    const fields = asArray(asRecord(ours)?.subscribed_fields).map(
      (field) => asString(field) ?? asString(asRecord(field)?.name),
    );
    // For Instagram any field of the Page is enough: its own are chosen in the App Dashboard.
    const missing = platform === 'instagram' ? [] : subscribedFields.filter((field) => !fields.includes(field));
    if (missing.length > 0)
      return { ok: false, what, detail: `These fields are missing: ${missing.join(', ')}. ${fix}` };
    const absent = platform === 'instagram' ? [] : niceFields.filter((field) => !fields.includes(field));
    return {
      ok: true,
      what,
      detail:
        absent.length === 0
          ? 'The Page is subscribed to this app.'
          : `The Page is subscribed to this app. Not subscribed, and therefore not seen: ${absent.join(', ')}.`,
    };
  } catch (error) {
    return { ok: false, what, detail: explained(error) };
  }
}

async function testInstagram(graph: Graph, settings: FacebookSettings): Promise<TestResult> {
  const { graphVersion, pageId, instagramAccountId } = settings;
  const what = 'Instagram account';
  try {
    const told = await read(graph, `/${graphVersion}/${pageId}?fields=instagram_business_account{id,username}`);
    const account = asRecord(told.instagram_business_account);
    const id = asString(account?.id);
    if (id === undefined) {
      return {
        ok: false,
        what,
        detail:
          'No Instagram professional account is linked to the Page. Link it in the settings of the Page, Linked accounts.',
      };
    }
    if (id !== instagramAccountId) {
      return { ok: false, what, detail: `The account linked to the Page has the id ${id}: enter that one.` };
    }
    return { ok: true, what, detail: `It is "${asString(account?.username) ?? id}".` };
  } catch (error) {
    return { ok: false, what, detail: explained(error) };
  }
}

function explained(error: unknown): string {
  if (!(error instanceof SendFailure)) throw error;
  if (/appsecret_proof/i.test(error.message)) {
    return 'The app secret is not the one of the app the token was made with. Copy it from App settings, Basic.';
  }
  return error.message;
}
