import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ChannelClient,
  Conversation,
  InboundActivity,
  OutboundActivity,
  Part,
} from '../../../adapters/contract/index.ts';
import type { LineSettings } from '../../../adapters/line/config.ts';
import { line } from '../../../adapters/line/index.ts';
import { systemClock } from '../../../channel-server/runtime.ts';
import { createLine } from '../../../demo/platforms/line/index.ts';
import { pixel, startTrial, type Trial } from '../../../demo/platforms/testing/trial.ts';
import { testHost } from '../../support/adapter-host.ts';
import { outboundSamples } from './outbound-samples.ts';

// The stand-in was written from LINE's documentation by other hands: what both agree on is likely what LINE does.
let trial: Trial<ReturnType<typeof createLine>>;
let settings: LineSettings;
let client: ChannelClient;
let person: string;
let conversation: Conversation;

beforeEach(async () => {
  trial = await startTrial((place) => createLine(place, 'demo-line'));
  const { channelId, channelSecret } = trial.platform.account;
  settings = line.settings.parse({ channelId, channelSecret, videoPreviewUrl: 'https://shop.example/video.png' });
  const host = { ...testHost(settings, { origin: trial.api }), clock: systemClock };
  if (line.create === undefined) throw new Error('LINE has no client.');
  client = line.create(host);
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
  conversation = { id: `user:${person}`, address: { to: person, kind: 'user' } };
});
afterEach(() => trial.stop());

function partsOf(activity: Partial<OutboundActivity>, to = conversation): Part[] {
  const link = (id: string) => `${trial.company}/media/${id}`;
  const context = { settings, conversation: to, now: Date.now(), link, key: () => randomUUID() };
  return line.prepare?.({ type: 'message', from: { role: 'agent' }, ...activity }, context).parts ?? [];
}

const send = (part: Part | undefined, to = conversation, number = 1) => {
  if (part === undefined) throw new Error('There is nothing to send.');
  return client.send({ part, conversation: to, ready: undefined, number, signal: AbortSignal.timeout(5_000) });
};

/** What the customer did last, as the server gets it. */
async function heard(count: number): Promise<InboundActivity> {
  const { method, url, headers, body } = await trial.delivered(count);
  const request = { method, path: '', query: url.searchParams, headers: headers as Record<string, string>, body };
  const verdict = line.webhook?.verify(request, settings, Date.now());
  if (verdict?.kind !== 'delivery') throw new Error(`The delivery was ${verdict?.kind}.`);
  const [item] = line.webhook?.decode(verdict.payload, settings) ?? [];
  if (item?.kind !== 'activity') throw new Error(`The delivery held ${item?.kind}.`);
  return item;
}

const act = (action: object) => trial.ask(`/phone/people/${person}/actions`, action);
const shown = () => trial.platform.ground.phone.messages(person).filter(({ by }) => by === 'company');

