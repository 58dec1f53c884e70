import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest, WebhookVerdict } from '../../../adapters/contract/index.ts';
import { type AdapterSample, bytesOf, expectNoThrowButInvalid, settingsOf, type WebhookSample } from './sample.ts';

/** The raw request: genuine ones are taken, everything else is refused without a throw. */
export function verifySuite<Settings>(sample: AdapterSample<Settings>, webhook: WebhookSample<Settings>): void {
  const { adapter } = sample;
  const settings = settingsOf(sample);
  const { now, sign, deliveries } = webhook;
  const judge = (request: WebhookRequest, values: Settings = settings, at = now): WebhookVerdict => {
    const verdict = adapter.webhook?.verify(request, values, at);
    if (verdict === undefined) throw new Error(`${adapter.type} has no webhook`);
    if (verdict.kind === 'refused') {
      expect([400, 401, 403, 405]).toContain(verdict.status);
      expect(verdict.reason).not.toBe('');
    }
    return verdict;
  };
  const decoded = (verdict: WebhookVerdict) =>
    verdict.kind === 'delivery' ? adapter.webhook?.decode(verdict.payload, settings) : undefined;
  const genuine = () => deliveries.map(({ body }) => sign(bytesOf(body), settings, now));

  describe('a webhook request', () => {
    it('that is genuine is a delivery with an answer for the platform', () => {
      expect(genuine().length).toBeGreaterThan(0);
      for (const request of genuine()) {
        const verdict = judge(request);
        expect(verdict.kind).toBe('delivery');
        if (verdict.kind !== 'delivery') continue;
        expect(verdict.response.status).toBeGreaterThanOrEqual(200);
        expect(verdict.response.status).toBeLessThan(300);
        expect(JSON.parse(JSON.stringify({ payload: verdict.payload })), 'a payload that can be kept').toEqual({
          payload: verdict.payload,
        });
      }
    });

    it('whose body changed by a byte says nothing else', () => {
      for (const request of genuine()) {
        const original = decoded(judge(request));
        const step = Math.max(1, Math.floor(request.body.length / 60));
        for (let at = 0; at < request.body.length && webhook.covers !== 'nothing'; at += step) {
          const body = Uint8Array.from(request.body);
          body[at] = (body[at] ?? 0) ^ 1;
          const verdict = judge({ ...request, body });
          if (webhook.covers === 'body') expect(verdict.kind, `byte ${at}`).toBe('refused');
          else if (verdict.kind === 'delivery') expect(decoded(verdict), `byte ${at}`).toEqual(original);
        }
        if (webhook.covers === 'body') {
          const longer = Uint8Array.from([...request.body, 0x20]);
          expect(judge({ ...request, body: longer }).kind).toBe('refused');
          expect(judge({ ...request, body: request.body.slice(0, -1) }).kind).toBe('refused');
        }
      }
    });

    it('without its proof, or with a spoilt one, is refused', () => {
      for (const request of genuine().slice(0, 3)) {
        for (const name of webhook.proof.headers ?? []) {
          expect(request.headers[name], `the sample signs ${name}`).toBeDefined();
          for (const value of [undefined, '', 'x', `${request.headers[name]}x`, '=='.repeat(20)]) {
            expect(
              judge({ ...request, headers: { ...request.headers, [name]: value } }).kind,
              `${name}: ${value}`,
            ).toBe('refused');
          }
        }
        for (const name of webhook.proof.query ?? []) {
          for (const value of [undefined, '', 'x', `${request.query.get(name)}0`]) {
            const query = new URLSearchParams(request.query);
            if (value === undefined) query.delete(name);
            else query.set(name, value);
            expect(judge({ ...request, query }).kind, `${name}: ${value}`).toBe('refused');
          }
        }
      }
    });

    it('is refused while a secret is blank, even when signed with the blank one', () => {
      for (const name of webhook.secrets) {
        for (const blank of ['', ' ']) {
          const without = { ...settings, [name]: blank };
          for (const { body } of deliveries.slice(0, 3)) {
            let request: WebhookRequest;
            try {
              request = sign(bytesOf(body), without, now);
            } catch {
              // A key that cannot even be made from a blank secret signs nothing.
              request = sign(bytesOf(body), settings, now);
            }
            expect(judge(request, without).kind).toBe('refused');
          }
        }
      }
    });

    it('of whatever bytes and headers never throws, and is never taken for genuine without proof', () => {
      const strings = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom('', 'sha256=', '0', '=', '\0'),
      );
      const names = [...(webhook.proof.headers ?? []), 'content-type', 'x-unknown'];
      const proven = (webhook.proof.headers?.length ?? 0) + (webhook.proof.query?.length ?? 0) > 0;
      fc.assert(
        fc.property(
          fc.record({
            method: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', ''),
            path: fc.constantFrom('', '/', '/a/b', '/%00', `/${'x/'.repeat(500)}`),
            query: fc.dictionary(
              fc.constantFrom(
                ...(webhook.proof.query ?? ['q']),
                'echostr',
                'crc_token',
                'hub.mode',
                'hub.verify_token',
              ),
              strings,
            ),
            headers: fc.dictionary(fc.constantFrom(...names), strings),
            body: fc.oneof(
              fc.uint8Array({ maxLength: 300 }),
              fc.json().map(bytesOf),
              fc.constantFrom(...deliveries.map(({ body }) => bytesOf(body))),
            ),
          }),
          (request) => {
            const verdict = judge({ ...request, query: new URLSearchParams(request.query) });
            if (proven) expect(verdict.kind).not.toBe('delivery');
          },
        ),
        { numRuns: 300 },
      );
    });

    it('as large as is allowed is judged at once', () => {
      const { maxBytes = 0 } = adapter.webhook ?? {};
      expect(maxBytes).toBeGreaterThanOrEqual(1_000);
      expect(maxBytes).toBeLessThanOrEqual(20_000_000);
      const patterns = ['[', '{"a":', '"\\', '9', ' ', '<a>', '&#x41;', '\uFFFD'];
      for (const pattern of patterns) {
        const body = bytesOf(pattern.repeat(Math.floor(maxBytes / bytesOf(pattern).length)));
        const started = performance.now();
        const verdict = judge(sign(body, settings, now));
        if (verdict.kind === 'delivery')
          expectNoThrowButInvalid(() => adapter.webhook?.decode(verdict.payload, settings));
        expect(performance.now() - started, `${maxBytes} bytes of ${JSON.stringify(pattern)}`).toBeLessThan(2_000);
      }
    });
  });
}
