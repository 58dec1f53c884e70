import { configureLocalization } from '@lit/localize';

/** Locales every app has. */
export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];

export interface Localization {
  /** Switch to a locale; resolves when its messages are there. A locale that cannot be loaded leaves the present one. */
  use(locale: Locale): Promise<void>;
  current(): Locale;
}

/** Set up an app's languages: English is in its code, others are fetched by `load` when wanted. Once per app. */
export function createLocalization(
  load: Record<Exclude<Locale, 'en'>, () => Promise<{ templates: Record<string, string> }>>,
): Localization {
  const { getLocale, setLocale } = configureLocalization({
    sourceLocale: 'en',
    targetLocales: locales.slice(1),
    loadLocale: (locale) => load[locale as Exclude<Locale, 'en'>](),
  });
  let wanted: Locale = 'en';
  return {
    async use(locale) {
      wanted = locale;
      try {
        await setLocale(locale);
      } catch {
        // The present language stays: words in another language beat none. Told so, lit asks anew the next time; else
        // it would hand out the same failure for ever. A newer wish than this one is not to be undone.
        if (locale === wanted) await setLocale(getLocale());
      }
    },
    current: () => getLocale() as Locale,
  };
}

/** The first of `wanted` (BCP 47 tags, best first) that we have; English otherwise. */
export function pickLocale(wanted: readonly (string | null | undefined)[]): Locale {
  for (const tag of wanted) {
    const language = tag?.toLowerCase().split(/[-_]/)[0];
    const found = locales.find((locale) => locale === language);
    if (found !== undefined) return found;
  }
  return 'en';
}
