import { createHash } from 'node:crypto';

/**
 * China Mobile's authorisation for one request: `Basic base64(appId:sha256hex(sha256hex(password)+Date))`, over the very
 * Date string that goes along. Source: third-party clients; their vector is in the test.
 */
export function authorisation(appId: string, password: string, date: string): string {
  const token = sha256(sha256(password) + date);
  return `Basic ${Buffer.from(`${appId}:${token}`).toString('base64')}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A Date header. `now`: ms since the epoch. */
export function httpDate(now: number): string {
  return new Date(now).toUTCString();
}
