import { html, nothing, type PropertyValues } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import '../../components/avatar/index.ts';
import '../../components/elapsed/index.ts';
import { FileDrop } from '../../components/file-drop.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { chatIcon } from '../../components/icons.ts';
import '../../components/fact/index.ts';
import '../../components/transcript/index.ts';
import type { Activity, SessionView } from '../../client/desk-protocol.ts';
import type { Upload } from '../../client/uploads.ts';
import type { MediaLookup } from '../../components/transcript-entries.ts';
import { text as sharedText } from '../../locales/common/text.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../conversation-head/index.ts';
import type { Desk } from '../desk.ts';
import type { DeskState } from '../desk-store.ts';
import { closeReason } from '../notices.ts';
import type { OutgoingMessage } from '../outbox.ts';
import { customerName } from '../people.ts';
import '../reply-box/index.ts';
import type { FoyerReplyBox } from '../reply-box/reply-box.ts';
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

  #drop = new FileDrop(this, (files) => this.#box?.addFiles(files));
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
          @foyer-desk-quote=${(event: HTMLElementEventMap['foyer-desk-quote']) => this.#box?.quote(event.detail.message)}
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
    return html`${why === '' ? nothing : html`<p class="bar" role="status">${why}</p>`}${
      may.write || may.note
        ? html`<foyer-reply-box .desk=${this.desk} .state=${this.state} .session=${session} .files=${this.files} .locale=${this.locale}></foyer-reply-box>`
        : nothing
    }`;
  }

  #whyNot({ state, may, agent, closeReason: reason }: SessionView): string {
    if (state === 'closed') return text('talk.closedBar', { reason: closeReason(reason ?? 'other') });
    if (may.write) return '';
    return agent ? text('talk.readOnly', { name: agent.name }) : text('talk.readOnlyQueue');
  }

  /** Put the cursor where the agent writes. */
  override focus(): void {
    this.#box?.focus();
  }

  /** From message to note and back. */
  toggleNote(): void {
    this.#box?.toggleNote();
  }

  get #box(): FoyerReplyBox | null {
    return this.renderRoot.querySelector('foyer-reply-box');
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
}

const fromCustomer = ({ type, from }: Activity): boolean => type === 'message' && from.role === 'user';
