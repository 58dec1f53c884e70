import { html, nothing, type PropertyValues } from 'lit';
import type { MediaAddress } from '../../client/desk-protocol.ts';
import { FocusKeeper } from '../../components/focus-keeper.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import '../../components/lightbox/index.ts';
import type { Preferences } from '../../components/preferences.ts';
import type { MediaLookup } from '../../components/transcript-entries.ts';
import { text } from '../../locales/desk/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { createAttention } from '../attention.ts';
import '../close-dialog/index.ts';
import '../conversation/index.ts';
import '../customer-panel/index.ts';
import type { Desk } from '../desk.ts';
import '../desk-bar/index.ts';
import '../desk-events.ts';
import { unreadOf } from '../desk-store.ts';
import { errorWords } from '../error-words.ts';
import '../offers/index.ts';
import type { Fact } from '../outbox.ts';
import { customerName } from '../people.ts';
import { groupSessions } from '../session-groups.ts';
import '../session-list/index.ts';
import type { FoyerSessionList } from '../session-list/session-list.ts';
import '../shortcuts/index.ts';
import '../template-picker/index.ts';
import '../transfer-dialog/index.ts';
import { hallStyles } from './hall.styles.ts';

/** How long a message at the page's foot stays, ms. */
const toastTime = 6_000;

/**
 * The desk of a signed-in agent: the list, the chosen conversation, the customer. Draws what the {@link Desk} knows
 * and does what its elements ask for.
 */
export class FoyerHall extends FoyerElement {
  static override styles = [controls, hallStyles];
  static override properties = {
    desk: { attribute: false },
    person: { attribute: false },
    preferences: { attribute: false },
    locale: {},
    dialog: { state: true },
    picture: { state: true },
    toast: { state: true },
    details: { state: true },
  };

  declare desk: Desk;
  declare person: { id: string; name: string; role: 'administrator' | 'supervisor' | 'agent' };
  declare preferences: Preferences;
  declare locale: string;
  declare private dialog: 'transfer' | 'close' | 'shortcuts' | 'template' | undefined;
  declare private picture: { media: string; name: string } | undefined;
  declare private toast: string;
  /** The customer's panel over a narrow page. */
  declare private details: boolean;

  #busy = new Set<string>();
  #rung = new Set<string>();
  #attention = createAttention(document);
  #media: MediaLookup = () => undefined;
  #forget: (() => void)[] = [];
  #toastTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.preferences = {};
    this.locale = 'en';
    this.toast = '';
    this.details = false;
    new FocusKeeper(this, this.#refocus);
  }

  override render() {
    const { desk } = this;
    const { state } = desk.store;
    const session = desk.selected === undefined ? undefined : state.sessions.get(desk.selected);
    return html`<div class="hall ${session ? 'talking' : ''} ${this.details ? 'with-details' : ''}">
      <foyer-desk-bar .state=${state} .preferences=${this.preferences} .locale=${this.locale} .name=${state.me?.name ?? this.person.name} .role=${this.person.role}></foyer-desk-bar>
      ${state.connection === 'reconnecting' ? html`<p class="banner" role="status">${text('desk.reconnecting')}</p>` : nothing}
      ${this.#notWorking()}
      <div class="list" tabindex="-1">
        <foyer-offers ?compact=${session !== undefined} .offers=${state.offers} .skew=${state.skew} .locale=${this.locale} .busy=${this.#busy}></foyer-offers>
        ${state.me ? nothing : html`<p class="connecting" role="status">${text('desk.connecting')}</p>`}
        <foyer-session-list .state=${state} .selected=${desk.selected} .locale=${this.locale} .drafts=${this.#draftOf}></foyer-session-list>
      </div>
      <foyer-conversation .desk=${desk} .state=${state} .session=${session} .media=${this.#media} .locale=${this.locale}
        .outbox=${desk.outbox.items} .files=${session ? desk.uploads(session.id).list() : []}></foyer-conversation>
      ${session ? html`<foyer-customer-panel .session=${session} .locale=${this.locale}></foyer-customer-panel>` : nothing}
      ${this.#layers()}
      <div class="toast" role="status">${this.toast === '' ? nothing : html`<span>${this.toast}</span>`}</div>
    </div>`;
  }

