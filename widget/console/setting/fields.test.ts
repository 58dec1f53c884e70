import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Field, fieldsOf, flat, markOf, type Schema } from './fields.ts';

const schemaOf = (type: z.ZodType) => z.toJSONSchema(type, { io: 'input' }) as Schema;
const none = () => undefined;
const paths = (fields: readonly Field[]) => fields.map(({ path }) => path);

describe('a field', () => {
  const fields = fieldsOf(
    schemaOf(
      z.strictObject({
        accountId: z.string().max(20).meta({ title: 'Account id', description: 'Its number.' }),
        token: z.string().meta({ writeOnly: true, title: 'Token' }),
        humanAgent: z.boolean().default(false),
        groups: z.enum(['ignored', 'answered']).default('ignored'),
        traffic: z.enum(['SERVICE', 'PROMOTION']).optional(),
        parkAfterMinutes: z.number().min(1).max(10_080).nullable().optional().meta({ title: 'Park after' }),
        origins: z.array(z.string()).default([]),
        greeting: z.string().max(600).optional(),
        address: z.url().max(1_000),
        identity: z
          .strictObject({
            secret: z.string().optional().meta({ writeOnly: true }),
            key: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
          })
          .optional(),
        headers: z.record(z.string(), z.string()).optional(),
      }),
    ),
    none,
  );
  const field = (path: string) => flat(fields).find((each) => each.path === path);

  test('is of the kind its schema asks for', () => {
    expect(Object.fromEntries(flat(fields).map(({ path, kind }) => [path, kind]))).toEqual({
      accountId: 'text',
      token: 'secret',
      humanAgent: 'switch',
      groups: 'choice',
      traffic: 'choice',
      parkAfterMinutes: 'number',
      origins: 'list',
      greeting: 'long-text',
      address: 'text',
      identity: 'group',
      'identity.secret': 'secret',
      'identity.key': 'text',
      headers: 'json',
    });
  });

  test('has title, description, limits and default', () => {
    expect(field('accountId')).toMatchObject({ title: 'Account id', description: 'Its number.', maxLength: 20 });
    expect(field('parkAfterMinutes')).toMatchObject({
      title: 'Park after',
      minimum: 1,
      maximum: 10_080,
      nullable: true,
    });
    expect(field('groups')).toMatchObject({ usual: 'ignored', choices: [{ value: 'ignored' }, { value: 'answered' }] });
    expect(field('identity.key')?.orObject).toBe(true);
  });

  test('is required when it must be given and has no default', () => {
    expect(paths(flat(fields).filter(({ required }) => required))).toEqual(['accountId', 'token', 'address']);
  });
});

describe('variants', () => {
  const network = (name: string, description: string) => z.literal(name).meta({ title: 'Network', description });
  const shared = { ttl: z.number().optional() };
  const schema = schemaOf(
    z.discriminatedUnion('provider', [
      z.strictObject({ provider: network('google', 'Google RBM.'), agentId: z.string(), ...shared }),
      z
        .strictObject({ provider: network('maap', 'A MaaP platform. Experimental: never tried.'), botId: z.string() })
        .meta({ description: 'Experimental: never tried.' }),
    ]),
  );

  test('are a choice, with the fields of the first until another is chosen', () => {
    const fields = fieldsOf(schema, none);
    expect(paths(fields)).toEqual(['provider', 'agentId', 'ttl']);
    expect(fields[0]).toMatchObject({
      kind: 'choice',
      title: 'Network',
      usual: 'google',
      choices: [
        { value: 'google', title: 'Google RBM', note: '' },
        { value: 'maap', title: 'A MaaP platform', note: 'Experimental: never tried.' },
      ],
    });
    expect(paths(fieldsOf(schema, (path) => (path === 'provider' ? 'maap' : undefined)))).toEqual([
      'provider',
      'botId',
    ]);
  });

  test('that are experimental are said so, and a type that is unofficial', () => {
    expect(markOf(schema)).toBe('partly-experimental');
    expect(markOf({ description: 'Unofficial: it may break.' })).toBe('unofficial');
    expect(markOf({ description: 'Experimental: never tried.' })).toBe('experimental');
    expect(markOf({ description: 'Officially tried.' })).toBeUndefined();
  });
});

describe('a field that belongs to one value of a choice', () => {
  const schema = schemaOf(
    z.strictObject({
      platform: z.enum(['messenger', 'instagram']).default('messenger'),
      auth: z.enum(['oauth1', 'oauth2']).default('oauth1'),
      accountId: z.string().optional().meta({ description: 'With Instagram: the id of the account.' }),
      pageId: z.string().meta({ description: 'Of the Page; with Instagram, of the Page it is linked to.' }),
      accessToken: z.string().optional().meta({ description: 'With oauth1: of the account.', writeOnly: true }),
      other: z.string().optional().meta({ description: 'With care: it is not undone.' }),
    }),
  );
  const shown = (values: Record<string, string>) => paths(fieldsOf(schema, (path) => values[path]));

  test('is there with that value only', () => {
    expect(shown({})).toEqual(['platform', 'auth', 'pageId', 'accessToken', 'other']);
    expect(shown({ platform: 'instagram', auth: 'oauth2' })).toEqual([
      'platform',
      'auth',
      'accountId',
      'pageId',
      'other',
    ]);
  });
});
