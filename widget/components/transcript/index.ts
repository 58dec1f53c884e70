import { register } from '../foyer-element.ts';
import { FoyerTranscript } from './transcript.ts';

register('foyer-transcript', FoyerTranscript);

declare global {
  interface HTMLElementTagNameMap {
    'foyer-transcript': FoyerTranscript;
  }
}
