import { msg } from '@lit/localize';

/** Names in braces of a message: `'Number {position}'` has `position`. */
export type Placeholders<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** A translation of a source catalogue: every key, or it does not compile. */
export type Translation<Source extends Record<string, string>> = Record<keyof Source, string>;

type Values<Message extends string> = [Placeholders<Message>] extends [never]
  ? []
  : [values: Record<Placeholders<Message>, string | number>];

/** A catalogue's lookup: `text('queue.position', { position: 3 })`, in the active locale. */
export type Text<Source extends Record<string, string>> = <Key extends keyof Source & string>(
  key: Key,
  ...values: Values<Source[Key]>
) => string;

/** Make the lookup of one catalogue, whose messages are the English text and whose keys are the message ids. */
export function catalogue<const Source extends Record<string, string>>(source: Source): Text<Source> {
  return (key, ...[values]) => {
    const message = msg(source[key] as string, { id: key });
    if (values === undefined) return message;
    return message.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = (values as Record<string, string | number>)[name];
      return value === undefined ? whole : String(value);
    });
  };
}
