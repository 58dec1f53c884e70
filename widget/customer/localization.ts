import { createLocalization } from '../locales/localization.ts';

/** The widget's languages. */
export const localization = createLocalization({ zh: () => import('../locales/customer/zh.ts') });
