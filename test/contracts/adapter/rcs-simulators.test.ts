import { afterEach, describe, expect, it } from 'vitest';
import type { Conversation, EncodeContext, Inbound, Part, WebhookRequest } from '../../../adapters/contract/index.ts';
import type { RcsSettings } from '../../../adapters/rcs/config.ts';
import { rcs } from '../../../adapters/rcs/index.ts';
import type { PhoneAction } from '../../../demo/platforms/phone/model.ts';
import { channelSettings as chinaMobileSettings } from '../../../demo/platforms/rcs/china-mobile/account.ts';
import { createRcsChinaMobile } from '../../../demo/platforms/rcs/china-mobile/index.ts';
import { channelSettings as googleSettings } from '../../../demo/platforms/rcs/google/account.ts';
import { createRcsGoogle } from '../../../demo/platforms/rcs/google/index.ts';
import { type Delivered, pixel, startTrial, type Trial } from '../../../demo/platforms/testing/trial.ts';
import { fileOf, testHost } from '../../support/adapter-host.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { outboundSamples } from './outbound-samples.ts';

/**
 * The RCS adapter against stand-ins that somebody else wrote from the documentation: what one says the other
 * understands.
 */

type AnyTrial = Trial<ReturnType<typeof createRcsGoogle> | ReturnType<typeof createRcsChinaMobile>>;
const running: AnyTrial[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((trial) => trial.stop()));
});

/** The first bytes of files, by which networks tell what they are. */
const beginnings: Record<string, string> = {
  'image/png': '\x89PNG\r\n\x1a\n',
  'image/jpeg': '\xff\xd8\xff\xe0',
  'image/gif': 'GIF89a',
  'audio/mpeg': 'ID3',
  'audio/mp4': '\0\0\0\x20ftypM4A ',
  'video/mp4': '\0\0\0\x20ftypmp42',
  'application/pdf': '%PDF-1.4',
};
const bytesOf = (type: string) => Buffer.from((beginnings[type] ?? 'bytes').padEnd(64, ' '), 'latin1');

function world(trial: AnyTrial, given: Record<string, unknown>) {
  running.push(trial);
  const settings: RcsSettings = rcs.settings.parse(given);
  const typeOf = new Map(
    outboundSamples('x').flatMap(({ activity }) =>
      (activity.attachments ?? []).map(
        ({ contentUrl = '', contentType }) => [contentUrl.replace('media:', ''), contentType] as const,
      ),
    ),
  );
  const host = testHost(settings, { origin: trial.api, clock: fakeClock(Date.now()) });
  const media = {
    open: async (mediaId: string, form?: { contentType: string }) => {
      const type = form?.contentType ?? typeOf.get(mediaId) ?? 'application/pdf';
      return fileOf(bytesOf(type), type, 'file');
    },
  };
  const client = rcs.create?.({ ...host, media });
  if (client === undefined) throw new Error('no client');
  const read = ({ method, url, headers, body }: Delivered): Inbound[] => {
    const path = url.pathname.replace(/^\/webhooks\/[^/]*/, '');
    const request = { method, path, query: url.searchParams, headers: headers as WebhookRequest['headers'], body };
    const verdict = rcs.webhook?.verify(request, settings, Date.now());
    if (verdict?.kind !== 'delivery') throw new Error(`not taken: ${JSON.stringify(verdict)}`);
    return rcs.webhook?.decode(verdict.payload, settings) ?? [];
  };
  const person = trial.platform.ground.phone.people()[0]?.id ?? '';
  let key = 0;
  const context = (conversation: Conversation): EncodeContext<RcsSettings> => {
    key += 100;
    const first = key;
    return {
      settings,
      conversation,
      now: Date.now(),
      link: (mediaId) => `https://foyer.example/${mediaId}`,
      key: (part) => `00000000-0000-4000-8000-${String(first + part).padStart(12, '0')}`,
    };
  };
  /** The next deliveries, until one becomes what is looked for. */
  const until = async (from: number, is: (item: Inbound) => boolean): Promise<Inbound> => {
    for (let n = from + 1; ; n += 1) {
      const found = read(await trial.delivered(n)).find(is);
      if (found !== undefined) return found;
    }
  };
  let looked = 0;
  /** What networks tell the client is kept, as the server does it. */
  const keepAll = async (): Promise<void> => {
    for (const delivered of trial.deliveries.slice(looked)) {
      looked += 1;
      for (const item of read(delivered)) {
        if (item.kind === 'kept') await host.tokens.get(item.name, '', async () => ({ value: item.value }));
      }
    }
  };
  /** Files that wait for their audit are tried again, as the outbox does it. */
  const readyOf = async (part: Part, conversation: Conversation): Promise<unknown> => {
    const signal = AbortSignal.timeout(5_000);
    for (;;) {
      try {
        return await client.ready?.(part, conversation, signal);
      } catch (error) {
        if (signal.aborted || (error as { code?: string }).code !== 'AUDIT') throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
        await keepAll();
      }
    }
  };
  return { trial, settings, host, client, read, until, readyOf, person, context };
}

