import { html, nothing } from 'lit';
import type { AgentView, QueueView, SessionView } from '../../client/desk-protocol.ts';
import '../../components/avatar/index.ts';
import { FoyerDialog } from '../../components/dialog/dialog.ts';
import { text } from '../../locales/desk/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { errorWords } from '../error-words.ts';
import { formStyles } from '../form.styles.ts';

export interface TransferChoice {
  agent?: string;
  queue?: string;
  note?: string;
}

/**
 * To whom a conversation goes: a colleague, at whose desk it then rings, or a queue.
 *
 * @fires foyer-dismiss - Done, or given up.
 */
export class FoyerTransferDialog extends FoyerDialog {
  static override styles = [...FoyerDialog.styles, formStyles];
  static override properties = {
    session: { attribute: false },
    agents: { attribute: false },
    queues: { attribute: false },
    me: {},
    transfer: { attribute: false },
    chosen: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  declare session: SessionView;
  declare agents: readonly AgentView[];
  declare queues: readonly QueueView[];
  /** The signed-in agent's id. */
  declare me: string;
  declare transfer: (choice: TransferChoice) => Promise<void>;
  /** `agent:<id>` or `queue:<id>`. */
  declare private chosen: string;
  declare private busy: boolean;
  declare private problem: string;

  constructor() {
    super();
    this.chosen = '';
    this.busy = false;
    this.problem = '';
  }

  protected heading(): string {
    return text('transfer.title');
  }

  protected content() {
    const { state, agent, queue } = this.session;
    const waiting = state !== 'active' && state !== 'parked';
    const people = waiting ? [] : this.agents.filter(({ id }) => id !== this.me && id !== agent?.id);
    const queues = this.queues.filter(({ id }) => !waiting || id !== queue.id);
    return html`<form @submit=${this.#submit} @change=${this.#change}>
        ${
          waiting
            ? nothing
            : html`<fieldset><legend>${text('transfer.people')}</legend>
              ${people.length === 0 ? html`<p>${text('transfer.noPeople')}</p>` : people.map((each) => this.#person(each))}
            </fieldset>`
        }
        ${queues.length === 0 ? nothing : html`<fieldset><legend>${text('transfer.queues')}</legend>${queues.map((each) => this.#queue(each))}</fieldset>`}
        ${people.length + queues.length === 0 ? html`<p>${text('transfer.noTarget')}</p>` : nothing}
        <label class="field">${text('transfer.note')}<textarea name="note" maxlength="2000" dir="auto"></textarea></label>
        <p class="problem ${this.problem === '' ? 'none' : ''}" role="alert">${this.problem}</p>
        <div class="foot">
          <p>${this.chosen === '' ? '' : text(this.chosen.startsWith('agent:') ? 'transfer.rings' : 'transfer.releases')}</p>
          <button class="button" type="button" @click=${() => this.dismiss()}>${staffText('dialog.cancel')}</button>
          <button class="button primary" ?disabled=${this.busy || this.chosen === ''}>${text('transfer.submit')}</button>
        </div>
      </form>`;
  }

  #person({ id, name, state, load, capacity, lost }: AgentView) {
    const places = capacity - load;
    const free = state === 'idle' && !lost && places > 0;
    const facts = lost
      ? text('transfer.lost')
      : state !== 'idle'
        ? staffText(`state.${state}`)
        : places > 0
          ? text('transfer.places', { count: places })
          : text('transfer.full');
    return html`<label class="option"><input type="radio" name="to" value="agent:${id}" ?disabled=${!free} />
      <foyer-avatar size="small" .name=${name}></foyer-avatar><bdi class="name">${name}</bdi><span class="facts">${facts}</span></label>`;
  }

  #queue({ id, name, waiting }: QueueView) {
    return html`<label class="option"><input type="radio" name="to" value="queue:${id}" />
      <bdi class="name">${name}</bdi><span class="facts">${text('transfer.waiting', { count: waiting })}</span></label>`;
  }

  #change = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    if (input.name === 'to') this.chosen = input.value;
  };

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const [kind, id = ''] = this.chosen.split(/:(.*)/);
    if (this.busy || id === '') return;
    const note = String(new FormData(event.target as HTMLFormElement).get('note') ?? '').trim();
    this.busy = true;
    this.problem = '';
    try {
      await this.transfer({ ...(kind === 'agent' ? { agent: id } : { queue: id }), ...(note !== '' && { note }) });
      this.dismiss();
    } catch (error) {
      this.problem = errorWords(error);
    } finally {
      this.busy = false;
    }
  };
}