  #notWorking() {
    const me = this.desk.store.state.me;
    if (!me || me.capacity === 0 || me.state === 'idle' || me.state === 'busy') return nothing;
    const words =
      me.reason === 'missed'
        ? text('state.missed')
        : text('state.notIdle', { state: staffText(`state.${me.state}`).toLowerCase() });
    return html`<p class="banner calm"><span>${words}</span>
      <button class="button" type="button" @click=${() => this.#try(() => this.desk.setState('idle'))}>${text('state.goIdle')}</button></p>`;
  }

  #layers() {
    const { desk, dialog } = this;
    const { state } = desk.store;
    const session = desk.selected === undefined ? undefined : state.sessions.get(desk.selected);
    const done = () => {
      this.dialog = undefined;
    };
    if (this.picture) {
      const address: MediaAddress | undefined = desk.media.lookup(this.picture.media);
      return html`<foyer-lightbox .address=${address} .name=${this.picture.name} @foyer-dismiss=${() => {
        this.picture = undefined;
      }}></foyer-lightbox>`;
    }
    if (dialog === 'shortcuts') return html`<foyer-shortcuts @foyer-dismiss=${done}></foyer-shortcuts>`;
    if (dialog === 'transfer' && session) {
      return html`<foyer-transfer-dialog .session=${session} .agents=${state.agents} .queues=${state.queues} .me=${this.person.id}
        .transfer=${(choice: { agent?: string; queue?: string; note?: string }) => desk.transfer(session.id, choice)}
        @foyer-dismiss=${done}></foyer-transfer-dialog>`;
    }
    if (dialog === 'template' && session) {
      return html`<foyer-template-picker .load=${() => desk.templates(session.channel.id)}
        .send=${(fact: Fact) => desk.send(session.id, { facts: [fact], note: false })} @foyer-dismiss=${done}></foyer-template-picker>`;
    }
    if (dialog === 'close' && session) {
      return html`<foyer-close-dialog .close=${(reason: string) => desk.close(session.id, reason)} @foyer-dismiss=${done}></foyer-close-dialog>`;
    }
    return nothing;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#forget = [
      this.desk.subscribe(() => this.requestUpdate()),
      this.desk.media.subscribe(() => {
        this.#media = (url) => this.desk.media.lookup(url);
        this.requestUpdate();
      }),
    ];
    this.#media = (url) => this.desk.media.lookup(url);
    this.addEventListener('foyer-desk-select', this.#select);
    this.addEventListener('foyer-desk-accept', this.#accept);
    this.addEventListener('foyer-desk-decline', this.#decline);
    this.addEventListener('foyer-desk-state', this.#state);
    this.addEventListener('foyer-desk-ask', this.#ask);
    this.addEventListener('foyer-desk-template', this.#chooseTemplate);
    this.addEventListener('foyer-desk-details', this.#toggleDetails);
    this.addEventListener('foyer-picture-open', this.#openPicture);
    document.addEventListener('keydown', this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const forget of this.#forget) forget();
    document.removeEventListener('keydown', this.#pressed);
    clearTimeout(this.#toastTimer);
    this.#attention.stop();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { state } = this.desk.store;
    const unread = [...state.sessions.values()].reduce(
      (sum, view) => sum + (view.agent?.id === state.me?.id ? unreadOf(state, view) : 0),
      0,
    );
    for (const offer of state.offers) {
      if (this.#rung.has(offer.id)) continue;
      this.#rung.add(offer.id);
      const { sound, notify } = this.preferences;
      this.#attention.ring(customerName(offer.session.customer), { sound: sound !== false, notify: notify === true });
    }
    this.#setTitle(state.offers.length, unread, changed.has('locale'));
  }

  #shownTitle = '';

  #setTitle(ringing: number, unread: number, anew: boolean): void {
    const title = `${ringing > 0}:${unread}`;
    if (title === this.#shownTitle && !anew) return;
    this.#shownTitle = title;
    this.#attention.title(ringing, unread);
  }

  #draftOf = (session: string): string => this.desk.drafts.get(session).text;

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#say(errorWords(error));
    }
  }

  #say(words: string): void {
    this.toast = words;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => {
      this.toast = '';
    }, toastTime);
  }

  async #answer(session: string, action: () => Promise<void>): Promise<void> {
    if (this.#busy.has(session)) return;
    this.#busy = new Set(this.#busy).add(session);
    this.requestUpdate();
    await this.#try(action);
    this.#busy = new Set([...this.#busy].filter((id) => id !== session));
    this.requestUpdate();
  }

  #open(session: string | undefined): void {
    this.details = false;
    this.desk.select(session);
    if (session !== undefined && matchMedia('(pointer: fine)').matches) {
      void this.updateComplete
        .then(() => this.renderRoot.querySelector('foyer-conversation')?.updateComplete)
        .then(() => this.#talk?.focus());
    }
  }

  /** Where an agent goes on when the button they pressed is gone. */
  #refocus = (): void => {
    if (this.desk.selected !== undefined) this.#talk?.focus();
    else if (!this.renderRoot.querySelector<FoyerSessionList>('foyer-session-list')?.focusRow()) {
      this.renderRoot.querySelector<HTMLElement>('.list')?.focus();
    }
  };

  get #talk() {
    return this.renderRoot.querySelector('foyer-conversation');
  }

  #select = (event: HTMLElementEventMap['foyer-desk-select']): void => this.#open(event.detail.session);

  #accept = (event: HTMLElementEventMap['foyer-desk-accept']): void => {
    const { session } = event.detail;
    void this.#answer(session, async () => {
      await this.desk.accept(session);
      this.#open(session);
    });
  };

  #decline = (event: HTMLElementEventMap['foyer-desk-decline']): void => {
    const { session } = event.detail;
    void this.#answer(session, () => this.desk.decline(session));
  };

  #state = (event: HTMLElementEventMap['foyer-desk-state']): void => {
    const { state, reason } = event.detail;
    void this.#try(() => this.desk.setState(state, reason));
  };

  #ask = (event: HTMLElementEventMap['foyer-desk-ask']): void => {
    this.dialog = event.detail.dialog;
  };

  #chooseTemplate = (): void => {
    this.dialog = 'template';
  };

  #toggleDetails = (): void => {
    this.details = !this.details;
  };

  #openPicture = (event: HTMLElementEventMap['foyer-picture-open']): void => {
    this.picture = event.detail;
  };

  /** By place on the keyboard, not by letter: Alt makes other letters of them on some systems. */
  #pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.details && !this.dialog && !this.picture) this.details = false;
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing || this.dialog || this.picture) return;
    const { state } = this.desk.store;
    if (event.code === 'ArrowDown' || event.code === 'ArrowUp') {
      const ids = groupSessions(state.sessions.values(), state.offers, state.me?.id).flatMap(({ sessions }) =>
        sessions.map(({ id }) => id),
      );
      const at = ids.indexOf(this.desk.selected ?? '');
      const step = event.code === 'ArrowDown' ? 1 : -1;
      const next = at < 0 ? ids[0] : ids[at + step];
      if (next !== undefined) this.#open(next);
    } else if (event.code === 'KeyA') {
      const offer = state.offers[0];
      if (offer) this.#accept(new CustomEvent('foyer-desk-accept', { detail: { session: offer.sessionId } }));
    } else if (event.code === 'KeyN') {
      this.#talk?.toggleNote();
    } else return;
    event.preventDefault();
  };
}
