import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).flatMap(({ text: shown, href }) => (href ? [[shown, href]] : []));

test('web and mail addresses become links, punctuation after them does not', () => {
  expect(links('See https://shop.example/a?b=1, or write to help@shop.example.')).toEqual([
    ['https://shop.example/a?b=1', 'https://shop.example/a?b=1'],
    ['help@shop.example', 'mailto:help@shop.example'],
  ]);
  expect(links('www.shop.example/x')).toEqual([['www.shop.example/x', 'https://www.shop.example/x']]);
  expect(links('(https://a.example/b_(c))')).toEqual([['https://a.example/b_(c))', 'https://a.example/b_(c))']]);
  expect(links('请看https://a.example/b。谢谢')).toEqual([['https://a.example/b', 'https://a.example/b']]);
});

test('no other scheme becomes a link', () => {
  for (const text of [
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    '&#106;avascript:alert(1)',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '![x](javascript:alert(1))',
  ]) {
    expect(links(text)).toEqual([]);
  }
});

test('the pieces put together are the text', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.emailAddress(), fc.constant(' '))), (parts) => {
      const text = parts.join('');
      expect(
        linkify(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
      for (const { href } of linkify(text)) expect(href ?? 'https:').toMatch(/^(?:https?|mailto):/);
    }),
    { numRuns: 300 },
  );
});

test('no text of a message’s length takes long, whatever it repeats', () => {
  const once = (text: string) => {
    const began = performance.now();
    linkify(text);
    return performance.now() - began;
  };
  for (const part of ['a.', 'a+', 'a@a.', 'www.a', 'www.', 'http://', 'mailto:', 'https://a/(', '.,', ')', 'a@']) {
    for (const begin of ['', 'https://x/', 'www.']) {
      const text = `${begin}${part.repeat(10_000 / part.length)}x`;
      expect(Math.min(once(text), once(text), once(text)), `${begin}${part}`).toBeLessThan(20);
    }
  }
});
