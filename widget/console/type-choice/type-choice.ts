import { html, nothing } from 'lit';
import type { ChannelTypeFacts } from '../../client/configuration.ts';
import { channelSign } from '../../components/channel-icons.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/console/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../console-events.ts';
import { markOf } from '../setting/fields.ts';
import { typeTitle } from '../type-title.ts';
import { typeChoiceStyles } from './type-choice.styles.ts';

/**
 * What kind of channel a new one is.
 *
 * @fires foyer-type-chosen - This one.
 */
export class FoyerTypeChoice extends FoyerElement {
  static override styles = [controls, typeChoiceStyles];
  static override properties = { types: { attribute: false } };

  declare types: readonly ChannelTypeFacts[];

  constructor() {
    super();
    this.types = [];
  }

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  override render() {
    return html`<ul role="list">${this.types.map((type) => this.#type(type))}</ul>`;
  }

  #type({ type, title, settings }: ChannelTypeFacts) {
    const mark = markOf(settings);
    return html`<li><button type="button" @click=${() => emit(this, 'foyer-type-chosen', { type })}>
      <span class="sign">${channelSign(type)}</span>
      <span class="name"><b>${typeTitle(type, title)}</b><code>${type}</code>
        ${mark === undefined ? nothing : html`<span class="mark">${text(`mark.${mark}`)}</span>`}</span>
    </button></li>`;
  }
}
