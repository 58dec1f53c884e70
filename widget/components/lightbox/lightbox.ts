import { html, nothing } from 'lit';
import type { MediaAddress } from '../../../adapters/contract/index.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/common/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { FoyerElement } from '../foyer-element.ts';
import { closeIcon, externalIcon } from '../icons.ts';
import { lightboxStyles } from './lightbox.styles.ts';

/**
 * A picture over the whole page. Escape, a click beside it, or the button close it; the focus goes back.
 *
 * @fires foyer-dismiss - It wants to close.
 * @csspart picture - The picture.
 */
export class FoyerLightbox extends FoyerElement {
  static override styles = [controls, lightboxStyles];
  static override properties = { address: { attribute: false }, name: {} };

  declare address: MediaAddress | undefined;
  declare name: string;

  constructor() {
    super();
    this.name = '';
  }

  override render() {
    const { address, name } = this;
    return html`<dialog aria-label=${text('attachment.picture', { name })} @cancel=${this.#dismiss} @click=${this.#clicked} @keydown=${this.#pressed}>
      <div class="bar">
        <bdi class="name">${name}</bdi>
        ${address?.url === undefined ? nothing : html`<a class="icon-button" href=${address.url} target="_blank" rel="noopener noreferrer" aria-label=${text('lightbox.original')} title=${text('lightbox.original')}>${externalIcon()}</a>`}
        <button class="icon-button" type="button" @click=${this.#dismiss} aria-label=${text('lightbox.close')} title=${text('lightbox.close')}>${closeIcon()}</button>
      </div>
      ${address?.url === undefined ? nothing : html`<img part="picture" src=${address.url} alt=${text('attachment.picture', { name })} />`}
    </dialog>`;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  #clicked = (event: Event): void => {
    if ((event.target as Element).localName === 'dialog') this.#dismiss(event);
  };

  // Keys pressed over the picture are nobody else's: Escape closes the picture, not the widget under it.
  #pressed = (event: KeyboardEvent): void => event.stopPropagation();

  #dismiss = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector('dialog')?.close();
    emit(this, 'foyer-dismiss');
  };
}
