import { svg } from 'lit';
import { sign } from '../components/channel-icons.ts';

/** Drawings that only the desk needs. */
export const replyIcon = () =>
  sign(svg`<path d="M9.500 6 4 11.500 9.500 17"/><path d="M4.500 11.500H14a6 6 0 0 1 6 6v.500"/>`);
export const buttonsIcon = () =>
  sign(
    svg`<rect x="3.500" y="4.500" width="17" height="6" rx="3"/><rect x="3.500" y="13.500" width="17" height="6" rx="3"/><path d="M8.500 7.500h7M8.500 16.500h7"/>`,
  );
