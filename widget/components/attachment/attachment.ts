import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Attachment, FileFacts, MediaAddress } from '../../../adapters/contract/index.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/common/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { fileSize } from '../format.ts';
import { FoyerElement } from '../foyer-element.ts';
import { downloadIcon, fileIcon, imageIcon } from '../icons.ts';
import { attachmentStyles } from './attachment.styles.ts';

type Shown = Pick<Attachment, 'contentType' | 'contentUrl' | 'name' | 'content'>;

/** Longest side of a picture in a conversation, CSS pixels. */
const pictureSide = 260;

/**
 * A file of a message: picture, sound, film, or a card to open it with.
 *
 * @fires foyer-picture-open - A picture was chosen to be seen large.
 * @csspart picture - The picture's button.
 * @csspart file - The card of any other file.
 */
export class FoyerAttachment extends FoyerElement {
  static override styles = [controls, attachmentStyles];
  static override properties = { attachment: { attribute: false }, address: { attribute: false }, locale: {} };

  declare attachment: Shown | undefined;
  /** Where it is now; undefined while not known. */
  declare address: MediaAddress | undefined;
  declare locale: string;

  constructor() {
    super();
    this.locale = 'en';
  }

  override render() {
    const { attachment, address } = this;
    if (attachment === undefined) return nothing;
    // Places, contacts, cards: an element of their own, which pages that never show one do not load.
    if (attachment.contentUrl === undefined)
      return html`<foyer-fact .attachment=${attachment} exportparts="fact"></foyer-fact>`;
    const type = address?.contentType ?? attachment.contentType;
    const name = address?.name ?? attachment.name ?? '';
    const gone = address !== undefined && !['pending', 'ready'].includes(address.state);
    if (gone) return this.#card(name, address.hint || text('attachment.unavailable'));
    if (type.startsWith('image/')) return this.#picture(name);
    if (address?.url === undefined) return this.#card(name, text('attachment.pending'));
    if (type.startsWith('audio/')) {
      const { transcript } = this.#facts;
      return html`<audio controls preload="metadata" src=${address.url} title=${name}></audio>
        ${transcript === undefined ? nothing : html`<span class="detail">${text('attachment.transcript')}: <bdi>${transcript}</bdi></span>`}`;
    }
    if (type.startsWith('video/'))
      return html`<video controls preload="metadata" src=${address.url} title=${name}></video>`;
    return this.#card(name, fileSize(address.size, this.locale), address.url);
  }

  get #facts(): FileFacts {
    return (this.attachment?.content ?? {}) as FileFacts;
  }

  #picture(name: string): TemplateResult {
    const { address } = this;
    const { width: knownWidth = 4, height: knownHeight = 3, sticker } = this.#facts;
    const width = address?.width ?? knownWidth;
    const height = address?.height ?? knownHeight;
    const scale = Math.min(pictureSide / width, pictureSide / height, width > 4 ? 1 : Number.POSITIVE_INFINITY);
    const [shownWidth, shownHeight] = [
      Math.max(48, Math.round(width * scale)),
      Math.max(48, Math.round(height * scale)),
    ];
    const source = address?.thumbnailUrl ?? address?.url;
    if (source === undefined) {
      return html`<span class="picture blank" part="picture" role="img" aria-label=${text('attachment.picture', { name })}>
        ${svg`<svg class="space" width=${shownWidth} height=${shownHeight} viewBox="0 0 ${shownWidth} ${shownHeight}"></svg>`}
        ${imageIcon()}
      </span>`;
    }
    return html`<button class="picture${sticker === true ? ' sticker' : ''}" part="picture" type="button" @click=${() => this.#open(name)} aria-label=${text('attachment.open', { name })}>
      <img src=${source} width=${shownWidth} height=${shownHeight} alt=${text('attachment.picture', { name })} loading="lazy" decoding="async" />
    </button>`;
  }

  #card(name: string, detail: string, url?: string): TemplateResult {
    const content = html`<span class="symbol">${fileIcon()}</span>
      <span class="facts"><bdi class="name">${name}</bdi><span class="detail">${detail}</span></span>
      ${url === undefined ? nothing : downloadIcon()}`;
    if (url === undefined) return html`<span class="file" part="file">${content}</span>`;
    return html`<a class="file" part="file" href=${url} target="_blank" rel="noopener noreferrer" download=${name}>${content}</a>`;
  }

  #open(name: string): void {
    emit(this, 'foyer-picture-open', { media: this.attachment?.contentUrl ?? '', name });
  }
}
