import { describe, expect, it } from 'vitest';
import type { RcsSettings } from './config.ts';
import { decode } from './decode.ts';
import { deliveries as fromChinaMobile, inbound } from './fixtures/china-mobile.ts';
import { envelope, deliveries as fromGoogle } from './fixtures/google-rbm.ts';
import { deliveries as fromGsma } from './fixtures/gsma-maap.ts';
import type { Sample } from './fixtures/sample.ts';
import { chatbotURI, chinaMobile, googleRbm, gsmaMaap, telecomUnicom } from './fixtures/settings.ts';
import { deliveries as fromTelecom } from './fixtures/telecom-unicom.ts';

const receivedAt = 1_790_000_000_000;

function table(samples: readonly Sample[], settings: RcsSettings, payloadOf: (body: unknown) => unknown): void {
  it.each(samples.map((sample) => [sample.title, sample] as const))('%s', (_, { body, becomes }) => {
    const items = decode(payloadOf(body), settings);
    expect(items).toHaveLength(becomes.length);
    expect(items).toMatchObject(becomes);
  });
}

describe('what Google RBM delivers', () => {
  const payloadOf = (data: unknown) => ({ data, receivedAt });
  table(fromGoogle, googleRbm, payloadOf);

  it('without a time happened when it came', () => {
    const [item] = decode(
      payloadOf({ senderPhoneNumber: '+12223334444', messageId: 'a', text: 'Hi', agentId: googleRbm.agentId }),
      googleRbm,
    );
    expect(item).toMatchObject({ at: receivedAt });
  });

  it.each([['text'], [[1]], [null], [undefined]])('that holds no object is invalid (%j)', (data) => {
    expect(() => decode(payloadOf(data), googleRbm)).toThrow(
      expect.objectContaining({ code: 'CHANNEL_PAYLOAD_INVALID' }),
    );
  });

  it('is the example of the published signature', () => {
    expect(envelope(fromGoogle[0]?.body)).toMatchObject({ message: { data: expect.any(String) } });
  });
});

describe('what China Mobile delivers', () => {
  const payloadOf = (xml: unknown) => ({ xml, rest: ['InboundMessageNotification', chatbotURI], receivedAt });
  table(fromChinaMobile, chinaMobile, payloadOf);

  it('without a time happened when it came', () => {
    expect(decode(payloadOf(inbound({ dateTime: '', bodyText: 'Hi' })), chinaMobile)).toMatchObject([
      { at: receivedAt },
    ]);
  });

  it('in base64 that is none is unreadable', () => {
    const xml = inbound({ encoding: 'base64', bodyText: '*** not base64 ***' });
    expect(decode(payloadOf(xml), chinaMobile)).toMatchObject([{ kind: 'unreadable' }]);
  });

  it.each([
    ['no XML', 'hello'],
    ['cut off', inbound({ bodyText: 'Hi' }).slice(0, -20)],
    ['a declaration', `<!DOCTYPE a [<!ENTITY e "x">]>${inbound({ bodyText: 'Hi' })}`],
    ['nested without end', `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`],
  ])('and is %s is invalid', (_, xml) => {
    expect(() => decode(payloadOf(xml), chinaMobile)).toThrow(
      expect.objectContaining({ code: 'CHANNEL_PAYLOAD_INVALID' }),
    );
  });

  it('takes bounded time, however many messages it holds', () => {
    const xml = inbound(...Array.from({ length: 2_000 }, (_, n) => ({ messageId: `m-${n}`, bodyText: 'x' })));
    const started = performance.now();
    expect(decode(payloadOf(xml), chinaMobile)).toHaveLength(2_000);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('what China Telecom and China Unicom deliver, as far as is known', () => {
  const payloadOf = (body: unknown) => ({ body, receivedAt });
  table(fromTelecom, telecomUnicom, payloadOf);
});

describe('what a MaaP platform of the GSMA delivers', () => {
  const payloadOf = (body: unknown) => ({ body, receivedAt });
  table(fromGsma, gsmaMaap, payloadOf);
});
