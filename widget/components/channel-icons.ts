import { svg, type TemplateResult } from 'lit';
import { chatIcon, globeIcon } from './icons.ts';

/** A drawing in the text's colour, on a 24-unit grid. */
export const sign = (paths: TemplateResult): TemplateResult => svg`<svg
  viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

/** Signs of channel types, drawn for Foyer: nobody's trademark. */
const signs: Record<string, () => TemplateResult> = {
  web: globeIcon,
  // Two sheets of talk, one over the other.
  wechat: () =>
    sign(
      svg`<path d="M14.500 8V6.500a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v4a2 2 0 0 0 2 2h.5V15l1.800-1.500"/><path d="M11.500 10.500h7a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H18V21l-3-2.500h-3.500a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2Z"/>`,
    ),
  // A square bubble with a line of words.
  line: () =>
    sign(
      svg`<path d="M6.500 4.500h11a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H13l-4.500 3.500v-3.500h-2a3 3 0 0 1-3-3v-6a3 3 0 0 1 3-3Z"/><path d="M8 10.500h8"/>`,
    ),
  // Somebody in a bubble.
  facebook: () =>
    sign(
      svg`<path d="M6 4.500h12a2.500 2.500 0 0 1 2.500 2.500v8a2.500 2.500 0 0 1-2.500 2.500h-3L12 20.500l-3-3H6A2.500 2.500 0 0 1 3.500 15V7A2.500 2.500 0 0 1 6 4.500Z"/><circle cx="12" cy="9.300" r="1.700"/><path d="M8.500 14.500c.4-1.600 1.700-2.300 3.500-2.300s3.100.7 3.500 2.300"/>`,
    ),
  // A message to one name.
  twitter: () =>
    sign(
      svg`<circle cx="12" cy="12" r="3.600"/><path d="M15.600 8.400v4.800a2.500 2.500 0 0 0 5 0V12a8.600 8.600 0 1 0-3.400 6.800"/>`,
    ),
  // A handset.
  whatsapp: () =>
    sign(
      svg`<path d="M8.200 4.500 5.500 5.700c-1 .5-1.300 1.700-1 3.300 1 5 5.500 9.500 10.500 10.500 1.600.3 2.800 0 3.300-1l1.200-2.700-4-2.300-1.700 1.800a9.500 9.500 0 0 1-5.100-5.100l1.800-1.700Z"/>`,
    ),
  // The squares of a code to scan.
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
