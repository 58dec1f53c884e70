import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { browserClock } from '../../client/browser-clock.ts';
import type { SessionView } from '../../client/desk-protocol.ts';
import type { Upload } from '../../client/uploads.ts';
import '../../components/composer/index.ts';
import type { FoyerComposer } from '../../components/composer/composer.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { closeIcon } from '../../components/icons.ts';
import '../../components/uploads/index.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../arrival/index.ts';
import { createPreviewAsker, type PreviewAsker } from '../compose/preview-asker.ts';
import { changesIn } from '../compose/reach.ts';
import type { Desk } from '../desk.ts';
import '../desk-events.ts';
import type { DeskState } from '../desk-store.ts';
import { type Draft, repliesOf } from '../drafts.ts';
import { buttonsIcon } from '../icons.ts';
import { customerName } from '../people.ts';
import '../quick-replies/index.ts';
import type { FoyerQuickReplies } from '../quick-replies/quick-replies.ts';
import { type Making, makingOf } from './making.ts';
import { replyBoxStyles } from './reply-box.styles.ts';
import { shutWords } from './shut-words.ts';

/**
 * Where an agent writes: a message as far as the channel lets it through, or a note.
 *
 * @fires foyer-desk-template - A template is to be chosen.
 */
export class FoyerReplyBox extends FoyerElement {
  static override styles = [controls, replyBoxStyles];
  static override properties = {
    desk: { attribute: false },
    state: { attribute: false },
    session: { attribute: false },
    files: { attribute: false },
    locale: {},
    note: { type: Boolean, reflect: true },
  };

  declare desk: Desk;
  declare state: DeskState;
  declare session: SessionView;
  /** Files of the message in the making. */
  declare files: readonly Upload[];
  declare locale: string;
  /** A note is written. */
  declare note: boolean;

