import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inbound } from '../../../adapters/contract/index.ts';
import { expectInbound } from './inbound-shape.ts';
import { mutationsOf } from './mutations.ts';
import { type AdapterSample, bytesOf, expectNoThrowButInvalid, settingsOf, type WebhookSample } from './sample.ts';

/** A verified payload: what it says, and that nothing in it can break decoding. */
export function decodeSuite<Settings>(sample: AdapterSample<Settings>, webhook: WebhookSample<Settings>): void {
  const { adapter } = sample;
  const settings = settingsOf(sample);
  const decode = (payload: unknown): Inbound[] => adapter.webhook?.decode(payload, settings) ?? [];
  const payloadOf = (body: unknown): unknown => {
    const verdict = adapter.webhook?.verify(webhook.sign(bytesOf(body), settings, webhook.now), settings, webhook.now);
    return verdict?.kind === 'delivery' ? verdict.payload : undefined;
  };
  const payloads = webhook.deliveries.map(({ body }) => payloadOf(body));

  describe('a delivery', () => {
    it.each(webhook.deliveries.map((delivery) => [delivery.title, delivery] as const))(
      '%s',
      (_, { body, expected }) => {
        const items = decode(payloadOf(body));
        expect(items).toHaveLength(expected.length);
        expect(items).toMatchObject(expected);
        items.forEach(expectInbound);
      },
    );

    it('is decoded the same each time, and is not changed by it', () => {
      for (const payload of payloads) {
        const before = structuredClone(payload);
        const first = decode(deepFrozen(payload));
        expect(decode(structuredClone(before))).toEqual(first);
        expect(payload).toEqual(before);
      }
    });

    it('of a genuine platform gone mad is decoded, or refused as invalid, and what is decoded holds together', () => {
      fc.assert(
        fc.property(mutationsOf(payloads), (payload) => {
          for (const item of expectNoThrowButInvalid(() => decode(payload)) ?? []) expectInbound(item);
        }),
        { numRuns: 600 },
      );
    });

    it('of any JSON at all is decoded, or refused as invalid', () => {
      fc.assert(
        fc.property(fc.jsonValue({ maxDepth: 6 }), (payload) => {
          for (const item of expectNoThrowButInvalid(() => decode(payload)) ?? []) expectInbound(item);
        }),
        { numRuns: 300 },
      );
      for (const payload of [undefined, null, '', 0, [], {}, () => undefined])
        expectNoThrowButInvalid(() => decode(payload));
    });

    if (webhook.batch !== undefined) {
      const { batch } = webhook;
      const bad: unknown[] = [null, 42, 'x', [], {}, { type: {} }, [[[]]], { type: 'message', message: 7 }];

      it('keeps its good items, in order, whatever lies between them', () => {
        const alone = decode(payloadOf(batch.of([batch.good])));
        expect(alone.length).toBeGreaterThan(0);
        const mixed = decode(payloadOf(batch.of([...bad, batch.good, ...bad])));
        for (const item of mixed) expectInbound(item);
        for (const item of alone) expect(mixed).toContainEqual(item);
        expect(
          mixed.some(({ kind }) => kind === 'unreadable'),
          'bad ones are told',
        ).toBe(true);
      });

      it('of thousands of items takes bounded time', () => {
        const size = bytesOf(batch.of([batch.good])).length;
        const count = Math.min(5_000, Math.floor((adapter.webhook?.maxBytes ?? 0) / size) - 1);
        const payload = payloadOf(batch.of(Array.from({ length: count }, () => batch.good)));
        const started = performance.now();
        expect(decode(payload).length).toBeGreaterThanOrEqual(count);
        expect(performance.now() - started).toBeLessThan(3_000);
      });
    }
  });
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFrozen);
  }
  return value;
}