describe('LINE and its stand-in', () => {
  it.each(outboundSamples('1').map(({ title, activity }) => [title, activity] as const))(
    '%s is taken',
    async (_, activity) => {
      for (const part of partsOf(activity)) {
        const { externalIds } = await send(part);
        expect(externalIds).toHaveLength(JSON.parse((part.request as { messages: string }).messages).length);
      }
    },
  );

  it('replies to a message once, pushes after that, and quotes it', async () => {
    await act({ do: 'text', text: 'Hello 世界' });
    const item = await heard(1);
    expect(item.content).toMatchObject({ type: 'message', text: 'Hello 世界' });
    const target = { target: item.externalId, targetData: item.content.channelData };
    const [part] = partsOf({ text: 'Yes', ...target }, item.conversation);
    const { conversation: after } = await send(part, item.conversation);
    expect(after?.address).not.toHaveProperty('reply');
    expect(shown()).toMatchObject([{ text: 'Yes', quotes: item.externalId }]);
    // Still with the old token: it was used, so a push follows.
    await send(partsOf({ text: 'And' }, item.conversation)[0], item.conversation);
    await send(partsOf({ text: 'more' }, after)[0], after);
    expect(shown().map(({ text }) => text)).toEqual(['Yes', 'And', 'more']);
  });

  it('never doubles a message whose answer is lost: a reply is left alone, a push repeated by its key', async () => {
    await act({ do: 'text', text: 'Hello' });
    const { conversation: replying } = await heard(1);
    await client.test();
    await trial.control({ loseReply: { count: 1, path: '/message/' } });
    await expect(send(partsOf({ text: 'reply' }, replying)[0], replying)).rejects.toMatchObject({ kind: 'unknown' });
    await trial.control({ loseReply: { count: 1, path: '/message/' } });
    const [push] = partsOf({ text: 'push' });
    await expect(send(push)).rejects.toMatchObject({ kind: 'unknown' });
    await expect(send(push, conversation, 2)).resolves.toMatchObject({
      repeated: true,
      externalIds: [expect.any(String)],
    });
    expect(shown().map(({ text }) => text)).toEqual(['reply', 'push']);
  });

  it.each([
    ['rate429', 'rate-limited'],
    ['fail5xx', 'unknown'],
    ['cut', 'unknown'],
  ])('%s is %s, and the same part goes afterwards', async (fault, kind) => {
    await client.test();
    await trial.control({ [fault]: { count: 1, path: '/message/' } });
    const [part] = partsOf({ text: 'once' });
    await expect(send(part)).rejects.toMatchObject({ kind });
    await send(part, conversation, 2);
    expect(shown().map(({ text }) => text)).toEqual(['once']);
  });

  it('an expired token is made anew without anybody noticing', async () => {
    await send(partsOf({ text: 'one' })[0]);
    await trial.control({ expireToken: 1 });
    await send(partsOf({ text: 'two' })[0]);
    expect(shown().map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('a tapped button comes back with its title and what it stands for', async () => {
    const actions = [{ type: 'postBack' as const, title: 'Buy now', value: 'buy:17' }];
    await send(partsOf({ text: 'Well?', suggestedActions: { actions } })[0]);
    const [message] = shown();
    await act({ do: 'tap', message: message?.id, button: message?.quickReplies?.[0]?.id });
    expect((await heard(1)).content).toEqual({
      type: 'message',
      text: 'Buy now',
      textFormat: 'plain',
      value: 'buy:17',
    });
  });

  it("a customer's picture is fetched, and one that is gone is gone", async () => {
    const upload = () =>
      fetch(`${trial.api.replace(/\/api$/, '')}/phone/people/${person}/files?as=image`, {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: pixel,
      });
    await upload();
    const [picture] = (await heard(1)).content.attachments ?? [];
    const file = await client.fetch?.(picture?.media);
    const pieces: Uint8Array[] = [];
    for await (const piece of file?.stream ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(pixel)).toBe(true);
    await trial.control({ mediaGone: 1 });
    await expect(client.fetch?.(picture?.media)).rejects.toMatchObject({ kind: 'gone' });
  });

  it('a message taken back is named by the id it had', async () => {
    await act({ do: 'text', text: 'Hello' });
    const { externalId } = await heard(1);
    await act({ do: 'unsend', message: externalId });
    expect((await heard(2)).content).toEqual({ type: 'messageDelete', target: externalId });
  });

  it('who blocks the account has closed the conversation, and has no profile', async () => {
    expect(await client.profile?.({ id: person }, conversation)).toMatchObject({ name: expect.any(String) });
    await act({ do: 'unfollow' });
    expect((await heard(1)).conversation).toMatchObject({ closed: 'unfollowed' });
    expect(await client.profile?.({ id: person }, conversation)).toBeUndefined();
  });

  it('the connection test, typing and reading are as LINE takes them', async () => {
    expect((await client.test()).filter(({ ok }) => !ok)).toEqual([]);
    await client.typing?.(conversation, true);
    await act({ do: 'text', text: 'Hello' });
    const told = await heard(2);
    await client.read?.(told.conversation, [told.externalId]);
    await expect
      .poll(() => trial.platform.ground.phone.messages(person).find(({ by }) => by === 'customer')?.state)
      .toBe('read');
  });
});
