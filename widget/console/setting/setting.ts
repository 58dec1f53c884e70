import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { FoyerElement } from '../../components/foyer-element.ts';
import { closeIcon, plusIcon } from '../../components/icons.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/console/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../console-events.ts';
import { inputStyles } from '../input.styles.ts';
import type { Field } from './fields.ts';
import { settingStyles } from './setting.styles.ts';
import { fieldHelp, fieldTitle } from './words.ts';

/**
 * One setting of a channel: its label, what to write it in, what it means and what is wrong with it.
 *
 * @fires foyer-setting - It was changed.
 */
export class FoyerSetting extends FoyerElement {
  static override styles = [controls, inputStyles, settingStyles];
  static override properties = {
    field: { attribute: false },
    value: { attribute: false },
    kept: { type: Boolean },
    problem: {},
  };

  declare field: Field;
  /** As the form shows it: see `shownAt`. */
  declare value: unknown;
  /** A secret that is stored: never shown, replaced or taken away. */
  declare kept: boolean;
  /** What is wrong with it; empty when nothing is known to be. */
  declare problem: string;

  constructor() {
    super();
    this.kept = false;
    this.problem = '';
  }

  /** Put the keyboard into it. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.main, input, textarea, select, button')?.focus();
  }

  override render() {
    const { kind } = this.field;
    const single = kind === 'switch';
    return html`<div class="setting ${single ? 'single' : ''}">
      <div class="head">${this.#label()}${single ? this.#control() : nothing}</div>
      ${single ? nothing : this.#control()}
      <p class="help" id="help">${fieldHelp(this.field)}${this.#choiceNote()}</p>
      <p class="problem" id="problem" role="alert">${this.problem}</p>
    </div>`;
  }

  #label() {
    const { kind, required } = this.field;
    const words = html`<span>${fieldTitle(this.field)}</span>`;
    const mark = required ? html`<span class="required">${text('form.required')}</span>` : nothing;
    // A label would take the place of a button's own name.
    if (kind === 'list' || (kind === 'secret' && !this.#written))
      return html`<span class="label" id="label">${words}${mark}</span>`;
    return html`<label class="label" id="label" for="control">${words}${mark}</label>`;
  }

  #control() {
    switch (this.field.kind) {
      case 'switch':
        return html`<input id="control" type="checkbox" role="switch" .checked=${live((this.value ?? this.field.usual) === true)}
          aria-describedby="help problem" @change=${(event: Event) => this.#changed((event.target as HTMLInputElement).checked)} />`;
      case 'choice':
        return this.#choice();
      case 'number':
        return this.#number();
      case 'list':
        return this.#list();
      case 'secret':
        return this.#secret();
      case 'long-text':
      case 'json':
        return this.#lines();
      default:
        return this.#line();
    }
  }

  #line() {
    const { format, maxLength, usual } = this.field;
    return html`<input id="control" type="text" inputmode=${format === 'uri' ? 'url' : 'text'} dir="auto" spellcheck="false"
      autocapitalize="none" autocomplete="off" maxlength=${maxLength ?? nothing} placeholder=${usual === undefined ? nothing : String(usual)}
      .value=${live(String(this.value ?? ''))} ?required=${this.field.required} aria-invalid=${this.#invalid} aria-describedby="help problem" @input=${this.#typed} />`;
  }

  #lines() {
    const { value } = this;
    const shown = value === undefined || typeof value === 'string' ? (value ?? '') : JSON.stringify(value, null, 2);
    return html`<textarea id="control" rows="1" dir="auto" maxlength=${this.field.maxLength ?? nothing} .value=${live(shown)}
      ?required=${this.field.required} aria-invalid=${this.#invalid} aria-describedby="help problem" @input=${this.#typed}></textarea>`;
  }

  #choice() {
    const { choices, required, usual } = this.field;
    const chosen = this.value ?? usual ?? '';
    return html`<select id="control" aria-invalid=${this.#invalid} aria-describedby="help problem" @change=${this.#typed}>
      ${required || usual !== undefined ? nothing : html`<option value="" ?selected=${chosen === ''}>${text('form.notSet')}</option>`}
      ${choices.map(({ value, title }) => html`<option value=${value} .selected=${value === chosen}>${title}</option>`)}
    </select>`;
  }

  #choiceNote() {
    if (this.field.kind !== 'choice') return nothing;
    const chosen = this.value ?? this.field.usual;
    const note = this.field.choices.find(({ value }) => value === chosen)?.note ?? '';
    return note === '' ? nothing : html` <strong>${note}</strong>`;
  }

  #number() {
    const { minimum, maximum, nullable, usual } = this.field;
    const shown = this.value === undefined ? usual : this.value;
    const never = nullable && shown === null;
    return html`<div class="row">
      <input id="control" type="text" inputmode="decimal" autocomplete="off" ?disabled=${never} .value=${live(never ? '' : String(shown ?? ''))}
        aria-invalid=${this.#invalid} aria-describedby="limits help problem" @input=${this.#typed} />
      <span id="limits" class="limits">${minimum === undefined || maximum === undefined ? nothing : text('form.between', { least: minimum, most: maximum })}</span>
      ${
        nullable
          ? html`<label class="never"><input type="checkbox" .checked=${live(never)} @change=${this.#never} />${text('form.never')}</label>`
          : nothing
      }
    </div>`;
  }

  #secret() {
    if (!this.#written && this.value === undefined) {
      return html`<div class="row kept"><span class="dots" aria-hidden="true">••••••••</span><span>${text('form.kept')}</span>
        <button class="small main" type="button" aria-describedby="label help problem" @click=${() => this.#begin('')}>${text('form.replace')}</button>
        ${this.field.required ? nothing : html`<button class="small" type="button" aria-describedby="label" @click=${() => this.#begin(null)}>${text('form.takeAway')}</button>`}</div>`;
    }
    const keep = this.kept
      ? html`<button class="small" type="button" aria-describedby="label" @click=${() => this.#begin(undefined)}>${text('form.keep')}</button>`
      : nothing;
    if (this.value === null) return html`<div class="row kept"><span>${text('form.takenAway')}</span>${keep}</div>`;
    return html`<div class="row"><input id="control" class="main" type="password" autocomplete="new-password" spellcheck="false" maxlength=${this.field.maxLength ?? nothing}
      .value=${live(String(this.value ?? ''))} ?required=${this.field.required} aria-invalid=${this.#invalid} aria-describedby="help problem" @input=${this.#typed} />${keep}</div>`;
  }

  #list() {
    const lines = this.#entries;
    return html`<ul role="list" aria-labelledby="label" aria-describedby="help problem">${lines.map(
      (line, index) => html`<li class="row">
        <input type="text" dir="auto" spellcheck="false" autocapitalize="none" autocomplete="off" aria-label=${`${fieldTitle(this.field)} ${index + 1}`}
          .value=${live(line)} aria-invalid=${this.#invalid} @input=${(event: Event) => this.#changed(lines.with(index, (event.target as HTMLInputElement).value))} />
        <button class="icon-button" type="button" aria-label=${text('form.remove', { name: line })} title=${text('form.remove', { name: line })}
          @click=${() => this.#removeEntry(index)}>${closeIcon()}</button></li>`,
    )}</ul>
    <button class="small add" type="button" @click=${this.#addEntry}>${plusIcon()}${text('form.add')}</button>`;
  }

  /** A secret is being written. */
  get #written(): boolean {
    return this.value !== null && (this.value !== undefined || !this.kept);
  }

  get #entries(): string[] {
    const shown = this.value ?? this.field.usual;
    return Array.isArray(shown) ? shown.map(String) : [];
  }

  get #invalid(): 'true' | 'false' {
    return this.problem === '' ? 'false' : 'true';
  }

  #addEntry = async (): Promise<void> => {
    this.#changed([...this.#entries, '']);
    await this.#shown();
    [...this.renderRoot.querySelectorAll<HTMLElement>('li input')].at(-1)?.focus();
  };

  async #removeEntry(index: number): Promise<void> {
    this.#changed(this.#entries.toSpliced(index, 1));
    await this.#shown();
    (
      this.renderRoot.querySelectorAll<HTMLElement>('li input')[index] ??
      this.renderRoot.querySelector<HTMLElement>('.add')
    )?.focus();
  }

  async #begin(value: string | null | undefined): Promise<void> {
    this.#changed(value);
    await this.#shown();
    this.focus();
  }

  /** The form has taken the change and has given it back. */
  async #shown(): Promise<void> {
    await new Promise(requestAnimationFrame);
    await this.updateComplete;
  }

  #never = (event: Event): void => {
    this.#changed((event.target as HTMLInputElement).checked ? null : '');
  };

  #typed = (event: Event): void => {
    this.#changed((event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value);
  };

  #changed(value: unknown): void {
    emit(this, 'foyer-setting', { path: this.field.path, value });
  }
}
