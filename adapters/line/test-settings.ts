import { SendFailure, type TestResult } from '../contract/index.ts';
import { type ApiAnswer, type ApiCall, asNumber, asString, recordOf } from '../kit/index.ts';

/** One call to LINE's API with the channel's token: rejects with SendFailure. */
export type LineCall = (path: string, options?: Omit<ApiCall, 'url'>) => Promise<ApiAnswer>;

/** *Test connection*: the token, the webhook as LINE has it, and what is left of the month's messages. */
export async function testSettings(call: LineCall): Promise<TestResult[]> {
  const token = await testToken(call);
  if (!token.ok) return [token];
  return [token, await testWebhook(call), ...(await testQuota(call))];
}

async function testToken(call: LineCall): Promise<TestResult> {
  const what = 'Access token';
  try {
    const { body } = await call('/v2/bot/info');
    const { displayName, basicId } = recordOf(body);
    return {
      ok: true,
      what,
      detail: `It is that of ${asString(displayName) ?? 'an account'} (${asString(basicId) ?? '–'}).`,
    };
  } catch (error) {
    const help = 'Issue a new channel access token, or check channel ID and secret, in the LINE Developers console.';
    return { ok: false, what, detail: `${wordsOf(error)} ${help}` };
  }
}

/** LINE sends a signed test event to the webhook and tells what came of it. */
async function testWebhook(call: LineCall): Promise<TestResult> {
  const what = 'Webhook';
  const where = 'LINE Developers console, "Messaging API" tab, "Webhook settings"';
  try {
    const { body } = await call('/v2/bot/channel/webhook/endpoint');
    const { endpoint, active } = recordOf(body);
    if (active !== true) {
      return { ok: false, what, detail: `It is switched off at LINE. Switch on "Use webhook": ${where}.` };
    }
    const tried = await call('/v2/bot/channel/webhook/test', { method: 'POST', json: {} });
    const { success, reason, detail, statusCode } = recordOf(tried.body);
    if (success === true) return { ok: true, what, detail: `LINE reaches ${asString(endpoint) ?? 'it'}.` };
    const answered = [asString(reason), asString(detail), asNumber(statusCode)].filter(Boolean).join(', ');
    const help = 'Check that the address is the one shown here, public, https, and that the channel secret is right.';
    return { ok: false, what, detail: `LINE cannot deliver to ${asString(endpoint) ?? 'it'} (${answered}). ${help}` };
  } catch (error) {
    if (error instanceof SendFailure && error.code === '404') {
      return { ok: false, what, detail: `LINE has no address for it. Enter the one shown here: ${where}.` };
    }
    return { ok: false, what, detail: wordsOf(error) };
  }
}

async function testQuota(call: LineCall): Promise<TestResult[]> {
  const what = 'Messages this month';
  try {
    const [quota, used] = [await call('/v2/bot/message/quota'), await call('/v2/bot/message/quota/consumption')];
    const most = asNumber(recordOf(quota.body).value);
    const sent = asNumber(recordOf(used.body).totalUsage) ?? 0;
    if (most === undefined) return [{ ok: true, what, detail: `${sent} sent; the plan has no limit.` }];
    const detail = `${sent} of ${most} sent.`;
    if (sent < most) return [{ ok: true, what, detail }];
    return [
      {
        ok: false,
        what,
        detail: `${detail} Raise the plan in LINE Official Account Manager; answers within a minute of a message still go.`,
      },
    ];
  } catch {
    // Worth knowing, and no reason to call the settings wrong.
    return [];
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof SendFailure) return error.message;
  throw error;
}
