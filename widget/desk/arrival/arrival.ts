import { html, nothing } from 'lit';
import type { Loss } from '../../client/desk-protocol.ts';
import { duration } from '../../components/duration.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { clockIcon, infoIcon, warningIcon } from '../../components/icons.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { lossWords } from '../compose/loss-words.ts';
import type { PreviewView } from '../compose/preview-asker.ts';
import type { Reach } from '../compose/reach.ts';
import type { TextSize } from '../compose/text-size.ts';
import { arrivalStyles } from './arrival.styles.ts';

/** Below the composer: what will arrive of the message in the making, and how long one may still write. */
export class FoyerArrival extends FoyerElement {
  static override styles = [controls, arrivalStyles];
  static override properties = {
    size: { attribute: false },
    losses: { attribute: false },
    preview: { attribute: false },
    reach: { attribute: false },
    locale: {},
    open: { state: true },
  };

  declare size: TextSize | undefined;
  declare losses: readonly Loss[];
  declare preview: PreviewView | undefined;
  declare reach: Reach | undefined;
  declare locale: string;
  declare private open: boolean;

  constructor() {
    super();
    this.losses = [];
    this.locale = 'en';
    this.open = false;
  }

  override render() {
    const { preview } = this;
    const facts = [this.#size(), this.#window(), this.#toggle()];
    const quiet = this.losses.length === 0 && facts.every((fact) => fact === nothing);
    if (quiet) return nothing;
    return html`${preview !== undefined && this.open ? this.#preview(preview) : nothing}
      <div class="line">
        <div class="losses" role="status">${this.losses.length === 0 ? nothing : this.#losses()}</div>
        <div class="facts">${facts}</div>
      </div>`;
  }

  #losses() {
    return html`<ul aria-label=${text('arrive.list')}>${this.losses.map(
      (loss) =>
        html`<li class=${loss.blocks ? 'blocks' : ''}>${loss.blocks ? warningIcon() : infoIcon()}<bdi>${lossWords(loss, this.locale)}</bdi></li>`,
    )}</ul>`;
  }

  #size() {
    const { size, locale } = this;
    if (size === undefined) return nothing;
    const { used, max, unit, over, refused } = size;
    return html`<span class="size ${refused ? 'over' : over ? 'soon' : ''}">${text('arrive.size', {
      used: used.toLocaleString(locale),
      max: max.toLocaleString(locale),
      unit: text(`arrive.${unit}`),
    })}</span>`;
  }

  #window() {
    const { reach } = this;
    if (reach?.kind !== 'open') return nothing;
    const { ms, left, soon } = reach;
    const words = [text('reach.time', { time: duration(ms, this.locale) })];
    if (left !== undefined) words.push(left === 1 ? text('reach.leftOne') : text('reach.left', { count: left }));
    return html`<span class="window ${soon ? 'soon' : ''}">${soon ? warningIcon() : clockIcon()}${words.join(' · ')}</span>`;
  }

  #toggle() {
    if (this.preview === undefined) return nothing;
    return html`<button class="link" type="button" aria-expanded=${this.open ? 'true' : 'false'} @click=${() => {
      this.open = !this.open;
    }}>${text('arrive.preview')}</button>`;
  }

  #preview({ parts }: PreviewView) {
    return html`<div class="preview" role="region" tabindex="0" aria-label=${text('arrive.previewTitle')}>
      <h3>${text('arrive.previewTitle')}</h3>
      ${
        parts.length === 0
          ? html`<p>${text('arrive.nothing')}</p>`
          : html`<ol>${parts.map(
              ({ kind, text: words }) =>
                html`<li>${kind === 'text' ? nothing : html`<span class="kind">${text(`arrive.kind.${kind}`)}</span>`}${words === undefined ? nothing : html`<bdi>${words}</bdi>`}</li>`,
            )}</ol>`
      }
    </div>`;
  }
}
