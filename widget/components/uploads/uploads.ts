import { html, nothing, type TemplateResult } from 'lit';
import { emit } from '../../events.ts';
import { text } from '../../locales/common/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { fileSize } from '../format.ts';
import { FoyerElement } from '../foyer-element.ts';
import { closeIcon, fileIcon, retryIcon } from '../icons.ts';
import { uploadsStyles } from './uploads.styles.ts';

/** A file on its way, as the tray shows it. */
export interface TrayItem {
  id: string;
  name: string;
  contentType: string;
  /** Bytes. */
  size: number;
  sent: number;
  state: 'uploading' | 'waiting' | 'ready' | 'failed' | 'refused';
  reason?: 'too-large' | 'type' | 'empty' | 'too-many' | 'not-loaded' | undefined;
  message?: string;
  /** What becomes of it on its way, beside its size. */
  note?: string | undefined;
  /** Address of a picture to show. */
  preview?: string;
}

/**
 * Files of the message in the making, with their progress.
 *
 * @fires foyer-upload-cancel - Take this file away.
 * @fires foyer-upload-retry - Try this file again.
 * @csspart upload - One file.
 */
export class FoyerUploads extends FoyerElement {
  static override styles = [controls, uploadsStyles];
  static override properties = { items: { attribute: false }, maxBytes: { type: Number }, locale: {} };

  declare items: readonly TrayItem[];
  declare maxBytes: number;
  declare locale: string;

  constructor() {
    super();
    this.items = [];
    this.maxBytes = 0;
    this.locale = 'en';
  }

  override render() {
    if (this.items.length === 0) return nothing;
    return html`<ul>${this.items.map((item) => this.#item(item))}</ul>`;
  }

  #item(item: TrayItem): TemplateResult {
    const { id, name } = item;
    const bad = item.state === 'failed' || item.state === 'refused';
    return html`<li part="upload" class=${bad ? 'bad' : item.state}>
      ${item.preview === undefined ? html`<span class="symbol">${fileIcon()}</span>` : html`<img src=${item.preview} alt="" />`}
      <span class="facts">
        <bdi class="name">${name}</bdi>
        <span class="detail" role=${bad ? 'alert' : nothing}>${this.#detail(item)}</span>
        ${
          item.state === 'uploading' || item.state === 'waiting'
            ? html`<progress max="1" value=${item.sent / item.size} aria-label=${text('upload.progress', { name })}></progress>`
            : nothing
        }
      </span>
      ${
        item.state === 'failed'
          ? html`<button class="icon-button" type="button" aria-label=${text('upload.retry', { name })} @click=${() => emit(this, 'foyer-upload-retry', { id })}>${retryIcon()}</button>`
          : nothing
      }
      <button class="icon-button" type="button" aria-label=${text('upload.cancel', { name })} @click=${() => emit(this, 'foyer-upload-cancel', { id })}>${closeIcon()}</button>
    </li>`;
  }

  #detail(item: TrayItem): string {
    if (item.state === 'waiting') return text('upload.paused');
    if (item.reason === 'not-loaded') return text('load.failed');
    if (item.state === 'failed') return item.message || text('upload.failed');
    if (item.reason === 'too-large') return text('upload.tooLarge', { limit: fileSize(this.maxBytes, this.locale) });
    if (item.reason === 'empty') return text('upload.empty');
    if (item.reason === 'too-many') return text('upload.tooMany');
    if (item.state === 'refused') return text('upload.typeRefused');
    const size = fileSize(item.size, this.locale);
    return item.note ? `${size} · ${item.note}` : size;
  }
}
