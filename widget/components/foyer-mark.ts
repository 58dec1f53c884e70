import { svg } from 'lit';

/** Foyer's mark: a door that stands open. Drawn for Foyer, in the text's colour. */
export const foyerMark = () => svg`<svg viewBox="0 0 24 24" fill="none" aria-hidden="true">
  <path d="M5 20.5V6.2A2.7 2.7 0 0 1 7.7 3.500h8.600A2.7 2.7 0 0 1 19 6.200v14.3" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>
  <path d="M8.8 20.500V7.600l6.4 2.200v10.700z" fill="currentColor"/>
  <path d="M2.8 20.500h18.4" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>
</svg>`;
