import { beforeEach, describe, expect, it } from 'vitest';
import { whatsapp } from '../../../adapters/whatsapp/index.ts';
import { fakeClock } from '../../../test/support/fake-clock.ts';
import type { Capabilities, ChannelView, LossCode } from '../../client/desk-protocol.ts';
import { desk } from '../../locales/desk/en.ts';
import { bodyOf, written } from './body.ts';
import { fileFit } from './file-fit.ts';
import { lossesWords, lossWords } from './loss-words.ts';
import { createPreviewAsker, type PreviewView } from './preview-asker.ts';
import { changesIn, reachOf } from './reach.ts';
import { filledIn, isFilled, templateFact } from './template-text.ts';
import { textSize } from './text-size.ts';

const now = Date.parse('2026-11-21T09:00:00.000Z');
const capabilities: Capabilities = {
  text: { max: 2048, unit: 'bytes' },
  attachments: { max: 1, maxBytes: 20_000_000, types: ['*'] },
  files: {
    image: { maxBytes: 5_000_000, types: ['image/jpeg', 'image/png'], by: 'upload' },
    file: { maxBytes: 10_000_000, types: ['application/pdf', 'image/*'], by: 'upload' },
  },
  typing: { in: false, out: true },
  receipts: { delivered: false, read: false },
  window: { duration: 48 * 3_600_000, quota: 5, afterwards: 'template' },
  presence: 'none',
  lifecycle: { parkAfter: null, closeAfter: null, reopenWithin: 0, abandonAfter: null },
};
const channel: ChannelView = { id: 'wx', type: 'wechat', name: 'WeChat', sends: true, running: true, capabilities };
const until = (ms: number) => new Date(now + ms).toISOString();

describe('the length of a text', () => {
  it('is counted in the channel’s own unit, and told from half of its limit on', () => {
    expect(textSize('你好'.repeat(100), capabilities)).toBeUndefined();
    expect(textSize('你好'.repeat(200), capabilities)).toMatchObject({
      used: 1200,
      max: 2048,
      unit: 'bytes',
      over: false,
    });
    const family = '👨‍👩‍👧'.repeat(60);
    expect(textSize(family, { ...capabilities, text: { max: 100, unit: 'graphemes' } })).toMatchObject({ used: 60 });
    expect(textSize(family, { ...capabilities, text: { max: 480, unit: 'utf16' } })).toMatchObject({ used: 480 });
  });

  it('is refused over the limit only where the channel does not split', () => {
    const long = 'a'.repeat(2049);
    expect(textSize(long, capabilities)).toMatchObject({ over: true, refused: true });
    expect(textSize(long, { ...capabilities, splits: true })).toMatchObject({ over: true, refused: false });
  });
});

describe('whether a customer can be written to', () => {
  it('is as the platform says: time, messages, or nothing any more', () => {
    const of = (reach: Parameters<typeof reachOf>[1]) => reachOf(channel, reach, 'wechat', now);
    expect(of({})).toEqual({ kind: 'free' });
    expect(of({ window: { until: until(7_200_000), left: 4 } })).toEqual({
      kind: 'open',
      ms: 7_200_000,
      left: 4,
      soon: false,
    });
    expect(of({ window: { until: until(3_599_000), left: 4 } })).toMatchObject({ kind: 'open', soon: true });
    expect(of({ window: { until: until(7_200_000), left: 1 } })).toMatchObject({ kind: 'open', soon: true });
    expect(of({ window: { until: until(0) } })).toEqual({ kind: 'shut', spent: false, templates: true });
    expect(of({ window: { until: until(60_000), left: 0 } })).toEqual({ kind: 'shut', spent: true, templates: true });
    expect(of({ window: { until: until(60_000) }, closed: 'blocked' })).toEqual({ kind: 'gone', closed: 'blocked' });
  });

  it('is not on a channel that is switched off or gone, and always is on the web', () => {
    expect(reachOf({ ...channel, running: false }, {}, 'wechat', now)).toEqual({ kind: 'off' });
    expect(reachOf(undefined, {}, 'wechat', now)).toEqual({ kind: 'off' });
    expect(reachOf({ ...channel, type: 'web', sends: false }, undefined, 'web', now)).toEqual({ kind: 'free' });
    expect(reachOf(undefined, undefined, 'web', now)).toEqual({ kind: 'free' });
  });

  it('is looked at again every minute, and every second of the last hour', () => {
    const at = (ms: number) => changesIn(reachOf(channel, { window: { until: until(ms) } }, 'wechat', now));
    expect([at(7_200_000), at(3_610_000), at(3_599_000), at(-1)]).toEqual([60_000, 10_001, 1_000, undefined]);
  });
});

