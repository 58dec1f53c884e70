import { createHash } from 'node:crypto';
import { ApiRefusal, type ApiRequest } from '../../phone/api.ts';
import type { Ground } from '../../phone/platform.ts';
import { same } from '../../phone/same.ts';
import type { MaapAccount } from './account.ts';
import { unauthorized } from './refusal.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/** What stands behind `Basic` for a request with this `Date`. Source: CSP interface specification, "Authentication" (3p). */
export function credentialsOf(appId: string, password: string, date: string): string {
  return Buffer.from(`${appId}:${sha256(sha256(password) + date)}`, 'utf8').toString('base64');
}

/** How old a `Date` may be, ms: third parties keep their credentials for a day. */
const dateLife = 24 * 60 * 60_000;

/** @throws ApiRefusal unless the request is signed for its own, recent `Date`. */
export function authorize({ world }: Ground, account: MaapAccount, { headers }: ApiRequest): void {
  const date = headers.date ?? '';
  const at = Date.parse(date);
  const isGmt = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date);
  const isRecent = Math.abs(world.now() - at) <= dateLife;
  const [, given = ''] = /^Basic (\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (!isGmt || !isRecent || !same(given, credentialsOf(account.appId, account.password, date))) {
    throw new ApiRefusal(unauthorized);
  }
}
