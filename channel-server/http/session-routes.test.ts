import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpHouse, httpHouse } from '../../test/support/http-house.ts';
import type { Session } from '../session/session.ts';
import { activitySchema } from './activity-resource.ts';
import { sessionDetailsSchema, sessionSchema } from './session-resource.ts';

let house: HttpHouse;
let ann: string;
let bo: string;
let sue: string;
let ada: string;
let session: Session;
let visitor = 0;

beforeAll(async () => {
  house = await httpHouse();
  [ann, bo, sue, ada] = (await Promise.all(
    ['ann', 'bo', 'sue', 'ada'].map((name) => house.tokenOf(`one-${name}`)),
  )) as [string, string, string, string];
});
afterAll(() => house.stop());

beforeEach(async () => {
  visitor += 1;
  const waiting = await house.visitorSays('one', `vis_${visitor}`, 'Where is my parcel?');
  session = await house.assign(waiting, 'one-ann');
});

const at = (path = '') => `/api/v1/sessions/${session.id}${path}`;
const write = (token: string, body: Record<string, unknown>, key?: string) =>
  house.request('POST', at('/activities'), {
    token,
    body,
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });
const log = async (token: string, query = '') =>
  (await house.request('GET', at(`/activities${query}`), { token })).json as {
    items: { seq: number; prev: number; text?: string; audience: string }[];
    upto: number;
    receipts: unknown[];
  };

