import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DeadLetter, DeadLetterPage } from '../../client/channel-administration.ts';
import { FoyerDialog } from '../../components/dialog/dialog.ts';
import { text } from '../../locales/console/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { when } from '../channel-state.ts';
import { inputStyles } from '../input.styles.ts';
import { deadLettersStyles } from './dead-letters.styles.ts';

/**
 * Messages of a channel that did not arrive, or perhaps did not, to be sent again.
 *
 * @fires foyer-dismiss - Done.
 */
export class FoyerDeadLetters extends FoyerDialog {
  static override styles = [...FoyerDialog.styles, inputStyles, deadLettersStyles];
  static override properties = {
    name: {},
    locale: {},
    read: { attribute: false },
    again: { attribute: false },
    letters: { state: true },
    next: { state: true },
    asking: { state: true },
    problems: { state: true },
    busy: { state: true },
    said: { state: true },
  };

  /** The channel's name. */
  declare name: string;
  declare locale: string;
  declare read: (cursor?: string) => Promise<DeadLetterPage>;
  /** Send one again; `confirm` even if it may arrive twice. */
  declare again: (id: string, confirm: boolean) => Promise<void>;
  declare private letters: DeadLetter[] | undefined;
  declare private next: string | undefined;
  /** The letter about which is asked whether it may arrive twice. */
  declare private asking: string;
  /** What is wrong, by letter; under the empty name with the list. */
  declare private problems: Readonly<Record<string, string>>;
  declare private busy: boolean;
  declare private said: string;

  constructor() {
    super();
    this.name = '';
    this.locale = 'en';
    this.asking = '';
    this.problems = {};
    this.busy = false;
    this.said = '';
  }

  protected heading(): string {
    return text('dead.title', { name: this.name });
  }

  protected content() {
    const { letters } = this;
    return html`<p class="lead">${text('dead.lead')}</p>
      <p class="said" role="status">${letters === undefined && !this.problems[''] ? staffText('page.loading') : letters?.length === 0 ? text('dead.none') : this.said}</p>
      <p class="problem" role="alert">${this.problems['']}</p>
      <ul role="list">${repeat(
        letters ?? [],
        ({ id }) => id,
        (letter) => this.#letter(letter),
      )}</ul>
      <div class="foot">${this.next === undefined ? nothing : html`<button class="button" type="button" ?disabled=${this.busy} @click=${this.#more}>${text('dead.more')}</button>`}
        <button class="button close" type="button" autofocus @click=${() => this.dismiss()}>${staffText('dialog.close')}</button></div>`;
  }

  #letter(letter: DeadLetter) {
    const { id, session, state, reason, createdAt } = letter;
    return html`<li data-id=${id}>
      <p><b class=${state}>${text(`dead.${state}`)}</b> · <time datetime=${createdAt}>${when(createdAt, this.locale)}</time> · <a class="link" href=${`/desk#${session}`}>${text('dead.session')}</a></p>
      ${reason === undefined ? nothing : html`<p class="reason">${reason.text}${reason.code === undefined ? nothing : html` <code>${reason.code}</code>`}</p>`}
      <p class="problem" role="alert">${this.problems[id]}</p>
      ${
        this.asking === id
          ? html`<div class="ask" role="group" aria-label=${text('dead.twice')}><p>${text('dead.twice')}</p>
            <button class="small yes" type="button" ?disabled=${this.busy} @click=${() => this.#send(letter, true)}>${text('dead.sendAnyway')}</button>
            <button class="small" type="button" @click=${() => this.#ask('')}>${staffText('dialog.cancel')}</button></div>`
          : html`<button class="small" type="button" ?disabled=${this.busy} @click=${() => (state === 'unconfirmed' ? this.#ask(id) : this.#send(letter, false))}>${text('dead.again')}</button>`
      }
    </li>`;
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    void this.#more();
  }

  #more = async (): Promise<void> => {
    this.busy = true;
    try {
      const { items, next } = await this.read(this.next);
      this.letters = [...(this.letters ?? []), ...items];
      this.next = next;
      this.problems = {};
    } catch (error) {
      this.problems = { '': (error as Error).message };
    } finally {
      this.busy = false;
    }
  };

  async #ask(id: string): Promise<void> {
    const before = this.asking;
    this.asking = id;
    await this.updateComplete;
    const at = id === '' ? `[data-id="${CSS.escape(before)}"] .small` : '.yes';
    this.renderRoot.querySelector<HTMLElement>(at)?.focus();
  }

  async #send({ id }: DeadLetter, confirm: boolean): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.again(id, confirm);
      this.letters = this.letters?.filter((each) => each.id !== id);
      this.problems = {};
      this.asking = '';
      this.said = text('dead.sent');
    } catch (error) {
      this.problems = { [id]: (error as Error).message };
    } finally {
      this.busy = false;
    }
    await this.updateComplete;
    // The button that was pressed is gone.
    this.renderRoot.querySelector<HTMLElement>('li .small, .close')?.focus();
  }
}
