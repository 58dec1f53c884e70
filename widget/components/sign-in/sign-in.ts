import { html, nothing } from 'lit';
import { emit } from '../../events.ts';
import { staffText as text } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import { FoyerElement } from '../foyer-element.ts';
import { foyerMark } from '../foyer-mark.ts';
import { signInStyles } from './sign-in.styles.ts';

/** What the keeper of the sign-in throws, as far as it is shown. */
interface Refusal {
  code?: string;
  message?: string;
  /** Seconds. */
  retryAfter?: number;
}

/**
 * Where the company's people sign in, and choose a password when they have to.
 *
 * @fires foyer-dismiss - The password stays as it is.
 * @slot below - Under the form, e.g. links.
 * @csspart card - The form's card.
 */
export class FoyerSignIn extends FoyerElement {
  static override styles = [controls, signInStyles];
  static override properties = {
    place: {},
    notice: {},
    mode: {},
    signIn: { attribute: false },
    changePassword: { attribute: false },
    problem: { state: true },
    busy: { state: true },
    shown: { state: true },
  };

  /** Name of the page one signs in to. */
  declare place: string;
  /** Why one is here again. */
  declare notice: string;
  /** Sign in; or choose a password, because one has to or because one wants to. */
  declare mode: 'sign-in' | 'must-change' | 'may-change';
  /** Resolves when signed in; what it rejects with is shown. */
  declare signIn: (login: string, password: string) => Promise<void>;
  declare changePassword: (current: string, next: string) => Promise<void>;
  declare private problem: string;
  declare private busy: boolean;
  declare private shown: boolean;

  constructor() {
    super();
    this.place = '';
    this.notice = '';
    this.mode = 'sign-in';
    this.signIn = () => Promise.resolve();
    this.changePassword = () => Promise.resolve();
    this.problem = '';
    this.busy = false;
    this.shown = false;
  }

  override render() {
    return html`<main>
      <div class="brand">${foyerMark()}<span>Foyer</span>${this.place === '' ? nothing : html`<span class="place">${this.place}</span>`}</div>
      <div class="card" part="card">${this.mode === 'sign-in' ? this.#signInForm() : this.#passwordForm()}</div>
      <slot name="below"></slot>
    </main>`;
  }

  #signInForm() {
    return html`<form @submit=${this.#submitSignIn}>
      <h1>${text('signIn.title')}</h1>
      ${this.notice === '' ? nothing : html`<p class="notice">${this.notice}</p>`}
      <label>${text('signIn.login')}
        <input name="login" required autocomplete="username" autocapitalize="none" spellcheck="false" autofocus
          dir="auto" maxlength="200" aria-describedby="problem" />
      </label>
      ${this.#password('password', text('signIn.password'), 'current-password')}
      ${this.#foot(text(this.busy ? 'signIn.working' : 'signIn.submit'))}
    </form>`;
  }

  #passwordForm() {
    return html`<form @submit=${this.#submitPassword}>
      <h1>${text('password.title')}</h1>
      ${this.mode === 'must-change' ? html`<p class="notice">${text('password.why')}</p>` : nothing}
      ${this.#password('current', text('password.current'), 'current-password')}
      ${this.#password('next', text('password.next'), 'new-password')}
      <p class="hint" id="hint">${text('password.hint')}</p>
      ${this.#password('again', text('password.again'), 'new-password')}
      ${this.#foot(text('password.submit'))}
      ${this.mode === 'may-change' ? html`<button class="button" type="button" @click=${() => emit(this, 'foyer-dismiss')}>${text('dialog.cancel')}</button>` : nothing}
    </form>`;
  }

  #password(name: string, label: string, autocomplete: 'current-password' | 'new-password') {
    return html`<label>${label}
      <input name=${name} type=${this.shown ? 'text' : 'password'} required autocomplete=${autocomplete}
        maxlength="256" aria-describedby=${name === 'next' ? 'hint problem' : 'problem'} />
    </label>`;
  }

  #foot(submit: string) {
    return html`
      <label class="check"><input type="checkbox" .checked=${this.shown} @change=${this.#show} />${text('signIn.showPassword')}</label>
      <p class="problem ${this.problem === '' ? 'none' : ''}" id="problem" role="alert">${this.problem}</p>
      <button class="button primary" ?disabled=${this.busy}>${submit}</button>`;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('input')?.focus();
  }

  #show = (event: Event): void => {
    this.shown = (event.target as HTMLInputElement).checked;
  };

  #submitSignIn = (event: SubmitEvent): void => {
    const fields = fieldsOf(event);
    void this.#run(() => this.signIn(fields('login').trim(), fields('password')), 'password');
  };

  #submitPassword = (event: SubmitEvent): void => {
    const fields = fieldsOf(event);
    if (fields('next') !== fields('again')) {
      this.problem = text('password.different');
      return;
    }
    void this.#run(() => this.changePassword(fields('current'), fields('next')), 'current');
  };

  async #run(action: () => Promise<void>, field: string): Promise<void> {
    if (this.busy) return;
    const before = this.shadowRoot?.activeElement;
    this.busy = true;
    this.problem = '';
    try {
      await action();
    } catch (error) {
      this.problem = this.#words(error as Refusal);
      const now = this.shadowRoot?.activeElement;
      // Who has gone on to another field meanwhile is not called back from it.
      if (now === before || now === null) {
        const input = this.renderRoot.querySelector<HTMLInputElement>(`input[name=${field}]`);
        input?.focus();
        input?.select();
      }
    } finally {
      this.busy = false;
    }
  }

  #words({ code, message, retryAfter }: Refusal): string {
    if (code === 'ACCESS_SIGN_IN_FAILED') return text(this.mode === 'sign-in' ? 'signIn.failed' : 'password.wrong');
    if (code === 'ACCESS_THROTTLED') {
      return retryAfter === undefined
        ? text('signIn.throttled')
        : text('signIn.throttledFor', { seconds: Math.ceil(retryAfter) });
    }
    return code === 'ACCESS_UNREACHABLE' ? text('signIn.unreachable') : (message ?? '');
  }
}

function fieldsOf(event: SubmitEvent): (name: string) => string {
  event.preventDefault();
  const data = new FormData(event.target as HTMLFormElement);
  return (name) => String(data.get(name) ?? '');
}
