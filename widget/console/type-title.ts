import { text } from '../locales/console/text.ts';

/** What people call a channel type: the platform's own name, but the website in their language. */
export const typeTitle = (type: string, title: string): string => (type === 'web' ? text('type.web') : title);
