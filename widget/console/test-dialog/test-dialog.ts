import { html, nothing } from 'lit';
import type { TestResult } from '../../client/channel-administration.ts';
import { FoyerDialog } from '../../components/dialog/dialog.ts';
import { closeIcon, tickIcon } from '../../components/icons.ts';
import { text } from '../../locales/console/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { testDialogStyles } from './test-dialog.styles.ts';

/**
 * Tries a channel, and says of each thing what was found and what to do.
 *
 * @fires foyer-dismiss - It was read.
 */
export class FoyerTestDialog extends FoyerDialog {
  static override styles = [...FoyerDialog.styles, testDialogStyles];
  static override properties = {
    name: {},
    test: { attribute: false },
    results: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  /** The channel's name. */
  declare name: string;
  declare test: () => Promise<TestResult[]>;
  declare private results: TestResult[];
  declare private problem: string;
  declare private busy: boolean;

  constructor() {
    super();
    this.name = '';
    this.results = [];
    this.problem = '';
    this.busy = false;
  }

  protected heading(): string {
    return text('test.title', { name: this.name });
  }

  protected content() {
    const bad = this.results.filter(({ ok }) => !ok).length;
    const sum = bad === 0 ? text('test.allWell') : text('test.wrong', { count: bad });
    return html`<div class="results" aria-busy=${this.busy}>
        <p role="status" class="sum">${this.busy ? text('test.running') : this.problem === '' ? sum : nothing}</p>
        ${this.problem === '' ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
        <ul role="list">${this.results.map(
          ({ ok, what, detail }) => html`<li class=${ok ? 'ok' : 'bad'}>
            <span class="sign">${ok ? tickIcon() : closeIcon()}</span>
            <div><b>${what}<span class="visually-hidden">: ${text(ok ? 'test.ok' : 'test.bad')}</span></b><p>${detail}</p></div></li>`,
        )}</ul>
      </div>
      <div class="foot"><button class="button" type="button" ?disabled=${this.busy} @click=${this.#run}>${text('test.again')}</button>
        <button class="button primary" type="button" autofocus @click=${() => this.dismiss()}>${staffText('dialog.close')}</button></div>`;
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    void this.#run();
  }

  #run = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    this.results = [];
    this.problem = '';
    try {
      this.results = await this.test();
    } catch (error) {
      this.problem = (error as Error).message;
    } finally {
      this.busy = false;
    }
  };
}
