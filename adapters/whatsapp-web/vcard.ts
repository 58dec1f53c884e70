import type { Contact } from '../contract/index.ts';

/** Name, numbers, addresses and company of a vCard (RFC 6350, and 2.1 and 3.0 as phones write them). */
export function contactOf(vcard: string): Contact | undefined {
  const contact: Required<Contact> = { name: '', phones: [], emails: [], organization: '' };
  // A line that begins with white space goes on with the one before.
  for (const line of vcard
    .slice(0, 100_000)
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    // `item1.TEL;waid=49…`: a group before, parameters after.
    const property = (line.slice(0, colon).split(';')[0] ?? '').split('.').at(-1)?.toUpperCase();
    const value = line.slice(colon + 1).trim();
    if (value === '') continue;
    if (property === 'FN') contact.name = unescaped(value);
    else if (property === 'N' && contact.name === '') contact.name = nameOf(value);
    else if (property === 'TEL') contact.phones.push(value.replace(/^tel:/i, ''));
    else if (property === 'EMAIL') contact.emails.push(unescaped(value));
    else if (property === 'ORG') contact.organization = unescaped(value).replace(/;+$/, '').replace(/;/g, ', ');
  }
  const name = contact.name || contact.organization || contact.phones[0] || contact.emails[0];
  if (name === undefined || name === '') return undefined;
  return {
    name,
    ...(contact.phones.length > 0 ? { phones: contact.phones.slice(0, 20) } : {}),
    ...(contact.emails.length > 0 ? { emails: contact.emails.slice(0, 20) } : {}),
    ...(contact.organization === '' ? {} : { organization: contact.organization }),
  };
}

/** A vCard 3.0 that WhatsApp shows as a contact; numbers get the `waid` that makes them writable. */
export function vcardOf(contact: Contact): string {
  const phones = (contact.phones ?? []).map((phone) => {
    const digits = phone.replace(/\D/g, '');
    return `TEL;type=CELL;waid=${digits}:${line(phone)}`;
  });
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:;${escaped(contact.name)};;;`,
    `FN:${escaped(contact.name)}`,
    ...(contact.organization === undefined ? [] : [`ORG:${escaped(contact.organization)};`]),
    ...phones,
    ...(contact.emails ?? []).map((email) => `EMAIL:${line(email)}`),
    'END:VCARD',
  ].join('\n');
}

function nameOf(value: string): string {
  const [family = '', given = ''] = value.split(';').map(unescaped);
  return `${given} ${family}`.trim();
}

function unescaped(value: string): string {
  return value
    .replace(/\\n/gi, ' ')
    .replace(/\\([,;\\])/g, '$1')
    .trim();
}

/** One line: a break would begin another property. */
function line(value: string): string {
  return value.replace(/[\r\n]+/g, ' ').trim();
}

function escaped(value: string): string {
  return line(value).replace(/[\\,;]/g, '\\$&');
}
