import { html } from 'lit';
import { FoyerElement } from '../../components/foyer-element.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../desk-events.ts';
import { replyIcon } from '../icons.ts';
import { quoteButtonStyles } from './quote-button.styles.ts';

/**
 * Beside a message that can be quoted.
 *
 * @fires foyer-desk-quote - The next message is to quote this one.
 */
export class FoyerQuoteButton extends FoyerElement {
  static override styles = [controls, quoteButtonStyles];
  static override properties = { message: {} };

  /** The message's id. */
  declare message: string;

  constructor() {
    super();
    this.message = '';
  }

  override render() {
    const label = text('quote.reply');
    return html`<button class="icon-button" type="button" aria-label=${label} title=${label}
      @click=${() => emit(this, 'foyer-desk-quote', { message: this.message })}>${replyIcon()}</button>`;
  }
}
