import { html } from 'lit';
import { FoyerElement } from '../../components/foyer-element.ts';
import { copyIcon, tickIcon } from '../../components/icons.ts';
import { text } from '../../locales/console/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { copyLineStyles } from './copy-line.styles.ts';

/** How long "copied" is shown, ms. */
const copiedTime = 2_500;

/** Something to be copied elsewhere, with what it is. */
export class FoyerCopyLine extends FoyerElement {
  static override styles = [controls, copyLineStyles];
  static override properties = { label: {}, content: {}, copied: { state: true } };

  declare label: string;
  declare content: string;
  declare private copied: '' | 'copied' | 'copyFailed';

  constructor() {
    super();
    this.label = '';
    this.content = '';
    this.copied = '';
  }

  override render() {
    const words = text(this.copied === '' ? 'channels.copy' : `channels.${this.copied}`);
    return html`<div class="line"><span id="label">${this.label}</span>
        <button class="copy" type="button" aria-describedby="label" @click=${this.#copy}>${this.copied === 'copied' ? tickIcon() : copyIcon()}<span aria-live="polite">${words}</span></button></div>
      <pre tabindex="0" role="group" aria-labelledby="label"><code>${this.content}</code></pre>`;
  }

  #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.content);
      this.copied = 'copied';
    } catch {
      const code = this.renderRoot.querySelector('pre');
      if (code) getSelection()?.selectAllChildren(code);
      this.copied = 'copyFailed';
    }
    setTimeout(() => {
      this.copied = '';
    }, copiedTime);
  };
}
