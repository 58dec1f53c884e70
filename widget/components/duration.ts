const units = new Map<string, Intl.NumberFormat>();

function unit(locale: string, name: 'minute' | 'hour' | 'day'): Intl.NumberFormat {
  const key = `${locale}:${name}`;
  let found = units.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow' });
    units.set(key, found);
  }
  return found;
}

/** A length of time as one reads it at a glance: `0:42`, `12:05`, `2h 5m`, `3d`. Below zero counts as zero. */
export function duration(ms: number, locale: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${unit(locale, 'hour').format(hours)} ${unit(locale, 'minute').format(minutes % 60)}`;
  return unit(locale, 'day').format(Math.floor(hours / 24));
}
