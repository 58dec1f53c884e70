import type { Person } from '../contract/index.ts';
import { asNumber, asRecord, asString, recordOf, type UnknownRecord } from '../kit/inbound.ts';
import type { TwitterSettings } from './config.ts';

/** What every item of a delivery is read with. */
export interface Scope {
  /** The account the delivery is for. */
  account: string;
  settings: TwitterSettings;
  /** People of the delivery by id. */
  users: UnknownRecord;
  /** The newer events' own id; it may be negative. */
  uuid?: string | undefined;
}

/** A person as the delivery describes them: the newer form holds them in `data`, the older one as they are. */
export function personOf(id: string, users: UnknownRecord): Person {
  const entry = recordOf(users[id]);
  const user = asRecord(entry.data) ?? entry;
  const handle = asString(user.username) ?? asString(user.screen_name);
  const person: Person = { id };
  const name = asString(user.name) ?? (handle === undefined ? undefined : `@${handle}`);
  if (name !== undefined) person.name = name;
  const picture = asString(user.profile_image_url_https) ?? asString(user.profile_image_url);
  if (picture?.startsWith('https://') === true) person.pictureUrl = picture;
  return person;
}

/** A time of X in ms since the epoch: ms as text or number, ISO 8601, or the older `Tue Jan 30 18:00:00 +0000 2018`. */
export function timeOf(value: unknown): number | undefined {
  const ms = asNumber(value);
  if (ms !== undefined) return ms > 0 ? Math.floor(ms) : undefined;
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}
