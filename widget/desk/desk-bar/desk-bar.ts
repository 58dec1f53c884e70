import { html, nothing } from 'lit';
import '../../components/avatar/index.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { foyerMark } from '../../components/foyer-mark.ts';
import '../../components/popover/index.ts';
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
 * @fires foyer-desk-preference - Language, appearance, sound or notifications were chosen.
 * @fires foyer-desk-ask - A dialog is wanted.
 * @fires foyer-desk-sign-out - The agent goes.
 */
export class FoyerDeskBar extends FoyerElement {
  static override styles = [controls, deskBarStyles];
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
    return html`<foyer-popover label=${staffText('account.menu')} class="account">
      <foyer-avatar slot="label" size="small" .name=${this.name}></foyer-avatar>
      <div class="who"><b><bdi>${this.name}</bdi></b><span>${staffText(`role.${this.role}`)}</span></div>
      <label class="setting">${staffText('account.language')}
        <select @change=${this.#language}>
          <option value="en" ?selected=${!this.locale.startsWith('zh')}>English</option>
          <option value="zh" ?selected=${this.locale.startsWith('zh')}>中文</option>
        </select>
      </label>
      <label class="setting">${staffText('account.theme')}
        <select @change=${this.#theme}>
          <option value="" ?selected=${!preferences.theme}>${staffText('account.themeSystem')}</option>
          <option value="light" ?selected=${preferences.theme === 'light'}>${staffText('account.themeLight')}</option>
          <option value="dark" ?selected=${preferences.theme === 'dark'}>${staffText('account.themeDark')}</option>
        </select>
      </label>
      <label class="setting">${text('menu.sound')}
        <input type="checkbox" .checked=${preferences.sound !== false} @change=${this.#sound} />
      </label>
      <label class="setting">${text('menu.notifications')}
        <input type="checkbox" .checked=${preferences.notify === true} @change=${this.#notify} />
      </label>
      <hr />
      <button type="button" class="entry" data-dismiss @click=${() => emit(this, 'foyer-desk-ask', { dialog: 'shortcuts' })}>${text('menu.shortcuts')}</button>
      <button type="button" class="entry" data-dismiss @click=${() => emit(this, 'foyer-desk-ask', { dialog: 'password' })}>${staffText('account.password')}</button>
      ${this.role === 'administrator' ? html`<a class="entry" href="/console">${staffText('account.console')}</a>` : nothing}
      <button type="button" class="entry" data-dismiss @click=${() => emit(this, 'foyer-desk-sign-out')}>${staffText('account.signOut')}</button>
    </foyer-popover>`;
  }

  #language = (event: Event): void => {
    emit(this, 'foyer-desk-preference', { locale: (event.target as HTMLSelectElement).value as 'en' | 'zh' });
  };

  #theme = (event: Event): void => {
    const value = (event.target as HTMLSelectElement).value;
    emit(this, 'foyer-desk-preference', { theme: value === '' ? undefined : (value as 'light' | 'dark') });
  };

  #sound = (event: Event): void => {
    emit(this, 'foyer-desk-preference', { sound: (event.target as HTMLInputElement).checked });
  };

  #notify = (event: Event): void => {
    emit(this, 'foyer-desk-preference', { notify: (event.target as HTMLInputElement).checked });
  };
}
