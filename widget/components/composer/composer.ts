import { html, nothing } from 'lit';
import { emit } from '../../events.ts';
import { text } from '../../locales/common/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { FoyerElement } from '../foyer-element.ts';
import { attachIcon, sendIcon } from '../icons.ts';
import { composerStyles } from './composer.styles.ts';

/** Someone who has not pressed a key for this long has stopped writing, ms. */
const typingPause = 3_000;

/**
 * Where messages are written. Enter sends, Shift+Enter begins a new line; while an input method composes, Enter is its.
 *
 * @slot tray - Above the text: files on their way.
 * @slot tools - Beside the attach button.
 * @fires foyer-send - Send this text, with the files that are ready.
 * @fires foyer-files - Files were chosen or pasted.
 * @fires foyer-typing - The person began, goes on or stopped writing.
 * @csspart composer - The box.
 * @csspart input - The text field.
 * @csspart send - The send button.
 */
export class FoyerComposer extends FoyerElement {
  static override styles = [controls, composerStyles];
  static override properties = {
    value: {},
    placeholder: {},
    maxLength: { type: Number },
    attach: { type: Boolean },
    accept: {},
    filesReady: { attribute: false },
    filesBusy: { attribute: false },
    disabled: { type: Boolean },
  };

  /** The draft. */
  declare value: string;
  declare placeholder: string;
  /** UTF-16 units. */
  declare maxLength: number;
  declare attach: boolean;
  /** As `<input accept>`. */
  declare accept: string;
  /** Files are ready: a message may go without text. */
  declare filesReady: boolean;
  /** Wait: files are on their way, or something of the message has to be put right. */
  declare filesBusy: boolean;
  declare disabled: boolean;

  #typing = false;
  /** When it was last told; told again while it lasts, for others believe it only so long. */
  #saidTyping = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.value = '';
    this.placeholder = '';
    this.maxLength = 10_000;
    this.attach = false;
    this.accept = '';
    this.filesReady = false;
    this.filesBusy = false;
    this.disabled = false;
  }

  override focus(): void {
    this.renderRoot.querySelector('textarea')?.focus({ preventScroll: true });
  }

  get sendable(): boolean {
    const written = this.value.trim() !== '';
    return !this.disabled && !this.filesBusy && (written || this.filesReady) && this.#excess <= 0;
  }

  get #excess(): number {
    return this.value.length - this.maxLength;
  }

  override render() {
    return html`<div class="box" part="composer">
      <slot name="tray"></slot>
      <div class="line">
        ${
          this.attach
            ? html`<button class="icon-button" type="button" ?disabled=${this.disabled} @click=${this.#choose} aria-label=${text('composer.attach')} title=${text('composer.attach')}>${attachIcon()}</button>
              <input class="chosen" type="file" multiple hidden accept=${this.accept} @change=${this.#chosen} aria-label=${text('composer.attach')} />`
            : nothing
        }
        <slot name="tools"></slot>
        <div class="field" data-text=${this.value}>
          <textarea part="input" rows="1" dir="auto" enterkeyhint="send" .value=${this.value} ?disabled=${this.disabled}
            placeholder=${this.placeholder || text('composer.placeholder')} aria-label=${text('composer.label')}
            @input=${this.#written} @keydown=${this.#pressed} @paste=${this.#pasted} @blur=${() => this.#type(false)}></textarea>
        </div>
        <button class="send" part="send" type="button" ?disabled=${!this.sendable} @click=${this.#send} aria-label=${text('composer.send')} title=${text('composer.send')}>${sendIcon()}</button>
      </div>
      ${this.#excess > 0 ? html`<div class="excess" role="status">${text('composer.long', { count: this.#excess })}</div>` : nothing}
    </div>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#type(false);
  }

  #written = (event: Event): void => {
    this.value = (event.target as HTMLTextAreaElement).value;
    this.#type(this.value.trim() !== '');
  };

  #pressed = (event: KeyboardEvent): void => {
    // 229: Safari reports the Enter that ends a composition after `compositionend`.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || composing) return;
    event.preventDefault();
    this.#send();
  };

  #pasted = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!this.attach || files.length === 0) return;
    event.preventDefault();
    emit(this, 'foyer-files', { files });
  };

  #choose = (): void => this.renderRoot.querySelector<HTMLInputElement>('.chosen')?.click();

  #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) emit(this, 'foyer-files', { files });
    this.focus();
  };

  #send = (): void => {
    if (!this.sendable) return;
    const value = this.value.trim();
    this.value = '';
    this.#type(false);
    emit(this, 'foyer-send', { text: value });
    this.focus();
  };

  #type(typing: boolean): void {
    clearTimeout(this.#timer);
    if (typing) this.#timer = setTimeout(() => this.#type(false), typingPause);
    const lately = performance.now() - this.#saidTyping < typingPause;
    if (typing === this.#typing && (!typing || lately)) return;
    this.#typing = typing;
    this.#saidTyping = performance.now();
    emit(this, 'foyer-typing', { typing });
  }
}