describe('a file', () => {
  it('is compared with the limits of its kind, else goes as a file or a link', () => {
    const of = (contentType: string, size: number) => fileFit({ contentType, size }, capabilities);
    expect(of('image/png', 1_000)).toEqual({ kind: 'fits' });
    expect(of('image/png', 6_000_000)).toEqual({ kind: 'as-file' });
    expect(of('image/webp', 1_000)).toEqual({ kind: 'as-file' });
    expect(of('image/png', 11_000_000)).toEqual({ kind: 'as-link', max: 10_000_000 });
    expect(of('video/mp4', 1_000)).toEqual({ kind: 'as-link' });
    const { files: _, ...plain } = capabilities;
    expect(fileFit({ contentType: 'video/mp4', size: 1_000 }, plain)).toEqual({ kind: 'fits' });
  });

  it('of a real channel says the same as its documentation', () => {
    const settings = {
      phoneNumberId: '1',
      wabaId: '1',
      appId: '1',
      accessToken: 'a',
      appSecret: 'b',
      verifyToken: 'c',
    };
    const real = whatsapp.capabilities(whatsapp.settings.parse(settings));
    expect(fileFit({ contentType: 'image/jpeg', size: 4_000_000 }, real)).toEqual({ kind: 'fits' });
    expect(fileFit({ contentType: 'image/jpeg', size: 6_000_000 }, real).kind).not.toBe('fits');
  });
});

describe('what is lost on the way', () => {
  const codes: Record<LossCode, Record<string, string | number>> = {
    'text-split': { parts: 3 },
    'text-too-long': { max: 2048, unit: 'bytes', length: 3000 },
    'formatting-dropped': {},
    'buttons-as-list': { what: 'buttons' },
    'card-as-text': {},
    'file-as-link': { name: 'a.pdf' },
    'file-too-large': { name: 'a.pdf', max: 5_000_000 },
    'file-type-refused': { name: 'a.pdf', type: 'application/pdf' },
    'file-converted': { name: 'a.ogg', from: 'audio/ogg', to: 'audio/amr' },
    'caption-apart': {},
    'location-as-link': {},
    'contact-as-text': {},
    'quote-dropped': {},
    'reaction-dropped': {},
    'deletion-not-possible': {},
    'sticker-as-picture': {},
    'window-closed': {},
    'quota-exceeded': { left: 1 },
    'conversation-closed': { closed: 'blocked' },
    'template-invalid': {},
    'no-public-address': {},
    'nothing-to-send': {},
  };

  it('has words for every code, with every blank filled in', () => {
    const known = Object.keys(desk).filter((key) => key.startsWith('losses.'));
    expect(known.sort()).toEqual(
      Object.keys(codes)
        .map((code) => `losses.${code}`)
        .sort(),
    );
    for (const [code, values] of Object.entries(codes)) {
      expect(lossWords({ code: code as LossCode, values }, 'en-GB'), code).toMatch(/^[^{}]+$/);
    }
  });

  it('is told in the channel’s numbers and units', () => {
    expect(lossWords({ code: 'text-too-long', values: codes['text-too-long'] }, 'en-GB')).toBe(
      'Too long for this channel: 3,000 of at most 2,048 bytes',
    );
    expect(lossWords({ code: 'file-too-large', values: codes['file-too-large'] }, 'en-GB')).toContain('at most 5 MB');
  });

  it('names of several only those that forbid the message', () => {
    const losses = [{ code: 'formatting-dropped' as const }, { code: 'window-closed' as const, blocks: true }];
    expect(lossesWords(losses, 'en-GB')).toBe(desk['losses.window-closed']);
  });
});

