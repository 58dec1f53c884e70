import { describe, expect, it } from 'vitest';
import { contactOf, vcardOf } from './vcard.ts';

describe('reading', () => {
  it.each([
    [
      'iOS: groups, folded lines, parameters',
      'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada\r\n  Lovelace\r\nORG:Engines\\, Ltd;\r\nitem1.TEL;waid=44123:+44 123\r\nitem1.X-ABLabel:Mobile\r\nitem2.EMAIL;type=INTERNET:ada@example.com\r\nEND:VCARD',
      { name: 'Ada Lovelace', phones: ['+44 123'], emails: ['ada@example.com'], organization: 'Engines, Ltd' },
    ],
    [
      'no FN',
      'BEGIN:VCARD\nN:Lovelace;Ada;;;\nTEL:tel:+44123\nEND:VCARD',
      { name: 'Ada Lovelace', phones: ['+44123'] },
    ],
    ['a number alone', 'TEL:+44123', { name: '+44123', phones: ['+44123'] }],
    ['nothing', 'BEGIN:VCARD\nEND:VCARD', undefined],
    ['no vCard', 'hello', undefined],
  ])('%s', (_title, vcard, contact) => {
    expect(contactOf(vcard)).toEqual(contact);
  });
});

describe('writing', () => {
  it('is read back as it was', () => {
    const contact = {
      name: 'Ada; "the" Countess, of Lovelace',
      phones: ['+44 123', '030 17'],
      emails: ['a@b.example'],
      organization: 'A, B',
    };
    expect(contactOf(vcardOf(contact))).toEqual(contact);
  });

  it('never lets a value begin another line', () => {
    const vcard = vcardOf({ name: 'Ada\nTEL:+1', phones: ['+44\r\nURL:https://evil.example'] });
    expect(vcard.split('\n').filter((line) => line.startsWith('TEL') || line.startsWith('URL'))).toHaveLength(1);
  });
});
