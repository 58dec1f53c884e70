import { html, nothing } from 'lit';
import '../../components/elapsed/index.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { chevronDownIcon, tickIcon } from '../../components/icons.ts';
import '../../components/popover/index.ts';
import type { AgentView } from '../../client/desk-protocol.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/desk/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../desk-events.ts';
import { statePickerStyles } from './state-picker.styles.ts';

const choices = ['idle', 'busy', 'away', 'offline'] as const;
const reasons = ['state.reasonBreak', 'state.reasonLunch', 'state.reasonMeeting'] as const;

/**
 * Whether this agent takes work: shows the state and for how long, and changes it, with a reason.
 *
 * @fires foyer-desk-state - Another state was chosen.
 */
export class FoyerStatePicker extends FoyerElement {
  static override styles = [controls, statePickerStyles];
  static override properties = {
    me: { attribute: false },
    skew: { type: Number },
    locale: {},
    reason: { state: true },
  };

  declare me: AgentView | undefined;
  /** Server time minus page time, ms. */
  declare skew: number;
  declare locale: string;
  declare private reason: string;

  constructor() {
    super();
    this.skew = 0;
    this.locale = 'en';
    this.reason = '';
  }

  override render() {
    const { me } = this;
    if (!me) return nothing;
    const state = staffText(`state.${me.state}`);
    return html`<foyer-popover label=${text('state.menu')}>
      <span slot="label" class="now">
        <i class="dot ${me.state}"></i>
        <span class="name">${state}${me.reason && me.reason !== 'missed' ? html` · <bdi>${me.reason}</bdi>` : nothing}</span>
        <foyer-elapsed .since=${me.since} .skew=${this.skew} .locale=${this.locale}></foyer-elapsed>
        ${chevronDownIcon()}
      </span>
      <div class="choices">
        ${choices.map(
          (
            choice,
          ) => html`<button type="button" data-dismiss class="choice" aria-pressed=${me.state === choice ? 'true' : 'false'}
            @click=${() => this.#choose(choice)}>
            <i class="dot ${choice}"></i>
            <span><b>${staffText(`state.${choice}`)}</b><span class="hint">${text(`state.${choice}Hint`)}</span></span>
            ${me.state === choice ? tickIcon() : nothing}
          </button>`,
        )}
      </div>
      <label class="reason">${text('state.reason')}
        <input .value=${this.reason} maxlength="80" dir="auto" @input=${this.#write} @keydown=${this.#pressed} />
      </label>
      <div class="quick">
        ${reasons.map(
          (key) =>
            html`<button type="button" class="chip" data-dismiss @click=${() => this.#choose('away', text(key))}>${text(key)}</button>`,
        )}
      </div>
    </foyer-popover>`;
  }

  #write = (event: Event): void => {
    this.reason = (event.target as HTMLInputElement).value;
  };

  #pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.isComposing || this.reason.trim() === '') return;
    this.#choose(this.me?.state === 'busy' ? 'busy' : 'away');
    this.renderRoot.querySelector('foyer-popover')?.close();
  };

  #choose(state: (typeof choices)[number], reason = state === 'idle' ? '' : this.reason.trim()): void {
    this.reason = '';
    emit(this, 'foyer-desk-state', { state, reason });
  }
}
