import { html, nothing } from 'lit';
import '../../components/account-menu/index.ts';
import { menuLineStyles } from '../../components/account-menu/account-menu.styles.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { foyerMark } from '../../components/foyer-mark.ts';
import type { Preferences } from '../../components/preferences.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../desk-events.ts';
import type { DeskState } from '../desk-store.ts';
import '../state-picker/index.ts';
import { deskBarStyles } from './desk-bar.styles.ts';

/**
 * The line over the desk: who waits in which queue, how full one's hands are, one's state and account.
 *
 * @fires foyer-preference - Sound or notifications were chosen.
 * @fires foyer-desk-ask - A dialog is wanted.
 */
export class FoyerDeskBar extends FoyerElement {
  static override styles = [controls, menuLineStyles, deskBarStyles];
  static override properties = {
    state: { attribute: false },
    preferences: { attribute: false },
    locale: {},
    name: {},
    role: { attribute: false },
  };

  declare state: DeskState | undefined;
  declare preferences: Preferences;
  declare locale: string;
  /** The signed-in person. */
  declare name: string;
  declare role: 'administrator' | 'supervisor' | 'agent';

  constructor() {
    super();
    this.preferences = {};
    this.locale = 'en';
    this.name = '';
    this.role = 'agent';
  }

  override render() {
    const me = this.state?.me;
    return html`<header>
      <h1>${foyerMark()}<span>${text('desk.title')}</span></h1>
      <ul class="queues" aria-label=${text('list.waiting')}>
        ${(this.state?.queues ?? []).map(
          ({ name, waiting }) => html`<li class=${waiting > 0 ? 'some' : ''}><bdi>${name}</bdi>
            <b title=${text('list.inQueue', { count: waiting })}>${waiting}<span class="visually-hidden"> ${text('list.waiting')}</span></b></li>`,
        )}
      </ul>
      ${me && me.capacity > 0 ? html`${this.#load(me.load, me.capacity)}<foyer-state-picker .me=${me} .skew=${this.state?.skew ?? 0} .locale=${this.locale}></foyer-state-picker>` : nothing}
      ${this.#account()}
    </header>`;
  }

  #load(load: number, capacity: number) {
    const label = text('load.label', { load, capacity });
    const places = Math.min(capacity, 12);
    return html`<span class="load" role="img" aria-label=${label} title=${label}>
      ${capacity > places ? nothing : Array.from({ length: places }, (_, place) => html`<i class=${place < load ? 'used' : ''}></i>`)}
      <span>${load}/${capacity}</span>
    </span>`;
  }

  #account() {
    const { preferences } = this;
    return html`<foyer-account-menu .name=${this.name} .role=${this.role} .preferences=${preferences} .locale=${this.locale}>
      <label slot="settings" class="setting">${text('menu.sound')}
        <input type="checkbox" .checked=${preferences.sound !== false} @change=${this.#sound} />
      </label>
      <label slot="settings" class="setting">${text('menu.notifications')}
        <input type="checkbox" .checked=${preferences.notify === true} @change=${this.#notify} />
      </label>
      <button slot="entries" type="button" class="entry" data-dismiss @click=${() => emit(this, 'foyer-desk-ask', { dialog: 'shortcuts' })}>${text('menu.shortcuts')}</button>
      ${this.role === 'administrator' ? html`<a slot="entries" class="entry" href="/console">${staffText('account.console')}</a>` : nothing}
    </foyer-account-menu>`;
  }

  #sound = (event: Event): void => {
    emit(this, 'foyer-preference', { sound: (event.target as HTMLInputElement).checked });
  };

  #notify = (event: Event): void => {
    emit(this, 'foyer-preference', { notify: (event.target as HTMLInputElement).checked });
  };
}
