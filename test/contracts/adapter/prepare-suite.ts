import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EncodeContext, LossCode, OutboundActivity, Part, Prepared } from '../../../adapters/contract/index.ts';
import { measure } from '../../../adapters/kit/index.ts';
import { outboundSamples } from './outbound-samples.ts';
import { type AdapterSample, type OutboundSample, settingsOf } from './sample.ts';

/** Every code there is: the type makes sure that none is missing. */
const lossCodes: Record<LossCode, true> = {
  'text-split': true,
  'text-too-long': true,
  'formatting-dropped': true,
  'buttons-as-list': true,
  'card-as-text': true,
  'file-as-link': true,
  'file-too-large': true,
  'file-type-refused': true,
  'file-converted': true,
  'caption-apart': true,
  'location-as-link': true,
  'contact-as-text': true,
  'quote-dropped': true,
  'reaction-dropped': true,
  'deletion-not-possible': true,
  'sticker-as-picture': true,
  'window-closed': true,
  'quota-exceeded': true,
  'conversation-closed': true,
  'template-invalid': true,
  'no-public-address': true,
  'nothing-to-send': true,
};

/** A message on its way out: what it becomes, and that this can be stored and sent as stored. */
export function prepareSuite<Settings>(sample: AdapterSample<Settings>, outbound: OutboundSample): void {
  const { adapter } = sample;
  const settings = settingsOf(sample);
  const capabilities = adapter.capabilities(settings);
  const contextOf = (link: EncodeContext['link']): EncodeContext<Settings> => ({
    settings,
    conversation: structuredClone(outbound.conversation),
    now: 1_790_000_000_000,
    link,
    key: (part) => `00000000-0000-4000-8000-${String(part).padStart(12, '0')}`,
  });
  const linked = (mediaId: string) => `https://foyer.example/media/${mediaId}?token=${'t'.repeat(40)}`;
  const prepare = (activity: OutboundActivity, link: EncodeContext['link'] = linked): Prepared => {
    const found = adapter.prepare?.(activity, contextOf(link));
    if (found === undefined) throw new Error(`${adapter.type} prepares nothing`);
    return found;
  };
  const textsOf =
    outbound.textsOf ??
    ((part: Part) => (part.shows.kind === 'text' && part.shows.text !== undefined ? [part.shows.text] : []));
  const secrets = secretsOf(sample.settings);
  const samples = [...outboundSamples(outbound.target), ...(outbound.messages ?? [])];

  const expectPrepared = ({ parts, losses }: Prepared, activity: OutboundActivity): void => {
    expect(JSON.parse(JSON.stringify({ parts, losses })), 'plain JSON').toEqual({ parts, losses });
    for (const { code, values } of losses) {
      expect(lossCodes, code).toHaveProperty(code);
      for (const value of Object.values(values ?? {})) expect(['string', 'number']).toContain(typeof value);
    }
    const blocked = losses.some(({ blocks }) => blocks === true);
    if (parts.length === 0) expect(blocked, 'says why nothing is sent').toBe(true);
    const named = new Set(JSON.stringify(activity).match(/med_[0-9a-f]{32}/g) ?? []);
    const keys = parts.flatMap(({ key }) => (key === undefined ? [] : [key]));
    expect(new Set(keys).size, 'a key for each part').toBe(keys.length);
    if (capabilities.idempotency === 'none') expect(keys).toEqual([]);
    for (const part of parts) {
      expect(part.request).toBeDefined();
      expect(['text', 'image', 'audio', 'video', 'file', 'card', 'other']).toContain(part.shows.kind);
      for (const { mediaId, use } of part.media ?? []) {
        expect(named, 'media of the message').toContain(mediaId);
        expect(use).not.toBe('');
      }
      for (const text of textsOf(part)) {
        expect(measure(text, capabilities.text.unit), 'within the text limit').toBeLessThanOrEqual(
          capabilities.text.max,
        );
      }
      const wire = JSON.stringify(part.request);
      for (const secret of secrets) expect(wire.includes(secret), 'no secrets in what is stored').toBe(false);
    }
  };

  describe('a message to the platform', () => {
    it.each(samples.map(({ title, activity }) => [title, activity] as const))('%s', (_, activity) => {
      const before = structuredClone(activity);
      const found = prepare(activity);
      expectPrepared(found, activity);
      expect(prepare(structuredClone(before)), 'the same each time').toEqual(found);
      expect(activity, 'not changed').toEqual(before);
      expectPrepared(
        prepare(activity, () => undefined),
        activity,
      );
    });

    it('that has words arrives, with all its words', () => {
      const { parts } = prepare({ type: 'message', from: { role: 'agent' }, text: 'Hello 世界 👋🏽' });
      expect(parts).toHaveLength(1);
      expect(parts[0]?.shows).toEqual({ kind: 'text', text: 'Hello 世界 👋🏽' });
      if (capabilities.idempotency === 'key') expect(parts[0]?.key).toBeDefined();
    });

    it('of any words keeps the limits and loses no character but white space', () => {
      const words = fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc
          .tuple(
            fc.constantFrom('世界', '👨‍👩‍👧‍👦', 'e\u0301\u0302', 'word ', 'x', '🇩🇪', '\n'),
            fc.integer({ min: 1, max: 12_000 }),
          )
          .map(([one, times]) => one.repeat(times).slice(0, 30_000)),
      );
      fc.assert(
        fc.property(words, (text) => {
          const activity: OutboundActivity = { type: 'message', from: { role: 'agent' }, text, textFormat: 'plain' };
          const found = prepare(activity);
          expectPrepared(found, activity);
          if (found.losses.some(({ blocks }) => blocks === true) || capabilities.splits !== true) return;
          const shown = found.parts.flatMap(textsOf).join('');
          if (text.isWellFormed()) expect(shown.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        }),
        { numRuns: 60 },
      );
    });
  });
}

/** Long texts among settings whose names sound secret: what must never be stored in a part. */
function secretsOf(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === 'string') return /secret|token|password|key/i.test(name) && value.length >= 8 ? [value] : [];
    return secretsOf(value);
  });
}
