import { html } from 'lit';
import { controls } from '../../theme/controls.styles.ts';
import { FoyerElement } from '../foyer-element.ts';
import { popoverStyles } from './popover.styles.ts';

/**
 * A button with a panel that opens below it. Escape, a press elsewhere or leaving it by keyboard close it; arrow keys
 * move between the panel's buttons.
 *
 * @slot label - What stands in the button.
 * @slot - The panel. Elements with `data-dismiss` close it when pressed.
 * @csspart button - The button.
 * @csspart panel - The panel.
 */
export class FoyerPopover extends FoyerElement {
  static override styles = [controls, popoverStyles];
  static override properties = { label: {}, open: { type: Boolean, reflect: true } };

  /** The button's name for those who do not see it: read before what stands in it. */
  declare label: string;
  declare open: boolean;

  constructor() {
    super();
    this.label = '';
    this.open = false;
  }

  override render() {
    return html`<button class="trigger" part="button" type="button" title=${this.label}
        aria-expanded=${this.open ? 'true' : 'false'} @click=${this.#toggle}><span class="visually-hidden">${this.label}</span><slot name="label"></slot></button>
      <div class="panel" part="panel" ?hidden=${!this.open} @click=${this.#chosen}><slot></slot></div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#pressed);
    this.addEventListener('focusout', this.#left);
    document.addEventListener('pointerdown', this.#elsewhere);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.#pressed);
    this.removeEventListener('focusout', this.#left);
    document.removeEventListener('pointerdown', this.#elsewhere);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>('.trigger')?.focus();
  }

  #toggle = (): void => {
    this.open = !this.open;
  };

  #chosen = (event: Event): void => {
    if (event.composedPath().some((each) => each instanceof Element && each.hasAttribute('data-dismiss'))) this.close();
  };

  #pressed = (event: KeyboardEvent): void => {
    if (!this.open) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.close();
      return;
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    if (event.target instanceof HTMLSelectElement) return;
    const buttons = this.#entries();
    const at = buttons.indexOf(event.target as HTMLElement);
    const next = buttons[(at + (event.key === 'ArrowDown' ? 1 : -1) + buttons.length) % buttons.length];
    event.preventDefault();
    next?.focus();
  };

  /** Buttons and links of the panel, also those that another element put into its slots. */
  #entries(): HTMLElement[] {
    const wanted = 'button, a[href]';
    return [...this.querySelectorAll<HTMLElement>(`${wanted}, slot`)].flatMap((element) =>
      element instanceof HTMLSlotElement
        ? element.assignedElements().filter((each): each is HTMLElement => each.matches(wanted))
        : [element],
    );
  }

  /** Whether an element stands in the panel, also through the slots of the element around. */
  #holds(element: Element): boolean {
    if (this.contains(element)) return true;
    return [...this.querySelectorAll('slot')].some((slot) =>
      slot.assignedElements({ flatten: true }).some((each) => each.contains(element)),
    );
  }

  #left = (event: FocusEvent): void => {
    const next = event.relatedTarget;
    if (next instanceof Element && !this.#holds(next)) this.open = false;
  };

  #elsewhere = (event: Event): void => {
    if (this.open && !event.composedPath().includes(this)) this.open = false;
  };
}
