import { afterEach, describe, expect, it } from 'vitest';
import type {
  Adapter,
  Attempt,
  Conversation,
  EncodeContext,
  Inbound,
  WebhookRequest,
} from '../../../adapters/contract/index.ts';
import { facebook } from '../../../adapters/facebook/index.ts';
import { whatsapp } from '../../../adapters/whatsapp/index.ts';
import { createFacebook } from '../../../demo/platforms/facebook/index.ts';
import type { PhoneAction } from '../../../demo/platforms/phone/model.ts';
import { type Delivered, pixel, startTrial, type Trial } from '../../../demo/platforms/testing/trial.ts';
import { createWhatsapp } from '../../../demo/platforms/whatsapp/index.ts';
import { fileOf, testHost } from '../../support/adapter-host.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { outboundSamples } from './outbound-samples.ts';

/**
 * Adapters of Meta's channels against stand-ins that somebody else wrote from the documentation: what one says the
 * other understands.
 */

type AnyTrial = Trial<ReturnType<typeof createFacebook> | ReturnType<typeof createWhatsapp>>;
const running: AnyTrial[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((trial) => trial.stop()));
});

/** The first bytes of files, by which platforms tell what they are. */
const beginnings: Record<string, string> = {
  'image/png': '\x89PNG\r\n\x1a\n',
  'image/jpeg': '\xff\xd8\xff\xe0',
  'image/gif': 'GIF89a',
  'image/webp': 'RIFF\0\0\0\0WEBP',
  'audio/ogg': 'OggS',
  'audio/mpeg': 'ID3',
  'audio/mp4': '\0\0\0\x20ftypM4A ',
  'video/mp4': '\0\0\0\x20ftypisom',
  'application/pdf': '%PDF-1.4',
};
const bytesOf = (type: string) => Buffer.from((beginnings[type] ?? 'bytes').padEnd(64, ' '), 'latin1');

interface World {
  trial: AnyTrial;
  person: string;
  /** What our side makes of a delivery. */
  read(delivered: Delivered): Inbound[];
  context(conversation: Conversation): EncodeContext<never>;
  adapter: Adapter<never>;
  client: ReturnType<NonNullable<Adapter['create']>>;
}

function world<Settings>(adapter: Adapter<Settings>, trial: AnyTrial, given: object): World {
  running.push(trial);
  const settings = adapter.settings.parse(given);
  // The media cache gives what was asked for: here bytes of any file, under the type that was asked for.
  const host = testHost(settings, { origin: trial.api, clock: fakeClock(Date.now()) });
  const media = {
    open: async (mediaId: string, form?: { contentType: string }) => {
      const type = form?.contentType ?? typeOf.get(mediaId) ?? 'application/pdf';
      return fileOf(bytesOf(type), type, 'file');
    },
  };
  const typeOf = new Map(
    outboundSamples('x').flatMap(({ activity }) =>
      (activity.attachments ?? []).map(
        ({ contentUrl = '', contentType }) => [contentUrl.replace('media:', ''), contentType] as const,
      ),
    ),
  );
  const client = adapter.create?.({ ...host, media });
  if (client === undefined) throw new Error('no client');
  return {
    trial,
    person: trial.platform.ground.phone.people()[0]?.id ?? '',
    adapter: adapter as Adapter<never>,
    client,
    read({ method, url, headers, body }) {
      const request: WebhookRequest = {
        method,
        path: '',
        query: url.searchParams,
        headers: headers as Record<string, string>,
        body,
      };
      const verdict = adapter.webhook?.verify(request, settings, Date.now());
      if (verdict?.kind !== 'delivery') throw new Error(`not taken: ${JSON.stringify(verdict)}`);
      return adapter.webhook?.decode(verdict.payload, settings) ?? [];
    },
    context: (conversation) => ({
      settings: settings as never,
      conversation,
      now: Date.now(),
      link: (mediaId) => `https://foyer.example/${mediaId}`,
      key: (part) => `key-${part}`,
    }),
  };
}

async function messenger(variant: 'messenger' | 'instagram'): Promise<World> {
  const trial = (await startTrial((place) => createFacebook(place, 'c1', variant))) as AnyTrial;
  const account = trial.platform.account as ReturnType<typeof createFacebook>['account'];
  return world(facebook, trial, {
    platform: variant,
    ...(variant === 'instagram' ? { instagramAccountId: account.instagramId } : {}),
    appId: account.appId,
    appSecret: account.appSecret,
    verifyToken: account.verifyToken,
    pageId: account.pageId,
    pageAccessToken: account.accessToken,
  });
}

