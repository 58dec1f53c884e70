import { describe, expect, test } from 'vitest';
import { fieldNamed, isChanged, isId, settingsOf, shownAt, suggestId } from './draft.ts';
import { fieldsOf, type Schema } from './fields.ts';

const secret = { type: 'string', writeOnly: true };
const schema: Schema = {
  type: 'object',
  properties: {
    address: { type: 'string' },
    token: secret,
    park: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    origins: { type: 'array', items: { type: 'string' } },
    answered: { type: 'boolean', default: false },
    identity: {
      type: 'object',
      properties: {
        secret,
        key: { anyOf: [{ type: 'string' }, { type: 'object' }] },
      },
    },
  },
};
const fields = fieldsOf(schema, () => undefined);
const saved = (draft: Record<string, unknown>, stored: Record<string, unknown> = {}, secrets: string[] = []) =>
  settingsOf(fields, draft, stored, secrets);

describe('what is saved', () => {
  test('is what is stored with what was changed', () => {
    const stored = { address: 'https://a.example', park: 15, origins: ['https://b.example'], answered: true };
    expect(saved({}, stored)).toEqual(stored);
    expect(saved({ address: 'https://c.example', park: '30', answered: false }, stored)).toEqual({
      address: 'https://c.example',
      park: 30,
      origins: ['https://b.example'],
      answered: false,
    });
  });

  test('leaves out what is blank, and blank lines of lists', () => {
    expect(saved({ address: '  ', park: '' }, { address: 'x', park: 15 })).toEqual({});
    expect(saved({ origins: ['', ' https://b.example '] })).toEqual({ origins: ['https://b.example'] });
    expect(saved({ origins: [] }, { origins: ['https://b.example'] })).toEqual({ origins: [] });
  });

  test('says never with null, and sends what is no number as it is, to be refused at its field', () => {
    expect(saved({ park: null })).toEqual({ park: null });
    expect(saved({ park: 'soon' })).toEqual({ park: 'soon' });
  });

  test('leaves a secret out that was not touched, gives a new one, and null for one that is taken away', () => {
    expect(saved({}, {}, ['token'])).toEqual({});
    expect(saved({ token: 'new' }, {}, ['token'])).toEqual({ token: 'new' });
    expect(saved({ token: '' }, {}, ['token'])).toEqual({});
    expect(saved({ token: null }, {}, ['token'])).toEqual({ token: null });
    expect(saved({ token: null })).toEqual({});
  });

  test('keeps a section of which only its secret is set, so that the secret stays', () => {
    expect(saved({}, { identity: {} }, ['identity.secret'])).toEqual({ identity: {} });
    expect(saved({ 'identity.secret': null }, { identity: {} }, ['identity.secret'])).toEqual({
      identity: { secret: null },
    });
    expect(saved({ 'identity.key': '{"kty":"EC"}' })).toEqual({ identity: { key: { kty: 'EC' } } });
  });

  test('takes away the secrets of a variant that is no longer chosen', () => {
    expect(saved({}, {}, ['token', 'clientToken'])).toEqual({ clientToken: null });
  });
});

test('a form is changed only by what differs from what is stored', () => {
  expect(isChanged({}, {})).toBe(false);
  expect(isChanged({ address: 'x' }, { address: 'x' })).toBe(false);
  expect(isChanged({ address: '' }, {})).toBe(false);
  expect(isChanged({ address: 'y' }, { address: 'x' })).toBe(true);
  expect(isChanged({ token: null }, {})).toBe(true);
});

test('a form shows what was changed, else what is stored, and never what only objects have', () => {
  expect(shownAt({ 'identity.key': 'new' }, { identity: { key: 'old' } }, 'identity.key')).toBe('new');
  expect(shownAt({}, { identity: { key: 'old' } }, 'identity.key')).toBe('old');
  expect(shownAt({}, {}, 'constructor')).toBeUndefined();
});

test('a refusal belongs to the field it names, or to the field around', () => {
  expect(fieldNamed(fields, 'settings.address')?.path).toBe('address');
  expect(fieldNamed(fields, 'settings.origins.2')?.path).toBe('origins');
  expect(fieldNamed(fields, 'settings.identity.key')?.path).toBe('identity.key');
  expect(fieldNamed(fields, 'settings.nothing')).toBeUndefined();
});

test('an id is made of the name, unlike all others, and is one the server takes', () => {
  expect(suggestId('Café  Zürich!', 'line', new Set())).toBe('cafe-zurich');
  expect(suggestId('Shop', 'line', new Set(['shop', 'shop-2']))).toBe('shop-3');
  expect(suggestId('微信客服', 'wechat', new Set())).toBe('wechat');
  expect(suggestId('x'.repeat(120), 'line', new Set())).toHaveLength(40);
  for (const good of ['a', 'shop-2', 'A_b']) expect(isId(good)).toBe(true);
  for (const bad of ['', '-a', 'a b', 'ä', 'x'.repeat(65)]) expect(isId(bad)).toBe(false);
});