async function upload(token: string, text: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${house.url}/api/v1/media`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(text.length),
      'upload-metadata': `filename ${btoa('note.txt')}`,
      'content-type': 'application/offset+octet-stream',
      ...headers,
    },
    body: text,
  });
}
const idOf = (response: Response) => response.headers.get('location')?.split('/').pop() ?? '';

describe('sessions', () => {
  it('are listed to who may see them, newest first, page by page', async () => {
    const mine = await house.request('GET', '/api/v1/sessions?limit=1', { token: ann });
    expect(mine.json.items.map((one: { id: string }) => one.id)).toEqual([session.id]);
    sessionSchema.strict().parse(mine.json.items[0]);
    expect((await house.request('GET', '/api/v1/sessions', { token: bo })).json).toEqual({ items: [] });
    const seen: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const page: { items: { id: string }[]; next?: string } = (
        await house.request('GET', `/api/v1/sessions?limit=1${next && `&cursor=${next}`}`, { token: sue })
      ).json;
      seen.push(...page.items.map((one) => one.id));
      next = page.next;
    }
    expect(seen).toEqual([...seen].sort().reverse());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain(session.id);
  });

  it('are filtered by channel, state and customer', async () => {
    const all = (query: string) => house.request('GET', `/api/v1/sessions?${query}`, { token: ada });
    const one = (await all('state=active,parked&channel=one-web&limit=1')).json.items[0];
    expect(one).toMatchObject({ id: session.id, state: 'active', channel: { id: 'one-web', name: 'Website' } });
    const ofCustomer = (await all(`customer=${one.customer.id}`)).json.items;
    expect(ofCustomer.map((found: { id: string }) => found.id)).toEqual([session.id]);
    expect((await all('channel=nope')).json.items).toEqual([]);
  });

  it('say what one may do, and are not there for strangers', async () => {
    const own = await house.request('GET', at(), { token: ann });
    sessionDetailsSchema.strict().parse(own.json);
    expect(own.json).toMatchObject({
      agent: { id: 'acc_one_ann', name: 'ann' },
      queue: { id: 'support', name: 'support' },
      may: { write: true, note: true, transfer: true, close: true },
    });
    const supervised = await house.request('GET', at(), { token: sue });
    expect(supervised.json.may).toMatchObject({ write: false, note: true, transfer: true, close: true });
    for (const path of ['', '/activities']) {
      const stranger = await house.request('GET', at(path), { token: bo });
      expect([stranger.status, stranger.json.code]).toEqual([404, 'SESSION_NOT_FOUND']);
    }
  });
});

describe('the log', () => {
  it('is read after a seq, without gaps', async () => {
    await write(ann, { text: 'one' });
    await write(ann, { text: 'two' });
    const all = await log(ann);
    expect(all.items.map((one) => one.seq)).toEqual(all.items.map((_, index) => index + 1));
    expect(all.items.map((one) => one.prev)).toEqual(all.items.map((_, index) => index));
    for (const item of all.items) activitySchema.parse(item);
    expect(all.upto).toBe(all.items.length);
    const rest = await log(ann, `?after=${all.upto - 1}&limit=5`);
    expect(rest.items.map((one) => one.text)).toEqual(['two']);
    expect((await log(ann, `?after=${all.upto}`)).items).toEqual([]);
  });

  it('takes a message once for one key, and refuses the key for another message', async () => {
    const first = await write(ann, { text: 'on its way' }, 'key-1');
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({
      text: 'on its way',
      clientId: 'key-1',
      from: { id: 'acc_one_ann', role: 'agent' },
    });
    const again = await Promise.all([1, 2, 3].map(() => write(ann, { text: 'on its way' }, 'key-1')));
    for (const repeat of again) expect([repeat.status, repeat.json.id]).toEqual([200, first.json.id]);
    for (const other of [{ text: 'lost' }, { text: 'on its way', audience: 'staff' }]) {
      const reused = await write(ann, other, 'key-1');
      expect([reused.status, reused.json.code]).toEqual([422, 'REQUEST_REUSED_KEY']);
    }
    expect((await log(ann)).items.filter((one) => one.text === 'on its way')).toHaveLength(1);
    expect((await write(ann, { text: 'x', clientId: 'key-2' }, 'key-3')).status).toBe(400);
  });

  it('takes one of many parallel messages with one key', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => write(ann, { text: 'parallel' }, `par-${visitor}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
  });

  it('answers a repeat even after the session went to another queue', async () => {
    const first = await write(ann, { text: 'goodbye' }, `bye-${visitor}`);
    await house.request('POST', at('/transfer'), { token: ann, body: { queue: 'sales' } });
    expect((await write(ann, { text: 'goodbye' }, `bye-${visitor}`)).json.id).toBe(first.json.id);
    expect((await write(ann, { text: 'one more' })).status).toBe(403);
  });

  it('is written only by who has it; notes also by supervisors', async () => {
    expect((await write(sue, { text: 'hello' })).json.code).toBe('ACCESS_DENIED');
    expect((await write(bo, { text: 'hello' })).json.code).toBe('SESSION_NOT_FOUND');
    const note = await write(sue, { text: 'be kind', audience: 'staff' });
    expect([note.status, note.json.audience]).toEqual([201, 'staff']);
    expect((await write(ann, {})).status).toBe(400);
    expect((await write(ann, { text: '  ' })).status).toBe(400);
    expect((await write(ann, { text: 'x', replyToId: 'ses_other.1' })).status).toBe(400);
  });
});

describe('files', () => {
  it('go out by address signed for the reader, once each', async () => {
    const id = idOf(await upload(ann, 'a note in a file'));
    expect((await house.request('GET', `/api/v1/media/${id}`, { token: sue })).status).toBe(404);
    const body = { attachments: [{ contentUrl: `media:${id}` }] };
    const sent = await write(ann, body, `file-${visitor}`);
    expect(sent.status).toBe(201);
    const [attachment] = sent.json.attachments;
    expect(attachment).toMatchObject({
      name: 'note.txt',
      contentUrl: expect.stringContaining(`${house.url}/media/${id}?`),
    });
    expect(await (await fetch(attachment.contentUrl)).text()).toBe('a note in a file');
    expect((await write(ann, body, `file-${visitor}`)).json.id).toBe(sent.json.id);
    expect((await write(ann, body, `other-${visitor}`)).status).toBe(404);
    const seen = await house.request('GET', `/api/v1/media/${id}`, { token: sue });
    expect(seen.json).toMatchObject({ id, state: 'ready', size: 16 });
    expect(await (await fetch(seen.json.url)).text()).toBe('a note in a file');
    expect((await house.request('GET', `/api/v1/media/${id}`, { token: bo })).status).toBe(404);
    expect((await fetch(attachment.contentUrl.replace('acc_one_ann', 'acc_one_bo'))).status).toBe(404);
  });

  it('of visitors are held to their channel, and read by their own visitor only', async () => {
    const own = await house.visitorToken('one', `vis_${visitor}`);
    const other = await house.visitorToken('one', 'vis_other');
    const uploaded = await upload(own, 'from a visitor');
    expect(uploaded.status).toBe(201);
    const id = idOf(uploaded);
    expect((await house.request('GET', `/api/v1/media/${id}`, { token: own })).json).toMatchObject({ state: 'ready' });
    expect((await house.request('GET', `/api/v1/media/${id}`, { token: other })).status).toBe(404);
    expect((await house.request('GET', `/api/v1/media/${id}`, { token: ann })).status).toBe(404);
    const large = await upload(own, 'x', { 'upload-length': '26000000' });
    expect(large.status).toBe(413);
    expect((await upload('nonsense', 'x')).status).toBe(401);
  });
});

