import type { Locale } from '../locales/localization.ts';

export type Theme = 'light' | 'dark';

/** What one person chose on one browser, for all staff pages. Undefined: as the browser and the system say. */
export interface Preferences {
  locale?: Locale;
  theme?: Theme;
  /** Ring aloud. Default on. */
  sound?: boolean;
  /** Notifications of the system while the page is hidden. Default off. */
  notify?: boolean;
}

const key = 'foyer-staff:preferences';

/** Reads nothing where storage is forbidden or broken. */
export function readPreferences(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof stored === 'object' && stored !== null ? stored : {};
  } catch {
    return {};
  }
}

/** Change some and answer all. An undefined value goes back to the default. */
export function changePreferences(change: { [K in keyof Preferences]?: Preferences[K] | undefined }): Preferences {
  const next = { ...readPreferences(), ...change };
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // Storage is forbidden or full: the choice holds until the page is left.
  }
  return next as Preferences;
}
