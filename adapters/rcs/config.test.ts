import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chinaMobile, googleRbm, gsmaMaap, telecomUnicom } from './fixtures/settings.ts';
import { rcs } from './index.ts';

interface Branch {
  description?: string;
  properties: Record<string, { writeOnly?: boolean; title?: string; description?: string; const?: string }>;
}

const branches = (z.toJSONSchema(rcs.settings, { io: 'input' }) as unknown as { oneOf: Branch[] }).oneOf;
const branch = (provider: string) => branches.find(({ properties }) => properties.provider?.const === provider);

describe('settings of an RCS channel', () => {
  it('are one form for each network, as JSON Schema', () => {
    expect(branches.map(({ properties }) => properties.provider?.const)).toEqual([
      'google-rbm',
      'china-mobile',
      'telecom-unicom',
      'gsma-maap',
    ]);
  });

  it.each([
    ['google-rbm', ['clientToken', 'serviceAccountKey']],
    ['china-mobile', ['callbackSecret', 'password']],
    ['telecom-unicom', ['appKey', 'callbackSecret', 'callbackToken']],
    ['gsma-maap', ['callbackSecret', 'token']],
  ])('of %s keep exactly their secrets write-only', (provider, secrets) => {
    const { properties = {} } = branch(provider) ?? {};
    const hidden = Object.keys(properties).filter((name) => properties[name]?.writeOnly === true);
    expect(hidden.sort()).toEqual(secrets);
  });

  it('say of networks known only from third parties that they are experimental, and of no others', () => {
    const marked = branches
      .filter(({ properties }) => /experimental/i.test(properties.provider?.description ?? ''))
      .map(({ properties }) => properties.provider?.const);
    expect(marked).toEqual(['telecom-unicom', 'gsma-maap']);
    expect(rcs.variants?.filter(({ experimental }) => experimental).map(({ settings }) => settings.provider)).toEqual(
      marked,
    );
  });

  it('take a working example of each network, with defaults', () => {
    for (const settings of [googleRbm, chinaMobile, telecomUnicom, gsmaMaap]) {
      expect(rcs.settings.safeParse(settings).error).toBeUndefined();
    }
    expect(rcs.settings.parse(googleRbm)).toMatchObject({ region: 'us', files: 'upload', checkCapabilities: true });
  });

  it.each([
    ['an unknown network', { ...googleRbm, provider: 'carrier-pigeon' }],
    ['a field of another network', { ...googleRbm, chatbotURI: 'sip:1@a' }],
    ['a service account key that is no JSON', { ...googleRbm, serviceAccountKey: 'AIza…' }],
    ['a service account key of another kind', { ...googleRbm, serviceAccountKey: '{"type":"authorized_user"}' }],
    ['a chatbot that is no sip: address', { ...chinaMobile, chatbotURI: '12520020000120' }],
    ['a server that is asked without TLS', { ...chinaMobile, serverRoot: 'http://maap.example' }],
    ['a server root with a query', { ...chinaMobile, serverRoot: 'https://maap.example/?a=1' }],
    ['a short secret in the address', { ...chinaMobile, callbackSecret: 'short' }],
    ['a secret that has to be escaped in an address', { ...gsmaMaap, callbackSecret: 'not a secret / in a path' }],
    ['a blank password', { ...chinaMobile, password: '  ' }],
  ])('refuse %s', (_, settings) => {
    expect(rcs.settings.safeParse(settings).success).toBe(false);
  });
});