  #asker: PreviewAsker | undefined;
  #tick: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.files = [];
    this.locale = 'en';
    this.note = false;
  }

  protected override willUpdate(): void {
    this.note = this.#draft.note || !this.session.may.write;
  }

  override render() {
    const { may } = this.session;
    const making = this.#making();
    const shut = this.note ? undefined : shutWords(making.reach, making.platform);
    return html`<div class="mode" role="group" aria-label=${text('compose.mode')}>
        ${may.write ? this.#mode(false, text('compose.message')) : nothing}
        ${may.note ? this.#mode(true, text('compose.note')) : nothing}
        ${shut === undefined ? html`<span class="hint">${text('compose.sendHint')}</span>` : nothing}
      </div>
      ${shut === undefined ? this.#composer(making) : this.#shut(shut, making)}`;
  }

  #mode(note: boolean, label: string) {
    return html`<button type="button" aria-pressed=${this.note === note ? 'true' : 'false'} @click=${() => this.setNote(note)}>${label}</button>`;
  }

  #shut(words: readonly string[], { reach }: Making) {
    return html`<div class="shut" role="status">${words.map((each) => html`<p>${each}</p>`)}
      ${
        reach.kind === 'shut' && reach.templates
          ? html`<button class="button primary" type="button" @click=${() => emit(this, 'foyer-desk-template')}>${text('template.choose')}</button>`
          : nothing
      }</div>`;
  }

  #composer(making: Making) {
    const { session, note } = this;
    const draft = this.#draft;
    const name = customerName(session.customer);
    return html`${keyed(
      session.id,
      html`<foyer-composer .value=${draft.text} ?attach=${!note && making.attaches} .maxLength=${50_000}
        .placeholder=${note ? text('compose.toColleagues') : text('compose.toCustomer', { name })}
        .filesReady=${making.ready} .filesBusy=${making.held}
        @input=${this.#written} @foyer-send=${this.#send} @foyer-typing=${this.#typing} @keydown=${this.#pressed}
        @foyer-files=${(event: CustomEvent<{ files: File[] }>) => this.addFiles(event.detail.files)}>
        <div slot="tray">${note ? nothing : this.#tray(making)}</div>
        ${!note && making.offersReplies ? this.#repliesTool(draft) : nothing}
      </foyer-composer>`,
    )}
    ${
      note
        ? nothing
        : html`<foyer-arrival .size=${making.size} .losses=${making.losses} .preview=${making.preview} .reach=${making.reach} .locale=${this.locale}></foyer-arrival>`
    }`;
  }

  #repliesTool({ replies }: Draft) {
    const label = text('buttons.tool');
    return html`<button slot="tools" class="icon-button" type="button" aria-label=${label} title=${label}
      aria-pressed=${replies === undefined ? 'false' : 'true'} @click=${this.#toggleReplies}>${buttonsIcon()}</button>`;
  }

  #tray({ quoted, tray, capabilities }: Making) {
    const { id } = this.session;
    const { replies } = this.#draft;
    return html`${
      quoted === undefined
        ? nothing
        : html`<div class="quote"><span><bdi>${quoted}</bdi></span>
            <button class="icon-button" type="button" aria-label=${text('quote.remove')} title=${text('quote.remove')} @click=${() => this.#change({ replyTo: undefined })}>${closeIcon()}</button></div>`
    }${
      tray.length === 0
        ? nothing
        : html`<foyer-uploads .items=${tray} .maxBytes=${capabilities?.attachments.maxBytes ?? 0} .locale=${this.locale}
            @foyer-upload-cancel=${(event: CustomEvent<{ id: string }>) => this.desk.uploads(id).remove(event.detail.id)}
            @foyer-upload-retry=${(event: CustomEvent<{ id: string }>) => this.desk.uploads(id).retry(event.detail.id)}></foyer-uploads>`
    }${
      replies === undefined || capabilities === undefined
        ? nothing
        : html`<foyer-quick-replies .replies=${replies} .capabilities=${capabilities} .locale=${this.locale}
            @input=${(event: Event) => event.stopPropagation()}
            @foyer-desk-replies=${(event: HTMLElementEventMap['foyer-desk-replies']) => this.#setReplies(event.detail.replies)}></foyer-quick-replies>`
    }`;
  }

  /** Put the cursor where the agent writes. */
  override focus(): void {
    this.#field?.focus();
  }

  setNote(note: boolean): void {
    this.#change({ note });
    this.desk.typing(this.session.id, false);
    this.focus();
  }

  toggleNote(): void {
    this.setNote(!this.#draft.note);
  }

  quote(message: string): void {
    this.#change({ replyTo: message, note: false });
    this.focus();
  }

  addFiles(files: readonly File[]): void {
    if (!this.session.may.write) return;
    if (this.#draft.note) this.setNote(false);
    this.desk.uploads(this.session.id).add(files);
    this.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#tick);
    this.#asker?.stop();
  }

  protected override updated(): void {
    const making = this.#making();
    this.#asker ??= createPreviewAsker(
      (session, body) => this.desk.preview(session, body),
      browserClock,
      () => this.requestUpdate(),
    );
    const { id, reach } = this.session;
    // What was refused goes once the customer has written again.
    this.#asker.ask(making.question && { session: id, body: making.question, basis: reach });
    clearTimeout(this.#tick);
    const next = changesIn(making.reach);
    if (next !== undefined) this.#tick = setTimeout(() => this.requestUpdate(), next);
  }

  get #field(): FoyerComposer | null {
    return this.renderRoot.querySelector('foyer-composer');
  }

  get #draft(): Draft {
    return this.desk.drafts.get(this.session.id);
  }

  #making(): Making {
    return makingOf({
      session: this.session,
      state: this.state,
      draft: this.#draft,
      note: this.note,
      files: this.files,
      asked: this.#asker,
      refusal: this.desk.refusal(this.session.id),
      locale: this.locale,
      now: Date.now() + this.state.skew,
    });
  }

  #change(change: Partial<Draft>): void {
    this.desk.drafts.set(this.session.id, { ...this.#draft, ...change });
    this.requestUpdate();
  }

  #written = (event: Event): void => this.#change({ text: (event.currentTarget as FoyerComposer).value });

  #typing = (event: CustomEvent<{ typing: boolean }>): void => {
    if (!this.note) this.desk.typing(this.session.id, event.detail.typing);
  };

  #pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.#draft.replyTo !== undefined) this.#change({ replyTo: undefined });
  };

  #toggleReplies = (): void => {
    if (this.#draft.replies !== undefined) {
      this.#setReplies([]);
      return;
    }
    this.#change({ replies: [''] });
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<FoyerQuickReplies>('foyer-quick-replies')?.focus(),
    );
  };

  #setReplies(replies: readonly string[]): void {
    this.#change({ replies: replies.length === 0 ? undefined : replies });
    if (replies.length === 0) this.focus();
  }

  #send = (event: CustomEvent<{ text: string }>): void => {
    const { session, note } = this;
    const draft = this.#draft;
    const uploads = this.desk.uploads(session.id);
    const ready = note ? [] : uploads.list().filter(({ state }) => state === 'ready');
    const taken = note ? [] : uploads.take();
    const attachments = taken.map(({ contentUrl }, index) => ({
      contentUrl,
      name: ready[index]?.name ?? '',
      contentType: ready[index]?.contentType ?? '',
    }));
    const { replies, replyTo } = draft;
    // A note leaves what else was begun for the customer.
    this.desk.drafts.set(session.id, { text: '', note: draft.note, ...(note && { replies, replyTo }) });
    const said = { text: event.detail.text, attachments, note };
    const actions = repliesOf(draft).map((title) => ({ type: 'imBack' as const, title, value: title }));
    this.desk.send(session.id, note ? said : { ...said, actions, ...(replyTo && { replyTo }) });
    this.requestUpdate();
  };
}
