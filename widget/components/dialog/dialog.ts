import { html } from 'lit';
import { emit } from '../../events.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { FoyerElement } from '../foyer-element.ts';
import { closeIcon } from '../icons.ts';
import { dialogStyles } from './dialog.styles.ts';

/**
 * A question over the page; elements that ask one extend it. Opens when it is put into the page; Escape, a press
 * beside it or its button close it, and the focus goes back to where it was.
 *
 * @fires foyer-dismiss - It wants to be taken away.
 */
export abstract class FoyerDialog extends FoyerElement {
  static override styles = [controls, dialogStyles];

  protected abstract heading(): string;
  protected abstract content(): unknown;

  override render() {
    const close = staffText('dialog.close');
    return html`<dialog aria-labelledby="heading" @cancel=${this.#dismiss} @pointerdown=${this.#pressed}>
      <div class="box">
        <div class="head">
          <h2 id="heading">${this.heading()}</h2>
          <button class="icon-button" type="button" aria-label=${close} title=${close} @click=${this.#dismiss}>${closeIcon()}</button>
        </div>
        ${this.content()}
      </div>
    </dialog>`;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
    this.renderRoot.querySelector<HTMLElement>('[autofocus]')?.focus();
  }

  /** Close it: done, or given up. */
  protected dismiss(): void {
    this.renderRoot.querySelector('dialog')?.close();
    emit(this, 'foyer-dismiss');
  }

  #pressed = (event: Event): void => {
    if ((event.target as Element).localName === 'dialog') this.#dismiss(event);
  };

  #dismiss = (event: Event): void => {
    event.preventDefault();
    this.dismiss();
  };
}
