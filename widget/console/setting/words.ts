import { consoleWords } from '../../locales/console/en.ts';
import { text } from '../../locales/console/text.ts';
import type { Field } from './fields.ts';

/** What hardly anybody changes; most types call it the same. */
const seldom =
  /^(parkAfterMinutes|closeAfter(Minutes|Hours)|reopen(Minutes|WithinHours)|abandonAfterSeconds|graphVersion|apiBaseUrl)$/;

/** Whether a field stands below the others, out of sight at first. */
export const isSeldom = ({ path }: Field): boolean => seldom.test(path);

/** What a field is called: our words where the schema names them or where we have some for a setting of many types. */
export function fieldTitle({ title, path }: Field): string {
  return (ours(title) ?? ours(`setting.${path}`)) || title;
}

/** What is said under a field. */
export function fieldHelp({ title, path, description }: Field): string {
  return (ours(`${title}.help`) ?? ours(`setting.${path}.help`)) || description;
}

function ours(key: string): string | undefined {
  return Object.hasOwn(consoleWords, key) ? (text as (key: string) => string)(key) : undefined;
}