async function google() {
  const trial = (await startTrial((place) => createRcsGoogle(place, 'c1'))) as AnyTrial;
  return world(trial, googleSettings(trial.platform.account as never, 'https://replaced.example'));
}

async function chinaMobile() {
  const trial = (await startTrial((place) => createRcsChinaMobile(place, 'c1'))) as AnyTrial;
  trial.pace = 0.05;
  return world(trial, chinaMobileSettings(trial.platform.account as never, 'https://replaced.example'));
}

async function written({ trial, person, until }: Awaited<ReturnType<typeof google>>) {
  const before = trial.deliveries.length;
  trial.platform.act(person, { do: 'text', text: 'Hello 世界 <&>' });
  const item = await until(before, ({ kind }) => kind === 'activity');
  expect(item).toMatchObject({ kind: 'activity', content: { type: 'message', text: 'Hello 世界 <&>' } });
  if (item.kind !== 'activity') throw new Error('no activity');
  return item;
}

describe.each([
  ['Google RBM', google],
  ['China Mobile', chinaMobile],
])('%s', (title, begin) => {
  it('answers Test connection', async () => {
    const { client } = await begin();
    for (const { what, ok, detail } of await client.test()) expect(ok, `${what}: ${detail}`).toBe(true);
  });

  it('takes every message that is prepared for it', async () => {
    const there = await begin();
    const { client, readyOf, context } = there;
    const { conversation, externalId } = await written(there);
    let count = 0;
    for (const { title: what, activity } of outboundSamples(externalId)) {
      // What is taken back here is the customer's: the network knows no such message of ours.
      if (activity.type === 'messageDelete') continue;
      for (const part of rcs.prepare?.(activity, context(conversation)).parts ?? []) {
        const told = `${what}: ${JSON.stringify(part.request)}`;
        try {
          const ready = await readyOf(part, conversation);
          await client.send({ part, conversation, ready, number: 1, signal: AbortSignal.timeout(10_000) });
          count += 1;
        } catch (error) {
          throw new Error(`${told}\n${String(error)}`);
        }
      }
    }
    expect(count).toBeGreaterThan(30);
  }, 30_000);

  it('tells what its people do', async () => {
    const there = await begin();
    const { trial, person, until, client } = there;
    const { conversation } = await written(there);
    const file = { bytes: pixel, contentType: 'image/png', name: 'chair.png' };
    const acts: [PhoneAction, object][] = [
      [
        { do: 'file', as: 'image', file },
        { type: 'message', attachments: [{ contentType: expect.stringMatching(/^image\//) }] },
      ],
      [
        { do: 'location', latitude: 39.91, longitude: 116.4, name: 'Gate' },
        { type: 'message', attachments: [{ content: { latitude: 39.91, longitude: 116.4 } }] },
      ],
    ];
    for (const [act, content] of acts) {
      const before = trial.deliveries.length;
      trial.platform.act(person, act);
      const item = await until(before, ({ kind }) => kind === 'activity');
      expect(item).toMatchObject({ kind: 'activity', conversation: { id: conversation.id }, content });
      if (item.kind !== 'activity') continue;
      for (const { media } of item.content.attachments ?? []) {
        if (media === undefined) continue;
        const pieces: Uint8Array[] = [];
        for await (const piece of (await client.fetch?.(media))?.stream ?? []) pieces.push(piece);
        expect(Buffer.concat(pieces)).toEqual(pixel);
      }
    }
  });

  it('says what became of a message, and which chip was tapped', async () => {
    const there = await begin();
    const { trial, person, until, client, context } = there;
    const { conversation } = await written(there);
    const before = trial.deliveries.length;
    const actions = [{ type: 'postBack' as const, title: '好', value: 'ok:1' }];
    const activity = {
      type: 'message' as const,
      from: { role: 'agent' as const },
      text: '好吗？',
      suggestedActions: { actions },
    };
    const [part] = rcs.prepare?.(activity, context(conversation)).parts ?? [];
    if (part === undefined) throw new Error('no part');
    const signal = AbortSignal.timeout(5_000);
    const { externalIds } = await client.send({ part, conversation, ready: null, number: 1, signal });
    const read = await until(before, (item) => item.kind === 'status' && item.state === 'read');
    expect(read).toMatchObject({ messages: externalIds });
    const shown = trial.lastMessage(person);
    expect(shown).toMatchObject({ text: '好吗？', quickReplies: [{ title: '好' }] });
    const since = trial.deliveries.length;
    trial.platform.act(person, { do: 'tap', message: shown.id, button: shown.quickReplies?.[0]?.id ?? '' });
    const tapped = await until(since, (item) => item.kind === 'activity');
    expect(tapped, title).toMatchObject({ content: { type: 'message', text: '好', value: 'ok:1' } });
  });
});
