import { html, nothing, svg } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { OfferView } from '../../client/desk-protocol.ts';
import '../../components/avatar/index.ts';
import '../../components/elapsed/index.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { noteIcon, transferIcon } from '../../components/icons.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../desk-events.ts';
import { customerName } from '../people.ts';
import { offersStyles } from './offers.styles.ts';

const round = 2 * Math.PI * 15;

/**
 * What rings at this desk, each with the time that is left to accept it.
 *
 * @fires foyer-desk-accept - Taken.
 * @fires foyer-desk-decline - Not taken.
 */
export class FoyerOffers extends FoyerElement {
  static override styles = [controls, offersStyles];
  static override properties = {
    offers: { attribute: false },
    skew: { type: Number },
    locale: {},
    busy: { attribute: false },
  };

  declare offers: readonly OfferView[];
  /** Server time minus page time, ms. */
  declare skew: number;
  declare locale: string;
  /** Sessions whose answer is on its way to the server. */
  declare busy: ReadonlySet<string>;

  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.offers = [];
    this.skew = 0;
    this.locale = 'en';
    this.busy = new Set();
  }

  override render() {
    if (this.offers.length === 0) return html`<div role="alert"></div>`;
    return html`<section aria-label=${text('offer.region')}>
      <div role="alert" class="visually-hidden">${text('offer.rings', { name: customerName((this.offers[0] as OfferView).session.customer) })}</div>
      ${repeat(
        this.offers,
        ({ id }) => id,
        (offer) => this.#offer(offer),
      )}
    </section>`;
  }

  #offer(offer: OfferView) {
    const { session, sessionId } = offer;
    const name = customerName(session.customer);
    const busy = this.busy.has(sessionId);
    const since = session.waitingSince ?? session.queuedAt;
    return html`<article aria-label=${name}>
      <div class="head">
        ${this.#countdown(offer)}
        <div class="who">
          <span class="kind">${
            offer.kind === 'transfer'
              ? html`${transferIcon()}<bdi>${text('offer.transfer', { name: offer.from?.name ?? '' })}</bdi>`
              : text('offer.title')
          }</span>
          <bdi class="name">${name}</bdi>
          <span class="facts"><bdi>${session.queue.name}</bdi>${
            since
              ? html` · ${beforeAndAfter('offer.waited', html`<foyer-elapsed .since=${since} .skew=${this.skew} .locale=${this.locale}></foyer-elapsed>`)}`
              : nothing
          }</span>
        </div>
      </div>
      ${session.preview ? html`<p class="preview" dir="auto">${session.preview.text}</p>` : nothing}
      ${offer.note ? html`<p class="note" dir="auto">${noteIcon()}<span>${offer.note}</span></p>` : nothing}
      <div class="answers">
        <button class="button primary" type="button" ?disabled=${busy} @click=${() => emit(this, 'foyer-desk-accept', { session: sessionId })}>${text('offer.accept')}</button>
        <button class="button" type="button" ?disabled=${busy} @click=${() => emit(this, 'foyer-desk-decline', { session: sessionId })}>${text('offer.decline')}</button>
      </div>
    </article>`;
  }

  #countdown({ madeAt, expiresAt }: OfferView) {
    const ends = Date.parse(expiresAt);
    const left = Math.max(0, ends - (Date.now() + this.skew));
    const share = Math.min(1, left / Math.max(1, ends - Date.parse(madeAt)));
    const seconds = Math.ceil(left / 1000);
    return html`<span class="countdown" role="timer" aria-label=${text('offer.left', { seconds })}>
      ${svg`<svg viewBox="0 0 36 36" aria-hidden="true"><circle cx="18" cy="18" r="15"/><circle class="left" cx="18" cy="18" r="15"
        stroke-dasharray=${round} stroke-dashoffset=${round * (1 - share)} transform="rotate(-90 18 18)"/></svg>`}
      <span>${seconds}</span>
    </span>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  protected override updated(): void {
    if (this.offers.length > 0) this.#timer ??= setInterval(() => this.requestUpdate(), 500);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}

/** A sentence with an element in the place of its `{time}`. */
function beforeAndAfter(key: 'offer.waited', element: unknown) {
  const [before = '', after = ''] = text(key, { time: '\u0000' }).split('\u0000');
  return html`${before}${element}${after}`;
}
