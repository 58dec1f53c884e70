import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChannelInput } from '../../client/channel-administration.ts';
import type { ChannelTypeFacts, ConfiguredChannel, ConfiguredQueue } from '../../client/configuration.ts';
import { FoyerDialog } from '../../components/dialog/dialog.ts';
import { text } from '../../locales/console/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import type { Basics, FoyerChannelBasics } from '../channel-basics/channel-basics.ts';
import '../channel-basics/index.ts';
import '../console-events.ts';
import { inputStyles } from '../input.styles.ts';
import { type Draft, isChanged, isId, settingsOf, shownAt, suggestId } from '../setting/draft.ts';
import { type Field, fieldsOf, markOf, type Schema } from '../setting/fields.ts';
import type { FoyerSetting } from '../setting/setting.ts';
import '../setting/index.ts';
import { fieldHelp, fieldTitle, isSeldom } from '../setting/words.ts';
import '../type-choice/index.ts';
import { typeTitle } from '../type-title.ts';
import { channelDialogStyles } from './channel-dialog.styles.ts';
import { isEnter, placeOf } from './form.ts';

/**
 * A channel's form: a new one begins with its type. What was typed stays while the page reads anew, and is given up
 * only when one says so.
 *
 * @fires foyer-dismiss - Saved, or given up.
 */
export class FoyerChannelDialog extends FoyerDialog {
  static override styles = [...FoyerDialog.styles, inputStyles, channelDialogStyles];
  static override properties = {
    channel: { attribute: false },
    types: { attribute: false },
    queues: { attribute: false },
    taken: { attribute: false },
    save: { attribute: false },
    type: { state: true },
    basics: { state: true },
    draft: { state: true },
    problem: { state: true },
    busy: { state: true },
    leaving: { state: true },
  };

  /** The channel as it was when the form was opened; undefined for a new one. */
  declare channel: ConfiguredChannel | undefined;
  declare types: readonly ChannelTypeFacts[];
  declare queues: readonly ConfiguredQueue[];
  /** Ids that other channels have. */
  declare taken: ReadonlySet<string>;
  declare save: (id: string, input: ChannelInput) => Promise<void>;
  declare private type: ChannelTypeFacts | undefined;
  declare private basics: Partial<Basics>;
  declare private draft: Draft;
  declare private problem: { field: string; words: string } | undefined;
  declare private busy: boolean;
  declare private leaving: boolean;

  constructor() {
    super();
    this.types = [];
    this.queues = [];
    this.taken = new Set();
    this.basics = {};
    this.draft = {};
    this.busy = false;
    this.leaving = false;
  }

  protected heading(): string {
    if (this.channel) return text('form.edit', { name: this.channel.name });
    return this.type
      ? text('form.addOf', { type: typeTitle(this.type.type, this.type.title) })
      : text('form.add.title');
  }

