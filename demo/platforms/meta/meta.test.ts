import { describe, expect, it } from 'vitest';
import { appSecretProof, signatureHeaders, wireJson } from './signing.ts';

const wire =
  '{"object":"page","entry":[{"id":"102","time":1,"messaging":[{"sender":{"id":"7"},"recipient":{"id":"102"},"timestamp":1,"message":{"mid":"m_1","text":"\\u00e4\\u00f6\\u00e5 a\\u0040b.co \\ud83d\\ude00 https:\\/\\/x.io"}}]}]}';

describe('Meta’s signature', () => {
  it('covers JSON in Meta’s own escaped form', () => {
    const body = wireJson(JSON.parse(wire));
    expect(body.toString()).toBe(wire);
    expect(signatureHeaders('test_app_secret', body)['x-hub-signature-256']).toBe(
      'sha256=c9ba15ec06ad813e32cfaf384199773153dfcf5fd883f9e8aa6a7b090f8e33f0',
    );
  });

  it('is the published one for an empty delivery', () => {
    const body = wireJson({ object: 'whatsapp_business_account', entry: [] });
    expect(signatureHeaders('test_app_secret', body)['x-hub-signature-256']).toBe(
      'sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756',
    );
  });

  it('of a token is an HMAC of it', () => {
    expect(appSecretProof('s', 't')).toMatch(/^[0-9a-f]{64}$/);
    expect(appSecretProof('s', 't')).not.toBe(appSecretProof('t', 's'));
  });
});
