import { html, nothing } from 'lit';
import { emit } from '../../events.ts';
import { text } from '../../locales/common/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { FoyerElement } from '../foyer-element.ts';
import { starIcon } from '../icons.ts';
import { ratingStyles } from './rating.styles.ts';

const scores = [1, 2, 3, 4, 5];

/**
 * One to five stars, and words if one likes.
 *
 * @fires foyer-rate - The person's rating.
 * @csspart rating - The card.
 */
export class FoyerRating extends FoyerElement {
  static override styles = [controls, ratingStyles];
  static override properties = { done: { type: Boolean }, score: { state: true }, comment: { state: true } };

  /** It has been given: only thanks are shown. */
  declare done: boolean;
  declare private score: number;
  declare private comment: string;

  constructor() {
    super();
    this.done = false;
    this.score = 0;
    this.comment = '';
  }

  override render() {
    if (this.done) return html`<p part="rating" role="status">${text('rating.thanks')}</p>`;
    return html`<form part="rating" @submit=${this.#send}>
      <fieldset>
        <legend>${text('rating.question')}</legend>
        ${scores.map(
          (score) => html`<label class=${score <= this.score ? 'lit' : ''} title=${text('rating.score', { score })}>
            <input type="radio" name="score" value=${score} .checked=${score === this.score} @change=${() => (this.score = score)} aria-label=${text('rating.score', { score })} />
            ${starIcon()}
          </label>`,
        )}
      </fieldset>
      ${
        this.score === 0
          ? nothing
          : html`<textarea rows="2" maxlength="1000" dir="auto" placeholder=${text('rating.comment')} aria-label=${text('rating.comment')}
              .value=${this.comment} @input=${this.#written}></textarea>
            <button class="button primary" type="submit">${text('rating.send')}</button>`
      }
    </form>`;
  }

  #written = (event: Event): void => {
    this.comment = (event.target as HTMLTextAreaElement).value;
  };

  #send = (event: Event): void => {
    event.preventDefault();
    const comment = this.comment.trim();
    emit(this, 'foyer-rate', { score: this.score, ...(comment !== '' && { comment }) });
  };
}
