import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitizeFileName, withExtension } from './file-name.ts';

const flag = '🇨🇳';

test.each([
  ['plain', 'report.pdf', 'report.pdf'],
  ['spaces and scripts', 'Отчёт за 2026 год.pdf', 'Отчёт за 2026 год.pdf'],
  ['Chinese', '发票（十一月）.xlsx', '发票（十一月）.xlsx'],
  ['decomposed letters', 'cafe\u0301.txt', 'café.txt'],
  ['nothing', '', 'file'],
  ['null', null, 'file'],
  ['only dots', '...', 'file'],
  ['only invisible', '\u200b\u200d\ufeff\u2060\u3164\u00ad', 'file'],
  ['a climbing path', '../../etc/passwd', 'passwd'],
  ['a Windows path', 'C:\\Users\\ann\\photo.jpg', 'photo.jpg'],
  ['an encoded path', '..%2f..%5Cetc%2Fpasswd', 'passwd'],
  ['other encoding', 'a%00b%20c.png', 'a_b_c.png'],
  ['a real per cent', '100%.txt', '100%.txt'],
  ['a trailing slash', 'folder/name/', 'name'],
  ['a hidden file', '.htaccess', 'htaccess'],
  ['hidden behind zero width', '\u200b.htaccess', 'htaccess'],
  ['hidden between zero widths', '.\u200b.\u200b/\u200b.bashrc', 'bashrc'],
  ['NUL', 'a.png\u0000.exe', 'a.png.exe'],
  ['line ends', 'a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie_ x=1.txt'],
  ['line separators', 'a\u2028b\u2029c', 'abc'],
  ['right to left override', 'invoice\u202egnp.exe', 'invoicegnp.exe'],
  ['isolates and marks', '\u2066a\u2069\u200f\u061cb.txt', 'ab.txt'],
  ['lone surrogates', 'a\ud800b\udc00.txt', 'ab.txt'],
  ['reserved', 'CON', '_CON'],
  ['reserved with extension', 'nul.tar.gz', '_nul.tar.gz'],
  ['reserved port', 'com1.txt', '_com1.txt'],
  ['nearly reserved', 'console.txt', 'console.txt'],
  ['forbidden signs', 'a<b>c:d"e|f?g*.txt', 'a_b_c_d_e_f_g_.txt'],
  ['edges', '  .. name.txt . ', 'name.txt'],
  ['white space inside', 'a \t  b.txt', 'a b.txt'],
  ['long', `${'x'.repeat(5000)}.pdf`, `${'x'.repeat(116)}.pdf`],
  ['long without extension', 'y'.repeat(5000), 'y'.repeat(120)],
  ['long with a long extension', `a.${'z'.repeat(5000)}`, `a.${'z'.repeat(118)}`],
  ['long in graphemes of many bytes', `${flag.repeat(200)}.png`, `${flag.repeat(29)}.png`],
])('%s', (_what, given, expected) => {
  expect(sanitizeFileName(given)).toBe(expected);
});

test('a name of combining marks is bounded in bytes', () => {
  expect(Buffer.byteLength(sanitizeFileName(`a${'\u0301'.repeat(50_000)}.txt`))).toBeLessThanOrEqual(240);
});

test('whatever comes in, what comes out is short, visible, one path part, and stays as it is', () => {
  const names = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom(
        '.',
        '/',
        '\\',
        '%',
        '2',
        'f',
        'F',
        '5',
        'c',
        ' ',
        '\u200b',
        '\u202e',
        '\r',
        '\n',
        '\0',
        'CON',
        '"',
        'e\u0301',
      ),
      maxLength: 60,
    }),
  );
  fc.assert(
    fc.property(names, (name) => {
      const safe = sanitizeFileName(name);
      expect(safe).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\<>:"|?*]+$/u);
      expect(safe).not.toMatch(/^[.\s]|[.\s]$|%[0-9a-f]{2}/i);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(241);
      expect(safe.isWellFormed()).toBe(true);
      expect(sanitizeFileName(safe)).toBe(safe);
    }),
    { numRuns: 500 },
  );
});

test('an extension is replaced only when it does not fit', () => {
  expect(withExtension('photo.JPEG', 'jpg', ['jpg', 'jpeg'])).toBe('photo.JPEG');
  expect(withExtension('photo.html', 'jpg', ['jpg', 'jpeg'])).toBe('photo.jpg');
  expect(withExtension('photo', 'jpg', ['jpg'])).toBe('photo.jpg');
  expect(withExtension(`${'x'.repeat(116)}.pdf`, 'webp', ['webp'])).toBe(`${'x'.repeat(115)}.webp`);
});
