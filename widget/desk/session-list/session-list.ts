import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { SessionView } from '../../client/desk-protocol.ts';
import '../../components/avatar/index.ts';
import '../../components/elapsed/index.ts';
import { dateAndTime, timeOfDay } from '../../components/format.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { chatIcon, clockIcon } from '../../components/icons.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { channelIcon } from '../channel-icon.ts';
import '../desk-events.ts';
import { type DeskState, unreadOf } from '../desk-store.ts';
import { customerName } from '../people.ts';
import { groupSessions } from '../session-groups.ts';
import { sessionListStyles } from './session-list.styles.ts';

/** A wait for an answer is shown as long from here on, ms. */
const longWait = 120_000;

/**
 * An agent's conversations side by side. Arrow keys move through them, Enter opens one.
 *
 * @fires foyer-desk-select - One was chosen.
 */
export class FoyerSessionList extends FoyerElement {
  static override styles = [controls, sessionListStyles];
  static override properties = {
    state: { attribute: false },
    selected: { attribute: false },
    drafts: { attribute: false },
    locale: {},
  };

  declare state: DeskState | undefined;
  declare selected: string | undefined;
  /** Session id → what has been begun there. */
  declare drafts: (session: string) => string;
  declare locale: string;

  constructor() {
    super();
    this.drafts = () => '';
    this.locale = 'en';
  }

  override render() {
    const { state } = this;
    if (!state?.me) return nothing;
    const groups = groupSessions(state.sessions.values(), state.offers, state.me.id);
    if (groups.length === 0) {
      if (state.offers.length > 0) return nothing;
      const hint = text(state.me.state === 'idle' ? 'list.emptyIdle' : 'list.emptyOther');
      return html`<div class="empty">${chatIcon()}<p>${text('list.empty')}</p><p class="hint">${hint}</p></div>`;
    }
    const first = groups[0]?.sessions[0]?.id;
    return html`<nav aria-label=${text('list.label')} @keydown=${this.#pressed}>
      ${groups.map(
        ({ name, sessions }) => html`<section aria-labelledby=${`group-${name}`}>
          <h2 id=${`group-${name}`}>${text(`list.${name}`)}<span>${sessions.length}</span></h2>
          <ul>${repeat(
            sessions,
            ({ id }) => id,
            (session) => html`<li>${this.#row(session, state, (this.selected ?? first) === session.id)}</li>`,
          )}</ul>
        </section>`,
      )}
    </nav>`;
  }

  /** Put the focus on the row that Tab reaches; false when there is none. */
  focusRow(): boolean {
    const row = this.renderRoot.querySelector<HTMLElement>('.row[tabindex="0"]');
    row?.focus();
    return row !== null;
  }

  #row(session: SessionView, state: DeskState, reachable: boolean) {
    const { id, customer } = session;
    const name = customerName(customer);
    const unread = unreadOf(state, session);
    const current = id === this.selected;
    return html`<button type="button" class="row" data-session=${id} aria-current=${current ? 'true' : nothing}
      tabindex=${reachable ? 0 : -1} @click=${() => emit(this, 'foyer-desk-select', { session: id })}>
      <span class="face"><foyer-avatar .name=${name}></foyer-avatar><span class="channel" title=${session.channel.name}>${channelIcon(session.channel.type)}</span></span>
      <span class="line"><bdi class="name">${name}</bdi>${this.#time(session)}</span>
      <span class="line second">
        ${this.#preview(session, state)}
        ${unread > 0 ? html`<span class="badge">${unread > 99 ? '99+' : unread}<span class="visually-hidden"> ${text('list.unread', { count: unread })}</span></span>` : nothing}
      </span>
    </button>`;
  }

  #time(session: SessionView) {
    const { waitingSince } = session;
    if (waitingSince && session.state !== 'closed') {
      return html`<span class="time waits" title=${text('list.waits', { time: '' }).trim()}>${clockIcon()}<foyer-elapsed
        .since=${waitingSince} .skew=${this.state?.skew ?? 0} .locale=${this.locale} .longAfter=${longWait}></foyer-elapsed></span>`;
    }
    const at = new Date(session.preview?.at ?? session.createdAt);
    return html`<time class="time" datetime=${at.toISOString()} title=${dateAndTime(at, this.locale)}>${
      Date.now() - at.getTime() < 20 * 3_600_000
        ? timeOfDay(at, this.locale)
        : at.toLocaleDateString(this.locale, { day: 'numeric', month: 'short' })
    }</time>`;
  }

  #preview(session: SessionView, state: DeskState) {
    if (state.typing.has(session.id)) return html`<span class="preview typing">${text('list.typing')}</span>`;
    const draft = this.drafts(session.id).trim();
    if (draft !== '' && session.id !== this.selected) {
      return html`<span class="preview draft"><bdi>${text('list.draft', { text: draft })}</bdi></span>`;
    }
    const { preview } = session;
    if (!preview) return html`<span class="preview">${session.queue.name}</span>`;
    const said = preview.text === '' ? text('list.file') : preview.text;
    const own = preview.from.id === state.me?.id;
    return html`<span class="preview"><bdi>${own ? text('list.you', { text: said }) : said}</bdi></span>`;
  }

  #pressed = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }[
      event.key
    ];
    if (step === undefined || event.altKey) return;
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('.row')];
    const at = rows.indexOf(event.target as HTMLElement);
    event.preventDefault();
    rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
  };
}
