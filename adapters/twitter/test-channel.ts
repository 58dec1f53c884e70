import type { AdapterHost, TestResult } from '../contract/index.ts';
import { SendFailure } from '../contract/index.ts';
import { callApi } from '../kit/api.ts';
import { asArray, asString, recordOf, type UnknownRecord } from '../kit/inbound.ts';
import type { TwitterSettings } from './config.ts';
import type { Credentials } from './credentials.ts';
import { failureOf } from './failures.ts';
import { apiOrigin, neededEvents, usefulEvents } from './platform.ts';

/** Try the credentials, the webhook and the subscriptions, and say what to do about each. Sends nothing to anybody. */
export async function testChannel(host: AdapterHost<TwitterSettings>, credentials: Credentials): Promise<TestResult[]> {
  const results = [await attempt('Access token', () => testAccount(host, credentials))];
  let webhook: UnknownRecord | undefined;
  results.push(
    await attempt('Webhook', async () => {
      const { found, result } = await testWebhook(host, credentials);
      webhook = found;
      return result;
    }),
  );
  const id = asString(webhook?.id);
  if (id !== undefined) results.push(await attempt('Subscriptions', () => testSubscriptions(host, credentials, id)));
  return results;
}

async function attempt(what: string, run: () => Promise<Omit<TestResult, 'what'>>): Promise<TestResult> {
  try {
    return { what, ...(await run()) };
  } catch (error) {
    if (!(error instanceof SendFailure)) throw error;
    return { what, ok: false, detail: error.message };
  }
}

async function testAccount(host: AdapterHost<TwitterSettings>, credentials: Credentials) {
  const url = `${apiOrigin}/2/users/me`;
  const answer = await credentials.asAccount({ method: 'GET', url }, (authorization) =>
    callApi(host.fetch, { url, headers: { authorization } }, (got) => failureOf(got, host.clock.now())),
  );
  const { id, username } = recordOf(recordOf(answer.body).data);
  const { accountId } = host.channel.settings;
  const who = `@${asString(username) ?? '?'} (${asString(id) ?? '?'})`;
  if (asString(id) === accountId) return { ok: true, detail: `X knows the token as ${who}.` };
  return {
    ok: false,
    detail: `The token is of ${who}, but the account id set here is ${accountId}: set the id, or a token of that account.`,
  };
}

async function testWebhook(host: AdapterHost<TwitterSettings>, credentials: Credentials) {
  const hooks = asArray(recordOf(await read(host, credentials, '/2/webhooks')).data).map(recordOf);
  const path = `/webhooks/${host.channel.id}`;
  const found = hooks.find((hook) => pathOf(asString(hook.url)) === path);
  const register =
    'register the webhook address shown on this page with POST /2/webhooks (https, no port, at most 200 characters)';
  if (found === undefined) {
    const detail = `No webhook of the app ends in ${path}: ${register}.`;
    return { found, result: { ok: false, detail } };
  }
  const id = asString(found.id) ?? '?';
  if (found.valid === false) {
    const detail = `X has stopped webhook ${id} after a failed check: see that it can be reached, then PUT /2/webhooks/${id}.`;
    return { found, result: { ok: false, detail } };
  }
  return { found, result: { ok: true, detail: `Webhook ${id} is registered and valid.` } };
}

/** Newer subscriptions name their events one by one; an older one covers all of an account. */
async function testSubscriptions(host: AdapterHost<TwitterSettings>, credentials: Credentials, webhook: string) {
  const { accountId } = host.channel.settings;
  const listed = asArray(recordOf(await read(host, credentials, '/2/activity/subscriptions')).data).map(recordOf);
  const events = new Set(
    listed
      .filter((entry) => asString(recordOf(entry.filter).user_id) === accountId)
      .filter((entry) => (asString(entry.webhook_id) ?? webhook) === webhook)
      .map((entry) => asString(entry.event_type)),
  );
  const lacking = [...neededEvents, ...usefulEvents].filter((event) => !events.has(event));
  const create = `POST /2/activity/subscriptions with event_type, filter.user_id ${accountId} and webhook_id ${webhook}, authorised by that account (scope dm.read)`;
  if (neededEvents.every((event) => events.has(event))) {
    const detail =
      lacking.length === 0 ? 'All events are subscribed.' : `Subscribed. Not subscribed: ${lacking.join(', ')}.`;
    return { ok: true, detail };
  }
  const older = recordOf(
    recordOf(
      await read(
        host,
        credentials,
        `/2/account_activity/webhooks/${encodeURIComponent(webhook)}/subscriptions/all/list`,
      ),
    ).data,
  );
  const isCovered = asArray(older.subscriptions).some((entry) => asString(recordOf(entry).user_id) === accountId);
  if (isCovered) {
    const detail = `Subscribed by the older Account Activity API, which X is ending: ${create}.`;
    return { ok: true, detail };
  }
  return {
    ok: false,
    detail: `The account is not subscribed, so X sends nothing: ${create}. Missing: ${lacking.join(', ')}.`,
  };
}

/** X documents these for the app's own token, and takes the account's for some (m): the first refusal is told. */
async function read(host: AdapterHost<TwitterSettings>, credentials: Credentials, path: string): Promise<unknown> {
  const url = `${apiOrigin}${path}`;
  const call = async (authorization: string) => {
    const answer = await callApi(host.fetch, { url, headers: { authorization } }, (got) =>
      // An app without any is told so with 404 by some of these.
      got.status === 404 ? undefined : failureOf(got, host.clock.now()),
    );
    return answer.body;
  };
  try {
    return await credentials.asApp(call);
  } catch (error) {
    if (!(error instanceof SendFailure) || error.kind !== 'channel-broken') throw error;
    return await credentials.asAccount({ method: 'GET', url }, call).catch(() => {
      throw error;
    });
  }
}

function pathOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname : undefined;
}
