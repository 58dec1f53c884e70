import { expect, it } from 'vitest';
import { z } from 'zod';
import { settings } from './config.ts';
import { settingsOf } from './fixtures/settings.ts';
import { twitter } from './index.ts';

it('tells which field a way of signing in lacks', () => {
  const problems = (changes: object) =>
    settings
      .safeParse({ accountId: '1', consumerKey: 'a', consumerSecret: 'b', ...changes })
      .error?.issues.map(({ path }) => path.join('.'));
  expect(problems({})).toEqual(['accessToken', 'accessTokenSecret']);
  expect(problems({ auth: 'oauth2' })).toEqual(['clientId', 'refreshToken']);
  expect(problems({ auth: 'oauth2', clientId: 'c', refreshToken: 'r' })).toBeUndefined();
});

it('takes the number of an account, not its name', () => {
  expect(() => settingsOf({ accountId: '@exampleshop' })).toThrow(/number of the account/);
});

it('is a form: every field is explained, and secrets are write-only', () => {
  const schema = z.toJSONSchema(settings, { io: 'input' });
  const fields = Object.entries(schema.properties ?? {}) as [string, { description?: string; writeOnly?: boolean }][];
  expect(fields.filter(([, field]) => field.description === undefined)).toEqual([]);
  expect(fields.filter(([, field]) => field.writeOnly === true).map(([name]) => name)).toEqual([
    'consumerKey',
    'consumerSecret',
    'accessToken',
    'accessTokenSecret',
    'clientSecret',
    'refreshToken',
  ]);
});

it('names the account and who may share its webhook', () => {
  expect(twitter.account?.(settingsOf())).toBe('4337869213');
  expect(twitter.appSecret?.(settingsOf())).toBe('test_consumer_secret');
});

it('takes the life cycle from its settings', () => {
  expect(twitter.capabilities(settingsOf({ parkAfterMinutes: 5 })).lifecycle.parkAfter).toBe(300_000);
});