describe('a template', () => {
  const template = {
    name: 'shipped',
    language: 'en',
    text: 'Hello {{1}}, your {{ 2 }} is here. {{1}}!',
    blanks: ['1', '2'],
  };

  it('is shown with its blanks filled in, and sent when all are', () => {
    expect(filledIn(template, { 1: 'Ines' })).toBe('Hello Ines, your {{ 2 }} is here. Ines!');
    expect([isFilled(template, { 1: 'Ines', 2: ' ' }), isFilled(template, { 1: 'Ines', 2: 'lamp' })]).toEqual([
      false,
      true,
    ]);
    expect(templateFact(template, { 1: ' Ines ', 2: 'lamp', 3: 'left over' })).toEqual({
      contentType: 'application/vnd.foyer.template+json',
      content: {
        name: 'shipped',
        language: 'en',
        values: { 1: 'Ines', 2: 'lamp' },
        text: 'Hello Ines, your lamp is here. Ines!',
      },
    });
  });
});

it('a message for the server holds what was said and nothing empty', () => {
  expect(bodyOf(written({ text: '', attachments: [], actions: [], replyTo: '' }))).toEqual({});
  const actions = [{ type: 'imBack' as const, title: 'Yes', value: 'Yes' }];
  const file = { contentUrl: 'media:med_1', name: 'a.png', contentType: 'image/png' };
  expect(bodyOf(written({ text: 'Hi', attachments: [file], actions, replyTo: 'ses_1.2' }))).toEqual({
    text: 'Hi',
    attachments: [{ contentUrl: 'media:med_1' }],
    suggestedActions: { actions },
    replyToId: 'ses_1.2',
  });
});

describe('previews while somebody writes', () => {
  const clock = fakeClock();
  let asked: { body: unknown; answer: PromiseWithResolvers<PreviewView> }[];
  let told: number;
  const view = (parts: number): PreviewView => ({
    parts: [],
    losses: [{ code: 'text-split', values: { parts } }],
  });
  const settle = () => new Promise<void>((done) => setImmediate(done));
  const make = () =>
    createPreviewAsker(
      (_session, body) => {
        const answer = Promise.withResolvers<PreviewView>();
        asked.push({ body, answer });
        return answer.promise;
      },
      clock,
      () => {
        told += 1;
      },
    );
  beforeEach(() => {
    asked = [];
    told = 0;
  });

  it('are asked for once nobody presses a key, and not twice for the same', async () => {
    const asker = make();
    asker.ask({ session: 's', body: { text: 'a' } });
    await clock.advance(200);
    asker.ask({ session: 's', body: { text: 'ab' } });
    asker.ask({ session: 's', body: { text: 'ab' } });
    await clock.advance(400);
    expect(asked.map(({ body }) => body)).toEqual([{ text: 'ab' }]);
    asked[0]?.answer.resolve(view(2));
    await settle();
    expect([asker.preview, asker.current, told]).toEqual([view(2), true, 1]);
  });

  it('never show an answer to an earlier question, nor an error', async () => {
    const asker = make();
    asker.ask({ session: 's', body: { text: 'a' } });
    await clock.advance(400);
    asker.ask({ session: 's', body: { text: 'ab' } });
    await clock.advance(400);
    asked[0]?.answer.resolve(view(9));
    await settle();
    expect(asker.preview).toBeUndefined();
    expect(asked).toHaveLength(2);
    asked[1]?.answer.reject(new Error('the server is away'));
    await settle();
    expect([asker.preview, asker.current]).toEqual([undefined, false]);
  });

  it('are asked for again when the customer can be written to differently', async () => {
    const asker = make();
    const question = { session: 's', body: { text: 'a' } };
    asker.ask({ ...question, basis: { window: { until: until(-1) } } });
    await clock.advance(400);
    asked[0]?.answer.resolve(view(2));
    await settle();
    asker.ask({ ...question, basis: { window: { until: until(1) } } });
    expect(asker.current).toBe(false);
    await clock.advance(400);
    expect(asked.map(({ body }) => body)).toEqual([{ text: 'a' }, { text: 'a' }]);
  });

  it('of another conversation, or of nothing, are gone at once', async () => {
    const asker = make();
    asker.ask({ session: 's', body: { text: 'a' } });
    await clock.advance(400);
    asked[0]?.answer.resolve(view(2));
    await settle();
    expect(asker.preview).toEqual(view(2));
    asker.ask({ session: 't', body: { text: 'a' } });
    expect(asker.preview).toBeUndefined();
    asker.ask(undefined);
    await clock.advance(400);
    expect(asked).toHaveLength(1);
  });
});
