import { svg, type TemplateResult } from 'lit';
import { chatIcon, globeIcon } from './icons.ts';

/** A drawing in the text's colour, on a 24-unit grid. */
export const sign = (paths: TemplateResult): TemplateResult => svg`<svg
  viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

/** Signs of channel types, drawn for Foyer after what one does there: nobody's trademark. */
const signs: Record<string, () => TemplateResult> = {
  web: globeIcon,
  // Two people talking: one bubble over the other.
  wechat: () =>
    sign(
      svg`<path d="M15.5 8.6C14.8 6.200 12.300 4.500 9.300 4.500c-3.500 0-6.300 2.400-6.300 5.300 0 1.700.9 3.100 2.300 4.100L4.800 16l2.400-1.200"/><path d="M21 14.300c0-2.500-2.500-4.600-5.600-4.600s-5.600 2.100-5.600 4.600 2.500 4.600 5.600 4.600c.7 0 1.300-.1 1.900-.3l2 1-.4-1.800c1.300-.8 2.100-2.100 2.100-3.500Z"/>`,
    ),
  // A square bubble with a line of words.
  line: () =>
    sign(
      svg`<path d="M6.500 4.500h11a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H13l-4.500 3.500v-3.500h-2a3 3 0 0 1-3-3v-6a3 3 0 0 1 3-3Z"/><path d="M8 10.500h8"/>`,
    ),
  // A sheet that flies.
  facebook: () =>
    sign(svg`<path d="M20.500 4 3.500 10.800l6.300 2.700 2.700 6.500Z"/><path d="m9.800 13.500 4.700-4.200"/>`),
  // A message to one name.
  twitter: () =>
    sign(
      svg`<circle cx="12" cy="12" r="3.600"/><path d="M15.600 8.400v4.800a2.500 2.500 0 0 0 5 0V12a8.600 8.600 0 1 0-3.400 6.800"/>`,
    ),
  // A handset in a bubble.
  whatsapp: () =>
    sign(
      svg`<path d="M12 3.800a8.200 8.200 0 0 0-7.100 12.300L3.800 20.200l4.200-1.100A8.200 8.200 0 1 0 12 3.800Z"/><path d="M9.200 8.600c-.9.700-.5 2.700 1.300 4.500s3.800 2.200 4.500 1.300l-1.500-1.500-1 .5a5 5 0 0 1-2.300-2.300l.5-1Z"/>`,
    ),
  // A bubble, and the squares of a code to scan.
  'whatsapp-web': () =>
    sign(
      svg`<rect x="4" y="4" width="6" height="6" rx="1.200"/><rect x="14" y="4" width="6" height="6" rx="1.200"/><rect x="4" y="14" width="6" height="6" rx="1.200"/><path d="M14 14h2.500v2.500M20 14v.01M14 20h.01M17 20h3v-2.500"/>`,
    ),
  // A telephone.
  rcs: () =>
    sign(
      svg`<rect x="6.500" y="3" width="11" height="18" rx="2.600"/><path d="M10.500 17.800h3M9.500 7.500h5M9.500 11h5"/>`,
    ),
  // A hook between two systems.
  webhook: () =>
    sign(
      svg`<circle cx="12" cy="7" r="3"/><circle cx="6" cy="17" r="3"/><circle cx="18" cy="17" r="3"/><path d="m10.500 9.600-3 4.800M13.500 9.600l3 4.800M9 17h6"/>`,
    ),
};

/** The sign of a channel type; a bubble for one not known here. */
export function channelSign(type: string): TemplateResult {
  return (signs[type] ?? chatIcon)();
}