  protected content() {
    if (!this.type)
      return html`<foyer-type-choice .types=${this.types} @foyer-type-chosen=${this.#choose}></foyer-type-choice>`;
    const fields = this.#fields;
    const later = fields.filter(isSeldom);
    const warning = markOf(this.type.settings) === undefined ? undefined : String(this.type.settings.description ?? '');
    return html`<form novalidate @submit=${this.#submit} @foyer-setting=${this.#changed}>
      ${warning ? html`<p class="warning">${warning}</p>` : nothing}
      <foyer-channel-basics .values=${this.#values} .queues=${this.queues} ?anew=${this.channel === undefined} .problem=${this.problem} @foyer-basics=${this.#typed}></foyer-channel-basics>
      ${repeat(
        fields.filter((field) => !later.includes(field)),
        ({ path }) => path,
        (field) => this.#field(field),
      )}
      ${later.length === 0 ? nothing : html`<details><summary>${text('form.more')}</summary><div class="fields">${later.map((field) => this.#field(field))}</div></details>`}
      ${this.#foot()}
    </form>`;
  }

  #field(field: Field): unknown {
    if (field.kind === 'group') {
      return html`<fieldset><legend>${fieldTitle(field)}</legend><p class="help">${fieldHelp(field)}</p>${field.fields.map((each) => this.#field(each))}</fieldset>`;
    }
    return html`<foyer-setting data-path=${field.path} .field=${field} .value=${this.#at(field.path)}
      .kept=${this.channel?.secrets?.includes(field.path) === true} .problem=${this.#problemAt(field.path)}></foyer-setting>`;
  }

  #foot() {
    if (this.leaving) {
      return html`<div class="foot" role="alertdialog" aria-labelledby="leave"><p id="leave">${text('form.leave')}</p>
        <button class="button keep" type="button" @click=${this.#stay}>${text('form.stay')}</button>
        <button class="button danger" type="button" @click=${this.#leave}>${text('form.discard')}</button></div>`;
    }
    return html`<div class="foot"><p class="problem" role="alert">${this.#problemAt('')}</p>
      <button class="button" type="button" @click=${() => this.dismiss()}>${staffText('dialog.cancel')}</button>
      <button class="button primary" ?disabled=${this.busy}>${text(this.busy ? 'form.saving' : 'form.save')}</button></div>`;
  }

  protected override willUpdate(): void {
    this.type ??= this.channel && this.types.find(({ type }) => type === this.channel?.type);
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    const dialog = this.renderRoot.querySelector('dialog');
    dialog?.addEventListener('keydown', this.#pressed);
    dialog?.addEventListener('close', () => this.isConnected && this.#changedAny && dialog.showModal());
    void this.#focusFirst();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('beforeunload', this.#unload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('beforeunload', this.#unload);
  }

  protected override dismiss(): void {
    if (!this.#changedAny) super.dismiss();
    else {
      this.leaving = true;
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.keep')?.focus());
    }
  }

  get #stored(): Record<string, unknown> {
    return this.channel?.settings ?? {};
  }

  get #fields(): Field[] {
    return fieldsOf((this.type?.settings ?? {}) as Schema, (path) => this.#at(path));
  }

  get #values(): Basics {
    const { channel, basics, taken, queues } = this;
    const name = basics.name ?? channel?.name ?? '';
    const id = channel?.id ?? basics.id ?? suggestId(name, this.type?.type ?? 'channel', taken);
    const queue = basics.queue ?? channel?.queue ?? queues[0]?.id ?? '';
    return { id, name, queue, enabled: basics.enabled ?? channel?.enabled ?? true };
  }

  get #changedAny(): boolean {
    const before = this.channel as unknown as Record<string, unknown> | undefined;
    const basics = Object.entries(this.basics).some(([name, value]) => value !== (before?.[name] ?? ''));
    return basics || isChanged(this.draft, this.#stored);
  }

  #at(path: string): unknown {
    return shownAt(this.draft, this.#stored, path);
  }

  #problemAt(field: string): string {
    return this.problem?.field === field ? this.problem.words : '';
  }

  #choose = (event: HTMLElementEventMap['foyer-type-chosen']): void => {
    this.type = this.types.find(({ type }) => type === event.detail.type);
    void this.#focusFirst();
  };

  async #focusFirst(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('foyer-type-choice, foyer-channel-basics')?.focus();
  }

  #typed = (event: HTMLElementEventMap['foyer-basics']): void => {
    this.basics = { ...this.basics, ...event.detail };
    if (Object.hasOwn(event.detail, this.problem?.field ?? '')) this.problem = undefined;
  };

  #changed = (event: HTMLElementEventMap['foyer-setting']): void => {
    const { path, value } = event.detail;
    this.draft = { ...this.draft, [path]: value };
    if (this.problem?.field === path) this.problem = undefined;
  };

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy || !this.type) return;
    const { id, name, queue, enabled } = this.#values;
    if (name.trim() === '') return this.#refused('name', text('form.nameMissing'));
    if (!isId(id)) return this.#refused('id', text('form.idWrong'));
    if (!this.channel && this.taken.has(id)) return this.#refused('id', text('form.idTaken'));
    this.busy = true;
    this.problem = undefined;
    try {
      const settings = settingsOf(this.#fields, this.draft, this.#stored, this.channel?.secrets ?? []);
      await this.save(id, { type: this.type.type, name: name.trim(), queue, enabled, settings });
      this.#leave();
    } catch (error) {
      const { field, words } = placeOf(error, this.#fields);
      await this.#refused(field, words);
    } finally {
      this.busy = false;
    }
  };

  /** Enter in a field saves: forms do not see fields in shadow roots. Escape asks: some browsers close on the second. */
  #pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' && !isEnter(event)) return;
    event.preventDefault();
    if (event.key === 'Escape') this.dismiss();
    else this.renderRoot.querySelector('form')?.requestSubmit();
  };

  /** Say it at its place and go there. */
  async #refused(field: string, words: string): Promise<void> {
    this.problem = { field, words };
    await this.updateComplete;
    const at = this.renderRoot.querySelector<FoyerSetting>(`[data-path="${CSS.escape(field)}"]`);
    at?.closest('details')?.setAttribute('open', '');
    if (at) at.focus();
    else if (field !== '') this.renderRoot.querySelector<FoyerChannelBasics>('foyer-channel-basics')?.focus();
  }

  #stay = (): void => {
    this.leaving = false;
    void this.#focusFirst();
  };

  #leave = (): void => {
    this.basics = {};
    this.draft = {};
    super.dismiss();
  };

  #unload = (event: BeforeUnloadEvent): void => {
    if (this.#changedAny) event.preventDefault();
  };
}
