import { html } from 'lit';
import { emit } from '../../events.ts';
import type { Locale } from '../../locales/localization.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../avatar/index.ts';
import { FoyerElement } from '../foyer-element.ts';
import '../popover/index.ts';
import type { Preferences, Theme } from '../preferences.ts';
import '../staff-events.ts';
import { accountMenuStyles } from './account-menu.styles.ts';

/**
 * The signed-in person: language, appearance, password, signing out.
 *
 * @slot settings - Further settings.
 * @slot entries - Further entries, before the password.
 * @fires foyer-preference - Language or appearance were chosen.
 * @fires foyer-password-wanted - The person wants another password.
 * @fires foyer-sign-out - The person goes.
 */
export class FoyerAccountMenu extends FoyerElement {
  static override styles = [controls, accountMenuStyles];
  static override properties = { name: {}, role: { attribute: false }, preferences: { attribute: false }, locale: {} };

  declare name: string;
  declare role: 'administrator' | 'supervisor' | 'agent';
  declare preferences: Preferences;
  declare locale: string;

  constructor() {
    super();
    this.name = '';
    this.role = 'agent';
    this.preferences = {};
    this.locale = 'en';
  }

  override render() {
    const { theme } = this.preferences;
    const chinese = this.locale.startsWith('zh');
    return html`<foyer-popover label=${staffText('account.menu')}>
      <foyer-avatar slot="label" size="small" .name=${this.name}></foyer-avatar>
      <div class="who"><b><bdi>${this.name}</bdi></b><span>${staffText(`role.${this.role}`)}</span></div>
      <label class="setting">${staffText('account.language')}
        <select @change=${this.#language}>
          <option value="en" lang="en" ?selected=${!chinese}>English</option>
          <option value="zh" lang="zh" ?selected=${chinese}>中文</option>
        </select>
      </label>
      <label class="setting">${staffText('account.theme')}
        <select @change=${this.#theme}>
          <option value="" ?selected=${!theme}>${staffText('account.themeSystem')}</option>
          <option value="light" ?selected=${theme === 'light'}>${staffText('account.themeLight')}</option>
          <option value="dark" ?selected=${theme === 'dark'}>${staffText('account.themeDark')}</option>
        </select>
      </label>
      <slot name="settings"></slot>
      <hr />
      <slot name="entries"></slot>
      <button type="button" class="entry" data-dismiss @click=${() => emit(this, 'foyer-password-wanted')}>${staffText('account.password')}</button>
      <button type="button" class="entry" data-dismiss @click=${() => emit(this, 'foyer-sign-out')}>${staffText('account.signOut')}</button>
    </foyer-popover>`;
  }

  #language = (event: Event): void => {
    emit(this, 'foyer-preference', { locale: (event.target as HTMLSelectElement).value as Locale });
  };

  #theme = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    emit(this, 'foyer-preference', { theme: value === '' ? undefined : (value as Theme) });
  };
}
