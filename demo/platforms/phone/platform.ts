import type { Api } from './api.ts';
import { createDeliveries, type Deliveries, type RetryPolicy } from './deliveries.ts';
import { bareType, typeOf } from './file-type.ts';
import { createMisbehaviour, type Misbehaviour } from './misbehaviour.ts';
import type { GivenFile, Person, PhoneAction, PhoneFeatures, ShownFile } from './model.ts';
import { createPhone, type Phone } from './phone.ts';
import { createShelf, type Shelf, type ShelvedFile } from './shelf.ts';
import type { Place } from './world.ts';

/** Whether the platform knows where to deliver. */
export interface Connection {
  /** The company's webhook address. */
  webhook: string;
  state: 'never-tried' | 'connected' | 'refused';
  /** What was found, in plain English. */
  detail: string;
}

/** One simulated platform with its phones. */
export interface Platform {
  /** Its folder under `/simulators/`. */
  key: string;
  /** The name people know it by. */
  title: string;
  /** Which of the page's looks it has. */
  look: 'line' | 'whatsapp' | 'messenger' | 'instagram' | 'wechat' | 'x' | 'rcs';
  /** What the company calls itself there. */
  company: string;
  features: PhoneFeatures;
  ground: Ground;
  api: Api;
  /** Somebody new with this app. */
  newPerson(name?: string): Person;
  /**
   * The owner of a phone does something. Answers the id of the message it made, if any.
   * @throws PhoneRefusal when the app does not do that.
   */
  act(personId: string, action: PhoneAction): string | undefined;
  /** Settings of the company's channel that is connected to it, under the platform's own names for things. */
  settings(apiBaseUrl: string): Record<string, unknown>;
  /** Check the company's webhook address as the platform's console does when it is saved. */
  connect(): Promise<Connection>;
  connection(): Connection;
}

/** What every simulator stands on. */
export interface Ground extends Place {
  key: string;
  phone: Phone;
  shelf: Shelf;
  misbehaviour: Misbehaviour;
  deliveries: Deliveries;
  /** Keep a file somebody picked; what it is is found from its bytes. */
  keep(file: GivenFile): ShelvedFile;
  /** A kept file as the phone page shows it. */
  shown(kind: ShownFile['kind'], file: ShelvedFile, extra?: Partial<ShownFile>): ShownFile;
  /** Whether read receipts go out by themselves, and how long after arrival, ms. */
  reading: { automatic: boolean; after: number };
  /** Whether limits on volume (calls a minute, messages a day) count. Windows always do. */
  limits: { count: boolean };
}

export function createGround(key: string, place: Place, policy: RetryPolicy): Ground {
  const { world } = place;
  const phone = createPhone(world);
  const misbehaviour = createMisbehaviour(world);
  const shelf = createShelf(world);
  return {
    ...place,
    key,
    phone,
    shelf,
    misbehaviour,
    deliveries: createDeliveries(policy, { world, phone, misbehaviour }),
    keep: ({ bytes, contentType, name }) => shelf.put({ bytes, contentType: foundType(bytes, contentType), name }),
    shown: (kind, file, extra) => ({
      kind,
      url: `/simulators/${key}/phone/media/${file.id}`,
      name: file.name,
      contentType: file.contentType,
      size: file.bytes.length,
      ...extra,
    }),
    reading: { automatic: true, after: 700 },
    limits: { count: true },
  };
}

/** Audio and video share containers: what the phone recorded is believed where the bytes allow it. */
function foundType(bytes: Buffer, given: string): string {
  const found = typeOf(bytes);
  const said = bareType(given);
  if (found === undefined) return said === '' ? 'application/octet-stream' : given;
  const sameContainer = found.split('/')[1] === said.split('/')[1];
  return sameContainer ? given : found;
}
