import { html } from 'lit';
import { FoyerDialog } from '../../components/dialog/dialog.ts';
import { text } from '../../locales/desk/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { errorWords } from '../error-words.ts';
import { formStyles } from '../form.styles.ts';

const reasons = ['resolved', 'customer-left', 'spam', 'other'] as const;

/**
 * Why a conversation is closed.
 *
 * @fires foyer-dismiss - Done, or given up.
 */
export class FoyerCloseDialog extends FoyerDialog {
  static override styles = [...FoyerDialog.styles, formStyles];
  static override properties = { close: { attribute: false }, busy: { state: true }, problem: { state: true } };

  declare close: (reason: string) => Promise<void>;
  declare private busy: boolean;
  declare private problem: string;

  constructor() {
    super();
    this.busy = false;
    this.problem = '';
  }

  protected heading(): string {
    return text('close.title');
  }

  protected content() {
    return html`<form @submit=${this.#submit}>
        <fieldset><legend>${text('close.lead')}</legend>
          ${reasons.map(
            (
              reason,
              index,
            ) => html`<label class="option"><input type="radio" name="reason" value=${reason} ?checked=${index === 0} ?autofocus=${index === 0} />
              <span class="name">${text(`close.${reason}`)}</span></label>`,
          )}
        </fieldset>
        <p>${text('close.hint')}</p>
        <p class="problem ${this.problem === '' ? 'none' : ''}" role="alert">${this.problem}</p>
        <div class="foot">
          <button class="button" type="button" @click=${() => this.dismiss()}>${staffText('dialog.cancel')}</button>
          <button class="button primary" ?disabled=${this.busy}>${text('close.submit')}</button>
        </div>
      </form>`;
  }

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      await this.close(String(new FormData(event.target as HTMLFormElement).get('reason') ?? 'other'));
      this.dismiss();
    } catch (error) {
      this.problem = errorWords(error);
    } finally {
      this.busy = false;
    }
  };
}