async function cloud(): Promise<World> {
  const trial = (await startTrial((place) => createWhatsapp(place, 'c1'))) as AnyTrial;
  const account = trial.platform.account as ReturnType<typeof createWhatsapp>['account'];
  return world(whatsapp, trial, {
    appId: account.appId,
    appSecret: account.appSecret,
    verifyToken: account.verifyToken,
    phoneNumberId: account.phoneNumberId,
    wabaId: account.wabaId,
    accessToken: account.accessToken,
  });
}

/** The customer writes; where they are then written to. */
async function written({ trial, person, read }: World): Promise<{ conversation: Conversation; externalId: string }> {
  await trial.ask(`/phone/people/${person}/actions`, { do: 'text', text: 'Hello 世界 /@' });
  const [item] = read(await trial.delivered(1));
  expect(item).toMatchObject({ kind: 'activity', content: { type: 'message', text: 'Hello 世界 /@' } });
  if (item?.kind !== 'activity') throw new Error('no activity');
  return item;
}

const doors: [string, () => Promise<World>][] = [
  ['Messenger', () => messenger('messenger')],
  ['Instagram', () => messenger('instagram')],
  ['WhatsApp', cloud],
];

describe.each(doors)('%s', (_title, begin) => {
  it('answers Test connection', async () => {
    const { client } = await begin();
    for (const { what, ok, detail } of await client.test()) expect(ok, `${what}: ${detail}`).toBe(true);
  });

  it('takes every message that is prepared for it', async () => {
    const there = await begin();
    const { adapter, client, context } = there;
    await there.trial.control({ limits: false, reads: false });
    const { conversation, externalId } = await written(there);
    let count = 0;
    for (const { title, activity } of outboundSamples(externalId)) {
      const prepared = adapter.prepare?.(activity, context(conversation));
      for (const part of prepared?.parts ?? []) {
        const signal = AbortSignal.timeout(10_000);
        const told = `${title}: ${JSON.stringify(part.request)}`;
        try {
          const ready = await client.ready?.(part, conversation, signal);
          const attempt: Attempt = { part, conversation, ready, number: 1, signal };
          await client.send(attempt);
          count += 1;
        } catch (error) {
          // The account has only the templates it has.
          if (title !== 'a template') throw new Error(`${told}\n${String(error)}`);
        }
      }
    }
    expect(count).toBeGreaterThan(30);
  });

  it('tells what its people do', async () => {
    const there = await begin();
    const { trial, person, read, client } = there;
    await trial.control({ reads: false });
    const { conversation, externalId } = await written(there);
    const file = { bytes: pixel, contentType: 'image/png', name: 'chair.png' };
    const acts: [PhoneAction, object][] = [
      [
        { do: 'react', message: externalId, emoji: '👍' },
        { content: { type: 'messageReaction', target: externalId, value: { added: ['👍'] } } },
      ],
      [
        { do: 'file', as: 'image', file },
        { content: { type: 'message', attachments: [{ contentType: expect.stringMatching(/^image\//) }] } },
      ],
      [
        { do: 'edit', message: externalId, text: 'Hi' },
        { content: { type: 'messageUpdate', target: externalId, text: 'Hi' } },
      ],
      [{ do: 'unsend', message: externalId }, { content: { type: 'messageDelete', target: externalId } }],
    ];
    for (const [act, becomes] of acts) {
      const before = trial.deliveries.length;
      trial.platform.act(person, act);
      const [item] = read(await trial.delivered(before + 1));
      expect(item).toMatchObject({ kind: 'activity', ...becomes });
      if (item?.kind !== 'activity') continue;
      expect(item.conversation.id).toBe(conversation.id);
      for (const { media } of item.content.attachments ?? []) {
        const fetched = await client.fetch?.(media);
        const pieces: Uint8Array[] = [];
        for await (const piece of fetched?.stream ?? []) pieces.push(piece);
        expect(Buffer.concat(pieces)).toEqual(pixel);
      }
    }
  });

  it('gives back the key of what it took, with the id by which it took it', async () => {
    const there = await begin();
    const { adapter, client, context, trial } = there;
    const { conversation } = await written(there);
    const before = trial.deliveries.length;
    const [part] =
      adapter.prepare?.({ type: 'message', from: { role: 'agent' }, text: 'Yes' }, context(conversation)).parts ?? [];
    if (part === undefined) throw new Error('no part');
    const sent = await client.send({ part, conversation, ready: [], number: 1, signal: AbortSignal.timeout(5_000) });
    const [item] = there.read(await trial.delivered(before + 1));
    expect(item).toMatchObject({ key: 'key-0' });
    const named = item?.kind === 'echo' ? [item.externalId] : item?.kind === 'status' ? item.messages : undefined;
    expect(named).toEqual(sent.externalIds);
  });
});
