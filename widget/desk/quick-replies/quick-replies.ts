import { html, nothing } from 'lit';
import type { Capabilities } from '../../client/desk-protocol.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { closeIcon } from '../../components/icons.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { sizeOf } from '../compose/text-size.ts';
import '../desk-events.ts';
import { quickRepliesStyles } from './quick-replies.styles.ts';

/** How many a channel without buttons is given as a list. */
const listed = 10;

/**
 * Answers for the customer to tap, as many as the channel takes.
 *
 * @fires foyer-desk-replies - They were changed; none at all closes the tool.
 */
export class FoyerQuickReplies extends FoyerElement {
  static override styles = [controls, quickRepliesStyles];
  static override properties = { replies: { attribute: false }, capabilities: { attribute: false }, locale: {} };

  declare replies: readonly string[];
  declare capabilities: Capabilities;
  declare locale: string;

  constructor() {
    super();
    this.replies = [];
    this.locale = 'en';
  }

  override render() {
    const { quickReplies } = this.capabilities;
    const max = quickReplies?.max ?? listed;
    return html`<p class="hint">${this.#hint()}</p>
      <ul>${this.replies.map((title, index) => this.#reply(title, index))}
        ${
          this.replies.length < max
            ? html`<li class="more"><button class="link add" type="button" @click=${this.#add}>${text('buttons.add')}</button></li>`
            : nothing
        }</ul>`;
  }

  #hint(): string {
    const { quickReplies } = this.capabilities;
    if (quickReplies === undefined) return text('buttons.asList');
    const { max, title } = quickReplies;
    return text('buttons.hint', { max, length: title.max, unit: text(`arrive.${title.unit}`) });
  }

  #reply(title: string, index: number) {
    const { quickReplies } = this.capabilities;
    const number = index + 1;
    const long = quickReplies !== undefined && sizeOf(title.trim(), quickReplies.title.unit) > quickReplies.title.max;
    const label = text('buttons.label', { number });
    return html`<li class="reply ${long ? 'long' : ''}">
      <input type="text" maxlength="200" dir="auto" .value=${title} aria-label=${label} placeholder=${label}
        title=${long ? text('buttons.long') : nothing}
        @input=${(event: Event) => this.#change(index, (event.target as HTMLInputElement).value)} @keydown=${this.#pressed} />
      <button class="icon-button" type="button" aria-label=${text('buttons.remove', { number })}
        @click=${() => this.#tell(this.replies.filter((_, at) => at !== index))}>${closeIcon()}</button>
    </li>`;
  }

  /** Write in the newest one. */
  override focus(): void {
    [...this.renderRoot.querySelectorAll('input')].at(-1)?.focus();
  }

  #pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('.add')?.click();
  };

  #add = async (): Promise<void> => {
    this.#tell([...this.replies, '']);
    await this.updateComplete;
    this.focus();
  };

  #change(index: number, title: string): void {
    this.#tell(this.replies.map((before, at) => (at === index ? title : before)));
  }

  #tell(replies: readonly string[]): void {
    this.replies = replies;
    emit(this, 'foyer-desk-replies', { replies });
  }
}
