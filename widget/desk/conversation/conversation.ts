import { html, nothing, type PropertyValues } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import '../../components/avatar/index.ts';
import '../../components/composer/index.ts';
import type { FoyerComposer } from '../../components/composer/composer.ts';
import '../../components/elapsed/index.ts';
import { FileDrop } from '../../components/file-drop.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { chatIcon } from '../../components/icons.ts';
import '../../components/fact/index.ts';
import '../../components/transcript/index.ts';
import type { MediaLookup } from '../../components/transcript-entries.ts';
import '../../components/uploads/index.ts';
import type { Activity, SessionView } from '../../client/desk-protocol.ts';
import type { Upload } from '../../client/uploads.ts';
import { text as sharedText } from '../../locales/common/text.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../conversation-head/index.ts';
import type { Desk } from '../desk.ts';
import type { DeskState } from '../desk-store.ts';
import { closeReason } from '../notices.ts';
import type { OutgoingMessage } from '../outbox.ts';
import { customerName } from '../people.ts';
import { conversationStyles } from './conversation.styles.ts';
import { conversationEntries } from './conversation-entries.ts';

/**
 * The chosen conversation: its log, what is on its way, and where the agent writes.
 *
 * @fires foyer-picture-open - A picture was chosen to be seen large.
 */
export class FoyerConversation extends FoyerElement {
  static override styles = [controls, conversationStyles];
  static override properties = {
    desk: { attribute: false },
    state: { attribute: false },
    session: { attribute: false },
    media: { attribute: false },
    outbox: { attribute: false },
    files: { attribute: false },
    locale: {},
  };

  declare desk: Desk;
  declare state: DeskState;
  declare session: SessionView | undefined;
  /** A new function whenever addresses changed. */
  declare media: MediaLookup;
  /** What is on its way, from here and elsewhere. */
  declare outbox: readonly OutgoingMessage[];
  /** Files of the message in the making. */
  declare files: readonly Upload[];
  declare locale: string;

  #drop = new FileDrop(this, (files) => this.#addFiles(files));
  #lastRead = 0;

  constructor() {
    super();
    this.media = () => undefined;
    this.outbox = [];
    this.files = [];
    this.locale = 'en';
  }

  override render() {
    const { session, state } = this;
    if (!session) {
      return html`<div class="none">${chatIcon()}<p>${text('talk.none')}</p><p class="hint">${text('talk.noneHint')}</p></div>`;
    }
    const log = state.logs.get(session.id);
    const typing = state.typing.get(session.id);
    const entries = conversationEntries(session, state, this.outbox);
    return html`
      <foyer-conversation-head .session=${session} .skew=${state.skew} .locale=${this.locale}></foyer-conversation-head>
      ${keyed(
        session.id,
        html`<foyer-transcript .entries=${entries} .media=${this.media} .locale=${this.locale} names
          .typing=${typing ? [{ ...typing.from, name: typing.from.name ?? customerName(session.customer) }] : []}
          .loading=${!log || log.upto < session.lastSeq} @foyer-reached-end=${this.#look}
          @foyer-message-retry=${(event: CustomEvent<{ clientId: string }>) => this.desk.retry(event.detail.clientId)}
          @foyer-message-discard=${(event: CustomEvent<{ clientId: string }>) => this.desk.discard(event.detail.clientId)}>
        </foyer-transcript>`,
      )}
      ${this.#foot(session)}
      ${this.#drop.active && session.may.write ? html`<div class="drop"><span>${sharedText('composer.drop')}</span></div>` : nothing}`;
  }

  #foot(session: SessionView) {
    const { may } = session;
    const why = this.#whyNot(session);
    return html`${why === '' ? nothing : html`<p class="bar" role="status">${why}</p>`}${may.write || may.note ? this.#composer(session) : nothing}`;
  }

