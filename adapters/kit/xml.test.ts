import { describe, expect, it } from 'vitest';
import { cdata, childNamed, childrenNamed, escapeXml, parseXml, textNamed, unescapeXml } from './xml.ts';

describe('a document', () => {
  const root = parseXml(`\ufeff<?xml version="1.0" encoding="UTF-8"?>
<!-- from the platform -->
<a:xml kind="x &amp; y">
  <Id>6054768590064713728</Id><Zero>007</Zero><Yes>true</Yes>
  <Words><![CDATA[ <b>&amp;</b> ]]></Words><More>1 &lt; 2 &#x1F600; &#20320;</More>
  <Item><N>1</N></Item><Item><N>2</N></Item><Empty></Empty><None/>
</a:xml>`);

  it('is read with values as text, numbers of any length with all digits', () => {
    expect(root?.name).toBe('a:xml');
    expect(root?.attributes.get('kind')).toBe('x & y');
    expect(textNamed(root, 'Id')).toBe('6054768590064713728');
    expect(textNamed(root, 'Zero')).toBe('007');
    expect(textNamed(root, 'Yes')).toBe('true');
  });

  it('keeps what stands in CDATA as it is, and resolves references outside of it', () => {
    expect(textNamed(root, 'Words')).toBe(' <b>&amp;</b> ');
    expect(textNamed(root, 'More')).toBe('1 < 2 😀 你');
  });

  it('has one child of a name or many, in their order', () => {
    expect(childrenNamed(root, 'Item').map((item) => textNamed(item, 'N'))).toEqual(['1', '2']);
    expect(childrenNamed(root, 'Id')).toHaveLength(1);
    expect(childrenNamed(root, 'Other')).toEqual([]);
    expect(childNamed(root, 'None')?.children).toEqual([]);
    expect(textNamed(root, 'Empty')).toBeUndefined();
  });

  it('may speak of declarations inside CDATA and comments', () => {
    expect(parseXml('<a><!-- <!ENTITY --><![CDATA[<!DOCTYPE html>]]></a>')?.text).toBe('<!DOCTYPE html>');
  });
});

describe('refused is', () => {
  it.each([
    ['nothing', ''],
    ['text', 'success'],
    ['JSON', '{"a":1}'],
    ['a document type', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['a document type in lower case', '<!doctype a><a/>'],
    ['an entity of its own', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['a declaration inside the root', '<a><!ENTITY b "c"></a>'],
    ['an element left open', '<a><b>1</b>'],
    ['elements that cross', '<a><b>1</a></b>'],
    ['two roots', '<a/><b/>'],
    ['CDATA left open', '<a><![CDATA[x</a>'],
    ['a comment left open', '<a><!-- x</a>'],
    ['a tag left open', '<a><b'],
    ['a name that would reach into objects', '<a><__proto__>1</__proto__></a>'],
    ['33 levels', '<a>'.repeat(33) + '</a>'.repeat(33)],
  ])('%s', (_what, text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it('only what goes deeper than 32 levels', () => {
    expect(parseXml('<a>'.repeat(32) + '</a>'.repeat(32))).toBeDefined();
  });

  it('leaves entities of others as they are written', () => {
    expect(parseXml('<a>&nbsp;&lol;&#0;&#xD800;&#x110000;</a>')?.text).toBe('&nbsp;&lol;&#0;&#xD800;&#x110000;');
  });
});

describe('hostile documents of 250 kB are done with in little time', () => {
  const size = 250_000;
  const filled = (unit: string, before = '', after = '') => before + unit.repeat(size / unit.length) + after;
  it.each([
    ['nesting', filled('<a>')],
    ['brackets', filled('<')],
    ['references', filled('&amp;', '<a>', '</a>')],
    ['half references', filled('&#', '<a>', '</a>')],
    ['CDATA never closed', filled('<![CDATA[', '<a>', '</a>')],
    ['comments never closed', filled('<!--', '<a>', '</a>')],
    ['attributes', filled('b="1" ', '<a ', '/>')],
    ['attributes without values', filled('b=', '<a ', '/>')],
    ['elements', filled('<b/>', '<a>', '</a>')],
    ['text between elements', filled('x<b/>', '<a>', '</a>')],
    ['instructions never closed', filled('<?')],
    ['a name', filled('a', '<', '/>')],
  ])('%s', (_what, text) => {
    const begin = performance.now();
    parseXml(text);
    expect(performance.now() - begin).toBeLessThan(1_500);
  });
});

describe('text for a document', () => {
  it.each(['a ]]> b', ']]]]>>', '<b>&amp;"\'', '你好 😀', 'a\u0000\u0008b', 'lone \ud800 half'])(
    'of %j can be read again as CDATA and escaped',
    (text) => {
      const kept = text.toWellFormed().replaceAll('\u0000', '').replaceAll('\u0008', '');
      expect(parseXml(`<a>${cdata(text)}</a>`)?.text).toBe(kept);
      expect(parseXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`)?.text).toBe(kept);
      expect(unescapeXml(escapeXml(text))).toBe(kept);
    },
  );
});
