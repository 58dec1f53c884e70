import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLine } from '../line/index.ts';
import { type Delivered, payloadOf, startTrial, type Trial } from '../testing/trial.ts';
import { createMisbehaviour } from './misbehaviour.ts';
import { realWorld } from './world.ts';

let trial: Trial<ReturnType<typeof createLine>>;
let person: string;

beforeEach(async () => {
  trial = await startTrial((place) => createLine(place, 'demo-line'));
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
});
afterEach(() => trial.stop());

const say = (text: string, to = person) => trial.ask(`/phone/people/${to}/actions`, { do: 'text', text });
const push = (text: string, signal?: AbortSignal) =>
  fetch(`${trial.api}/v2/bot/message/push`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${trial.platform.account.channelAccessToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ to: person, messages: [{ type: 'text', text }] }),
    ...(signal === undefined ? {} : { signal }),
  });
interface LineEvent {
  message: { text: string };
  deliveryContext: { isRedelivery: boolean };
  webhookEventId: string;
}
const eventOf = (delivered: Delivered) => (payloadOf(delivered) as { events: [LineEvent] }).events[0];
const texts = () => trial.deliveries.map((delivered) => eventOf(delivered).message.text);
const shown = () => trial.platform.ground.phone.messages(person).map(({ text }) => text);