  #whyNot({ state, may, agent, closeReason: reason }: SessionView): string {
    if (state === 'closed') return text('talk.closedBar', { reason: closeReason(reason ?? 'other') });
    if (may.write) return '';
    return agent ? text('talk.readOnly', { name: agent.name }) : text('talk.readOnlyQueue');
  }

  #composer(session: SessionView) {
    const draft = this.desk.drafts.get(session.id);
    const note = draft.note || !session.may.write;
    const placeholder = note
      ? text('compose.toColleagues')
      : text('compose.toCustomer', { name: customerName(session.customer) });
    return html`<div class="foot ${note ? 'note' : ''}">
      <div class="mode" role="group" aria-label=${text('compose.mode')}>
        ${
          session.may.write
            ? html`<button type="button" aria-pressed=${note ? 'false' : 'true'} @click=${() => this.#setNote(false)}>${text('compose.message')}</button>`
            : nothing
        }
        ${
          session.may.note
            ? html`<button type="button" aria-pressed=${note ? 'true' : 'false'} @click=${() => this.#setNote(true)}>${text('compose.note')}</button>`
            : nothing
        }
        <span class="hint">${text('compose.sendHint')}</span>
      </div>
      ${keyed(
        session.id,
        html`<foyer-composer .value=${draft.text} .placeholder=${placeholder} ?attach=${!note}
          .filesReady=${!note && this.files.some(({ state }) => state === 'ready')}
          .filesBusy=${!note && this.files.some(({ state }) => state === 'uploading' || state === 'waiting')}
          @input=${this.#written} @foyer-send=${this.#send} @foyer-typing=${this.#typing}
          @foyer-files=${(event: CustomEvent<{ files: File[] }>) => this.#addFiles(event.detail.files)}>
          ${
            note || this.files.length === 0
              ? nothing
              : html`<foyer-uploads slot="tray" .items=${this.files} .locale=${this.locale}
                  @foyer-upload-cancel=${(event: CustomEvent<{ id: string }>) => this.desk.uploads(session.id).remove(event.detail.id)}
                  @foyer-upload-retry=${(event: CustomEvent<{ id: string }>) => this.desk.uploads(session.id).retry(event.detail.id)}></foyer-uploads>`
          }
        </foyer-composer>`,
      )}
    </div>`;
  }

  /** Put the cursor where the agent writes. */
  override focus(): void {
    this.#field?.focus();
  }

  /** From message to note and back. */
  toggleNote(): void {
    if (this.session) this.#setNote(!this.desk.drafts.get(this.session.id).note);
  }

  get #field(): FoyerComposer | null {
    return this.renderRoot.querySelector('foyer-composer');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('focus', this.#look);
    document.addEventListener('visibilitychange', this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('focus', this.#look);
    document.removeEventListener('visibilitychange', this.#look);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('session') && changed.get('session')?.id !== this.session?.id) this.#lastRead = 0;
    this.#look();
  }

  /** What stands in sight counts as read, while somebody looks. */
  #look = (): void => {
    const { session } = this;
    if (!session || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const transcript = this.renderRoot.querySelector('foyer-transcript');
    const newest = this.state.logs.get(session.id)?.activities.findLast(fromCustomer)?.seq ?? 0;
    if (!transcript?.showsEnd || newest <= this.#lastRead) return;
    this.#lastRead = newest;
    this.desk.read(session.id, newest);
  };

  #setNote(note: boolean): void {
    if (!this.session) return;
    const { id } = this.session;
    this.desk.drafts.set(id, { ...this.desk.drafts.get(id), note });
    this.desk.typing(id, false);
    this.requestUpdate();
    this.focus();
  }

  #written = (event: Event): void => {
    const value = (event.currentTarget as FoyerComposer).value;
    if (this.session) this.desk.drafts.set(this.session.id, { ...this.desk.drafts.get(this.session.id), text: value });
  };

  #typing = (event: CustomEvent<{ typing: boolean }>): void => {
    const { session } = this;
    if (!session?.may.write || this.desk.drafts.get(session.id).note) return;
    this.desk.typing(session.id, event.detail.typing);
  };

  #send = (event: CustomEvent<{ text: string }>): void => {
    const { session } = this;
    if (!session) return;
    const draft = this.desk.drafts.get(session.id);
    const note = draft.note || !session.may.write;
    const uploads = this.desk.uploads(session.id);
    const ready = note ? [] : uploads.list().filter(({ state }) => state === 'ready');
    const taken = note ? [] : uploads.take();
    const attachments = taken.map(({ contentUrl }, index) => ({
      contentUrl,
      name: ready[index]?.name ?? '',
      contentType: ready[index]?.contentType ?? '',
    }));
    this.desk.drafts.set(session.id, { ...draft, text: '' });
    this.desk.send(session.id, { text: event.detail.text, attachments, note });
  };

  #addFiles(files: readonly File[]): void {
    const { session } = this;
    if (!session?.may.write) return;
    if (this.desk.drafts.get(session.id).note) this.#setNote(false);
    this.desk.uploads(session.id).add(files);
    this.focus();
  }
}

const fromCustomer = ({ type, from }: Activity): boolean => type === 'message' && from.role === 'user';