describe('actions', () => {
  it('transfer to a queue, refuse a session that is not offered, and close for good', async () => {
    const moved = await house.request('POST', at('/transfer'), {
      token: ann,
      body: { queue: 'sales', note: 'a refund' },
    });
    expect(moved.json).toMatchObject({ queue: { id: 'sales' }, state: expect.stringMatching(/queued|offered/) });
    expect((await house.request('POST', at('/accept'), { token: ann })).json.code).toMatch(/ACCESS_DENIED|ROUTING_/);
    const bothOrNone = [{}, { queue: 'sales', agent: 'acc_one_bo' }];
    for (const body of bothOrNone) {
      expect((await house.request('POST', at('/transfer'), { token: ada, body })).status).toBe(400);
    }
    const closed = await house.request('POST', at('/close'), { token: ada, body: { reason: 'spam' } });
    expect(closed.json).toMatchObject({ state: 'closed', closeReason: 'spam' });
    const late = await write(ann, { text: 'too late' });
    expect([late.status, late.json.code]).toEqual([409, 'SESSION_CLOSED']);
  });

  it('close twice with the same answer', async () => {
    const first = await house.request('POST', at('/close'), { token: ann });
    const second = await house.request('POST', at('/close'), { token: ann });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.json.closedAt).toBe(first.json.closedAt);
  });

  it('accept and decline by the agent it rings at', async () => {
    const ringing = async (id: string) => {
      const waiting = await house.visitorSays('one', id, 'hello?');
      const offered = async () => (await house.storage.routing.ringingOffer(waiting.id))?.agentId;
      await expect.poll(offered, { timeout: 5000 }).toBe('acc_one_ann');
      return `/api/v1/sessions/${waiting.id}`;
    };
    const taken = await ringing(`vis_take_${visitor}`);
    expect((await house.request('POST', `${taken}/accept`, { token: bo })).status).toBe(404);
    expect((await house.request('GET', taken, { token: ann })).json.state).toBe('offered');
    const accepted = await house.request('POST', `${taken}/accept`, { token: ann });
    expect(accepted.json).toMatchObject({ state: 'active', agent: { id: 'acc_one_ann' } });
    const refused = await ringing(`vis_refuse_${visitor}`);
    const decline = { token: ann, body: { reason: 'lunch' } };
    expect((await house.request('POST', `${refused}/decline`, decline)).status).toBe(204);
    expect((await house.request('GET', refused, { token: ann })).status).toBe(404);
    expect((await house.request('GET', refused, { token: sue })).json.state).toMatch(/queued|offered/);
  });

  it('set the own state', async () => {
    const { json } = await house.request('PUT', '/api/v1/agents/me/state', {
      token: bo,
      body: { state: 'busy', reason: 'paperwork' },
    });
    expect(json).toMatchObject({ id: 'acc_one_bo', state: 'busy', reason: 'paperwork', capacity: 100 });
    const none = await house.request('PUT', '/api/v1/agents/me/state', { token: ada, body: { state: 'idle' } });
    expect([none.status, none.json.code]).toEqual([404, 'ROUTING_AGENT_NOT_FOUND']);
  });
});