describe('a simulator told to misbehave', () => {
  it('delivers twice', async () => {
    await trial.control({ twice: 1 });
    await say('one');
    await say('two');
    await trial.delivered(3);
    expect(texts()).toEqual(['one', 'one', 'two']);
  });

  it('delivers late', async () => {
    await trial.control({ late: { count: 1, ms: 80 } });
    const before = Date.now();
    await say('one');
    await trial.delivered(1);
    expect(Date.now() - before).toBeGreaterThanOrEqual(75);
  });

  it('delivers out of order', async () => {
    await trial.control({ outOfOrder: 1 });
    await say('one');
    await say('two');
    await trial.delivered(2);
    expect(texts()).toEqual(['two', 'one']);
  });

  it('delivers what was held back also when nothing follows', async () => {
    await trial.control({ outOfOrder: 1 });
    await say('one');
    await trial.delivered(1);
    expect(texts()).toEqual(['one']);
  });

  it('changes a body after signing it', async () => {
    await trial.control({ tampered: 1 });
    await say('one');
    const delivered = await trial.delivered(1);
    expect(delivered.body.toString()).toMatch(/ $/);
  });

  it('delivers again what was not taken, marked so', async () => {
    trial.answer = () => ({ status: trial.deliveries.length === 1 ? 500 : 200 });
    trial.pace = 0.01;
    await say('one');
    const { deliveryContext, webhookEventId } = eventOf(await trial.delivered(2));
    expect(deliveryContext.isRedelivery).toBe(true);
    expect(webhookEventId).toBe(eventOf(await trial.delivered(1)).webhookEventId);
    await expect.poll(() => trial.lastMessage(person).state).toBe('sent');
  });

  it('refuses as too many, and fails inside, without effect', async () => {
    await trial.control({ rate429: 1, fail5xx: 1 });
    const limited = await push('a');
    expect([limited.status, await limited.json()]).toEqual([
      429,
      { message: 'The API rate limit has been exceeded. Try again later.' },
    ]);
    expect((await push('b')).status).toBe(500);
    expect((await push('c')).status).toBe(200);
    expect(shown()).toEqual(['c']);
  });

  it('loses the answer after the effect, or cuts before it', async () => {
    await trial.control({ loseReply: 1 });
    await expect(push('kept')).rejects.toThrow('fetch failed');
    await trial.control({ cut: 1 });
    await expect(push('lost')).rejects.toThrow('fetch failed');
    expect(shown()).toEqual(['kept']);
  });

  it('answers late, or never', async () => {
    await trial.control({ slow: { count: 1, ms: 60 } });
    const before = Date.now();
    expect((await push('slow')).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(55);
    await trial.control({ hang: { count: 1, ms: 5_000 } });
    await expect(push('never', AbortSignal.timeout(100))).rejects.toThrow('timeout');
    expect(shown()).toEqual(['slow']);
  });

  it('does so only where it was told to', async () => {
    await trial.control({ fail5xx: { path: '/reply' } });
    expect((await push('a')).status).toBe(200);
  });

  it('tells what happened, and stops when told', async () => {
    await trial.control({ fail5xx: {} });
    await push('a');
    await push('b');
    const { body } = await trial.ask('/control');
    expect(body).toMatchObject({ active: { fail5xx: {} }, happened: { fail5xx: 2, rate429: 0 } });
    await trial.control({ reset: true });
    expect((await push('c')).status).toBe(200);
  });

  it.each([
    [{ explode: 1 }, 'There is no fault "explode"'],
    [{ rate429: { probability: 2 } }, '"rate429.probability" is a number from 0 to 1'],
    [{ rate429: { often: 1 } }, '"rate429.often" is not known'],
    [{ rate429: 'yes' }, '"rate429" is a count, an object or null'],
  ])('says what it does not understand: %j', async (settings, words) => {
    const { status, body } = await trial.ask('/control', settings);
    expect(status).toBe(422);
    expect(body.error).toContain(words);
  });

  it('does so as often as its chance says', () => {
    const chances = [0.05, 0.5, 0.09, 0.1];
    const misbehaviour = createMisbehaviour({ ...realWorld, chance: () => chances.shift() ?? 1 });
    misbehaviour.set({ rate429: { probability: 0.1 } });
    expect([0, 1, 2, 3].map(() => misbehaviour.takes('rate429') !== undefined)).toEqual([true, false, true, false]);
  });
});

describe('the phones of a simulator', () => {
  it('keep several people apart', async () => {
    const { body } = await trial.ask('/phone/people', { name: 'Aoi' });
    await push('to the first');
    const other = await trial.ask(`/phone/people/${body.id}`);
    expect(other.body).toMatchObject({ person: { name: 'Aoi' }, messages: [] });
  });

  it('tell a page what changes', async () => {
    const stop = new AbortController();
    const response = await fetch(`${trial.api.replace('/api', '')}/phone/events`, { signal: stop.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await push('Hello');
    const seen: string[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      seen.push(decoder.decode(chunk, { stream: true }));
      if (seen.join('').includes('"wire"')) break;
    }
    expect(seen.join('')).toContain('"type":"message"');
    expect(seen.join('')).toContain('"text":"Hello"');
    stop.abort();
  });

  it('let no other site’s page act', async () => {
    const response = await fetch(`${trial.api.replace('/api', '')}/phone/people`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
      body: '{}',
    });
    expect(response.status).toBe(403);
    expect(trial.platform.ground.phone.people()).toHaveLength(1);
  });

  it('serve a page somebody uploaded as a file to be saved, never as a page', async () => {
    const html = '<script>alert(1)</script>';
    const base = trial.api.replace('/api', '');
    await fetch(`${base}/phone/people/${person}/files?as=image&name=x.html`, {
      method: 'POST',
      headers: { 'content-type': 'text/html' },
      body: html,
    });
    const { url = '' } = trial.lastMessage(person).file ?? {};
    const response = await fetch(new URL(url, base));
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('forget the longest quiet person rather than grow', async () => {
    const { phone } = trial.platform.ground;
    for (let i = 0; i < 500; i++) phone.addPerson({ id: `P${i}`, name: 'P', locale: 'en' });
    expect(phone.people()).toHaveLength(500);
    expect(phone.person(person)).toBeUndefined();
  });

  it.each([
    [{ do: 'dance' }, '"do" names no action'],
    [{ do: 'text' }, '"text" is a text'],
    [{ do: 'location', latitude: 91, longitude: 0 }, '"latitude" is out of range'],
    [{ do: 'tap', message: 'x', button: 'y' }, 'not there any more'],
    [{ do: 'react', message: 'x', emoji: '👍' }, 'LINE does not do this'],
  ])('refuse what makes no sense: %j', async (action, words) => {
    const { status, body } = await trial.ask(`/phone/people/${person}/actions`, action);
    expect(status).toBe(422);
    expect(body.error).toContain(words);
  });
});
