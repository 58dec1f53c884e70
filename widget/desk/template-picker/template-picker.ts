import { html, nothing } from 'lit';
import type { Template } from '../../client/desk-protocol.ts';
import { FoyerDialog } from '../../components/dialog/dialog.ts';
import { text } from '../../locales/desk/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { filledIn, isFilled, templateFact } from '../compose/template-text.ts';
import { errorWords } from '../error-words.ts';
import { formStyles } from '../form.styles.ts';
import type { Fact } from '../outbox.ts';
import { templatePickerStyles } from './template-picker.styles.ts';

/**
 * A message that the platform approved beforehand: chosen, filled in, looked at and sent.
 *
 * @fires foyer-dismiss - Done, or given up.
 */
export class FoyerTemplatePicker extends FoyerDialog {
  static override styles = [...FoyerDialog.styles, formStyles, templatePickerStyles];
  static override properties = {
    load: { attribute: false },
    send: { attribute: false },
    templates: { state: true },
    chosen: { state: true },
    values: { state: true },
    search: { state: true },
    problem: { state: true },
  };

  declare load: () => Promise<Template[]>;
  declare send: (template: Fact) => void;
  declare private templates: readonly Template[] | undefined;
  declare private chosen: Template | undefined;
  declare private values: Readonly<Record<string, string>>;
  declare private search: string;
  declare private problem: string;

  constructor() {
    super();
    this.values = {};
    this.search = '';
    this.problem = '';
  }

  protected heading(): string {
    return text('template.title');
  }

  protected content() {
    const { templates, chosen } = this;
    if (this.problem !== '') return html`<p role="alert">${this.problem}</p>`;
    if (templates === undefined) return html`<p role="status">${staffText('page.loading')}</p>`;
    if (templates.length === 0) return html`<p>${text('template.none')}</p>`;
    return chosen === undefined ? this.#list(templates) : this.#form(chosen);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.templates = await this.load();
    } catch (error) {
      this.problem = errorWords(error);
    }
  }

  #list(templates: readonly Template[]) {
    const wanted = this.search.trim().toLowerCase();
    const found = templates.filter(({ name, text: words }) => `${name}\n${words}`.toLowerCase().includes(wanted));
    return html`<input class="search" type="search" .value=${this.search} placeholder=${text('template.search')} aria-label=${text('template.search')}
        @input=${(event: Event) => {
          this.search = (event.target as HTMLInputElement).value;
        }} />
      ${found.length === 0 ? html`<p role="status">${text('template.noneFound')}</p>` : nothing}
      <ul>${found.map(
        (template) => html`<li><button class="template" type="button" @click=${() => this.#choose(template)}>
          <span class="name">${template.name}${template.language === undefined ? nothing : html` <small>${template.language}</small>`}</span>
          <bdi class="words">${template.text}</bdi></button></li>`,
      )}</ul>`;
  }

  #form(template: Template) {
    return html`<form @submit=${this.#submit}>
      ${template.blanks.map(
        (name) => html`<label class="field">${text('template.blank', { name })}
          <input type="text" maxlength="1000" required dir="auto" .value=${this.values[name] ?? ''} @input=${(
            event: Event,
          ) => {
            this.values = { ...this.values, [name]: (event.target as HTMLInputElement).value };
          }} /></label>`,
      )}
      <p>${text('template.preview')}</p>
      <p class="shown" dir="auto">${filledIn(template, this.values)}</p>
      <div class="foot">
        <button class="link" type="button" @click=${() => this.#choose(undefined)}>${text('template.back')}</button>
        <button class="button" type="button" @click=${() => this.dismiss()}>${staffText('dialog.cancel')}</button>
        <button class="button primary" ?disabled=${!isFilled(template, this.values)}>${text('template.send')}</button>
      </div>
    </form>`;
  }

  #choose(template: Template | undefined): void {
    this.chosen = template;
    this.values = {};
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.field input, .search')?.focus());
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { chosen } = this;
    if (chosen === undefined || !isFilled(chosen, this.values)) return;
    this.send(templateFact(chosen, this.values));
    this.dismiss();
  };
}
