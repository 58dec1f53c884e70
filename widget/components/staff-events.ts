import type { Locale } from '../locales/localization.ts';
import type { Theme } from './preferences.ts';

/** DOM events of the staff pages' shared elements. */
declare module '../events.ts' {
  interface FoyerEvents {
    /** Language, appearance, sound or notifications were chosen; undefined goes back to the default. */
    'foyer-preference': {
      locale?: Locale | undefined;
      theme?: Theme | undefined;
      sound?: boolean;
      notify?: boolean;
    };
    'foyer-password-wanted': undefined;
    'foyer-sign-out': undefined;
  }
}
