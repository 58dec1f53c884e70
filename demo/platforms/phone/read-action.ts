import { type PhoneAction, PhoneRefusal } from './model.ts';

/**
 * An action as it came by HTTP; files come apart, as bytes.
 * @throws PhoneRefusal naming the field that is wrong.
 */
export function readAction(given: Record<string, unknown>): PhoneAction {
  const text = (name: string, most = 20_000): string => {
    const value = given[name];
    if (typeof value !== 'string' || value === '' || value.length > most) {
      throw new PhoneRefusal(`"${name}" is a text of 1 to ${most} characters.`);
    }
    return value;
  };
  const maybe = <Name extends string>(name: Name): { [key in Name]?: string } =>
    given[name] === undefined || given[name] === null ? {} : ({ [name]: text(name) } as { [key in Name]?: string });
  const degrees = (name: string, most: number): number => {
    const value = Number(given[name]);
    if (!Number.isFinite(value) || Math.abs(value) > most) throw new PhoneRefusal(`"${name}" is out of range.`);
    return value;
  };
  switch (given.do) {
    case 'text':
      return { do: 'text', text: text('text'), ...maybe('quotes') };
    case 'location':
      return {
        do: 'location',
        latitude: degrees('latitude', 90),
        longitude: degrees('longitude', 180),
        ...maybe('name'),
        ...maybe('address'),
      };
    case 'sticker':
      return { do: 'sticker', sticker: text('sticker', 60) };
    case 'contact':
      return { do: 'contact', name: text('name', 100), phone: text('phone', 30) };
    case 'tap':
      return { do: 'tap', message: text('message', 500), button: text('button', 500) };
    case 'react':
      return { do: 'react', message: text('message', 500), emoji: given.emoji === null ? null : text('emoji', 20) };
    case 'edit':
      return { do: 'edit', message: text('message', 500), text: text('text') };
    case 'unsend':
      return { do: 'unsend', message: text('message', 500) };
    case 'menu':
      return { do: 'menu', item: text('item', 100) };
    case 'typing':
      return { do: 'typing', typing: given.typing === true };
    case 'follow':
      return { do: 'follow' };
    case 'unfollow':
      return { do: 'unfollow' };
    case 'read':
      return { do: 'read' };
    default:
      throw new PhoneRefusal('"do" names no action.');
  }
}
