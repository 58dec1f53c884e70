import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { messagingLifecycle } from '../contract/index.ts';
import { apiBaseUrl, groupsSetting, lifecycleOf, lifecycleSettings, secret } from './settings.ts';

const schema = z.strictObject({
  key: secret('Key', 'Found in the console.'),
  groups: groupsSetting,
  apiBaseUrl,
  ...lifecycleSettings,
});

describe('settings that channels share', () => {
  it('have defaults, and life-cycle times as messaging channels have them', () => {
    const values = schema.parse({ key: ' abc\n' });
    expect(values).toEqual({ key: 'abc', groups: 'ignored' });
    expect(lifecycleOf(values)).toEqual(messagingLifecycle);
  });

  it('set times in the units their names say; null switches off', () => {
    expect(lifecycleOf({ parkAfterMinutes: null, closeAfterHours: 1.5, reopenWithinHours: 0 })).toEqual({
      parkAfter: null,
      closeAfter: 5_400_000,
      reopenWithin: 0,
      abandonAfter: null,
    });
  });

  it.each([
    'https://proxy.example',
    'https://proxy.example:8443/',
    'http://127.0.0.1:9001',
    'http://127.0.0.1:8080/simulators/line/api',
    'http://localhost:1',
    'http://[::1]:1',
  ])('admit %s instead of the platform', (value) =>
    expect(schema.safeParse({ key: 'k', apiBaseUrl: value }).success).toBe(true),
  );

  it.each([
    'http://proxy.example',
    'https://a.example/?to=',
    'https://u:p@a.example',
    'ftp://a.example',
    'a.example',
    'http://127.0.0.1.evil.example',
    '',
  ])('refuse %j instead of the platform', (value) =>
    expect(schema.safeParse({ key: 'k', apiBaseUrl: value }).error?.issues[0]?.path).toEqual(['apiBaseUrl']),
  );

  it('refuse blank secrets and mark secrets write-only', () => {
    expect(schema.safeParse({ key: '   ' }).error?.issues[0]?.path).toEqual(['key']);
    const json = z.toJSONSchema(schema, { io: 'input' }) as {
      properties: Record<string, { writeOnly?: boolean; title?: string }>;
    };
    expect(json.properties.key).toMatchObject({ writeOnly: true, title: 'Key' });
    expect(Object.values(json.properties).every(({ title }) => typeof title === 'string')).toBe(true);
  });
});
