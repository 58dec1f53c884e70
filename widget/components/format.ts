/** Dates and sizes as people read them, in the page's language. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(locale, options);
    formats.set(key, found);
  }
  return found;
}

export const timeOfDay = (at: Date, locale: string): string =>
  format(locale, { hour: 'numeric', minute: '2-digit' }).format(at);

/** Weekday and date; the year only when it is another one than `now`'s. */
export function dayName(at: Date, now: Date, locale: string): string {
  const otherYear = at.getFullYear() !== now.getFullYear();
  return format(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(otherYear && { year: 'numeric' }),
  }).format(at);
}

export const dateAndTime = (at: Date, locale: string): string =>
  format(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at);

/** Bytes as B, kB, MB or GB (powers of 1000, as systems show file sizes). */
export function fileSize(bytes: number, locale: string): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} ${units[unit]}`;
}
