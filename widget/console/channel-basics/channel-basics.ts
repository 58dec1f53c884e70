import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ConfiguredQueue } from '../../client/configuration.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { emit } from '../../events.ts';
import { text } from '../../locales/console/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../console-events.ts';
import { inputStyles } from '../input.styles.ts';
import { channelBasicsStyles } from './channel-basics.styles.ts';

/** What every channel has. */
export interface Basics {
  id: string;
  name: string;
  /** The queue's id. */
  queue: string;
  enabled: boolean;
}

/**
 * The part of a channel's form that all types have: name, id, queue, whether it is switched on.
 *
 * @fires foyer-basics - One of them was changed.
 */
export class FoyerChannelBasics extends FoyerElement {
  static override styles = [controls, inputStyles, channelBasicsStyles];
  static override properties = {
    values: { attribute: false },
    queues: { attribute: false },
    anew: { type: Boolean },
    problem: { attribute: false },
  };

  declare values: Basics;
  declare queues: readonly ConfiguredQueue[];
  /** Its id can still be chosen. */
  declare anew: boolean;
  /** What is wrong with which of them. */
  declare problem: { field: string; words: string } | undefined;

  constructor() {
    super();
    this.values = { id: '', name: '', queue: '', enabled: true };
    this.queues = [];
    this.anew = false;
  }

  /** Put the keyboard into the field that is wrong, else into the first. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"], input')?.focus();
  }

  override render() {
    const { name, queue, enabled } = this.values;
    return html`<div class="field">${this.#label('name', text('form.name'))}
        <input id="name" maxlength="120" required autocomplete="off" dir="auto" .value=${live(name)} aria-describedby="name-problem"
          aria-invalid=${this.#invalid('name')} @input=${this.#typed} />${this.#problemOf('name')}</div>
      ${this.anew ? this.#id() : nothing}
      <div class="field">${this.#label('queue', text('channels.queue'))}
        <select id="queue" aria-describedby="queue-problem" aria-invalid=${this.#invalid('queue')} @change=${this.#typed}>
          ${this.queues.map((each) => html`<option value=${each.id} .selected=${each.id === queue}>${each.name}</option>`)}
        </select>${this.#problemOf('queue')}</div>
      <div class="switched"><label class="label" for="enabled">${text('form.enabled')}</label>
        <input id="enabled" type="checkbox" role="switch" .checked=${live(enabled)} @change=${this.#typed} /></div>`;
  }

  #id() {
    return html`<div class="field">${this.#label('id', text('form.id'))}
      <input id="id" maxlength="64" required autocomplete="off" autocapitalize="none" spellcheck="false" dir="ltr" .value=${live(this.values.id)}
        aria-describedby="id-help id-problem" aria-invalid=${this.#invalid('id')} @input=${this.#typed} />
      <p class="help" id="id-help">${text('form.idHelp')}</p>${this.#problemOf('id')}</div>`;
  }

  #label(field: string, words: string) {
    return html`<label class="label" for=${field}>${words}<span class="required">${text('form.required')}</span></label>`;
  }

  #problemOf(field: string) {
    const words = this.problem?.field === field ? this.problem.words : '';
    return html`<p class="problem" id=${`${field}-problem`} role="alert">${words}</p>`;
  }

  #invalid(field: string): 'true' | 'false' {
    return this.problem?.field === field ? 'true' : 'false';
  }

  #typed = (event: Event): void => {
    const { id, type, checked, value } = event.target as HTMLInputElement;
    emit(this, 'foyer-basics', { [id]: type === 'checkbox' ? checked : value });
  };
}
