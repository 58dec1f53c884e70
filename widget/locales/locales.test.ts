import { expect, test } from 'vitest';
import { shared } from './common/en.ts';
import { customer } from './customer/en.ts';
import { templates } from './customer/zh.ts';
import { pickLocale } from './localization.ts';

const placeholders = (message: string | undefined) =>
  [...(message ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('every translation says what its source says, with the same values in it', () => {
  const source: Record<string, string> = { ...shared, ...customer };
  expect(Object.keys(templates).sort()).toEqual(Object.keys(source).sort());
  for (const [key, message] of Object.entries(source)) {
    expect(templates[key], key).not.toBe('');
    expect(placeholders(templates[key]), key).toEqual(placeholders(message));
  }
});

test('the first language one reads that we have is spoken, English otherwise', () => {
  expect(pickLocale(['fr-CA', 'zh-Hant-TW', 'en'])).toBe('zh');
  expect(pickLocale(['EN_gb'])).toBe('en');
  expect(pickLocale(['de', null, undefined, ''])).toBe('en');
});
