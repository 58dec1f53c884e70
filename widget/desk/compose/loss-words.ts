import type { Loss } from '../../client/desk-protocol.ts';
import { fileSize } from '../../components/format.ts';
import { text } from '../../locales/desk/text.ts';

type Words = (key: string, values: Record<string, string | number>) => string;

/** What is lost on the way, for the agent. */
export function lossWords({ code, values = {} }: Loss, locale: string): string {
  const shown: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    shown[name] = typeof value === 'number' ? value.toLocaleString(locale) : value;
  }
  const { max, unit } = values;
  if (code === 'file-too-large' && typeof max === 'number') shown.max = fileSize(max, locale);
  if (unit === 'bytes' || unit === 'utf16' || unit === 'graphemes') shown.unit = text(`arrive.${unit}`);
  return (text as Words)(`losses.${code}`, shown);
}

/** All of them in one sentence, the ones that forbid it first. */
export function lossesWords(losses: readonly Loss[], locale: string): string {
  const blocking = losses.filter(({ blocks }) => blocks === true);
  return (blocking.length > 0 ? blocking : losses).map((loss) => lossWords(loss, locale)).join('; ');
}
