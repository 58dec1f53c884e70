import { html, nothing } from 'lit';
import type {
  ChannelTypeFacts,
  Configuration,
  ConfiguredAccount,
  ConfiguredQueue,
} from '../../client/configuration.ts';
import type { StaffAccess } from '../../client/staff-access.ts';
import '../../components/avatar/index.ts';
import '../../components/elapsed/index.ts';
import { fileSize } from '../../components/format.ts';
import { FoyerElement } from '../../components/foyer-element.ts';
import { text } from '../../locales/console/text.ts';
import { staffText } from '../../locales/staff/text.ts';
import { controls } from '../../theme/controls.styles.ts';
import '../channels/index.ts';
import { typeTitle } from '../type-title.ts';
import { overviewStyles } from './overview.styles.ts';

/** The console's first page: channels, queues, people and channel types as they are set up. */
export class FoyerOverview extends FoyerElement {
  static override styles = [controls, overviewStyles];
  static override properties = {
    configuration: { attribute: false },
    access: { attribute: false },
    me: {},
    server: {},
    locale: {},
  };

  declare configuration: Configuration;
  declare access: StaffAccess;
  /** The signed-in account's id. */
  declare me: string;
  declare server: string;
  declare locale: string;

  constructor() {
    super();
    this.me = '';
    this.server = '';
    this.locale = 'en';
  }

  override render() {
    const { tenant } = this.configuration;
    return html`<header><h1><bdi>${tenant.name}</bdi></h1><p>${text('console.lead')}</p></header>
      <foyer-channels .configuration=${this.configuration} .access=${this.access} .server=${this.server} .locale=${this.locale}></foyer-channels>
      ${this.#queues()} ${this.#people()} ${this.#types()}`;
  }

  #queues() {
    const { queues } = this.configuration;
    return html`<section aria-labelledby="queues"><h2 id="queues">${text('queues.title')}</h2>
      ${
        queues.length === 0
          ? html`<div class="none"><p>${text('queues.none')}</p></div>`
          : html`<div class="table" tabindex="0" role="group" aria-labelledby="queues"><table>
            <thead><tr><th scope="col">${text('queues.name')}</th><th scope="col">${text('queues.kind')}</th><th scope="col">${text('queues.rings')}</th><th scope="col">${text('queues.agents')}</th><th scope="col" class="number">${text('queues.waiting')}</th></tr></thead>
            <tbody>${queues.map((queue) => this.#queue(queue))}</tbody>
          </table></div>`
      }
    </section>`;
  }

  #queue({ id, name, type, ringTime, waiting }: ConfiguredQueue) {
    const serving = this.configuration.agents.filter(({ queues }) => queues.includes(id));
    const idle = serving.filter(({ state, lost }) => state === 'idle' && !lost).length;
    return html`<tr>
      <th scope="row"><bdi>${name}</bdi> <code>${id}</code></th>
      <td>${text(`queues.${type}`)}</td>
      <td>${text('queues.seconds', { count: Math.round(ringTime / 1000) })}</td>
      <td>${serving.length === 0 ? html`<em>${text('queues.nobody')}</em>` : text('queues.idleOf', { idle, all: serving.length })}</td>
      <td class="number">${waiting > 0 ? html`<b class="waiting">${waiting}</b>` : '0'}</td>
    </tr>`;
  }

  #people() {
    const { accounts } = this.configuration;
    return html`<section aria-labelledby="people"><h2 id="people">${text('people.title')}</h2>
      ${
        accounts.length === 0
          ? html`<div class="none"><p>${text('people.none')}</p></div>`
          : html`<div class="table" tabindex="0" role="group" aria-labelledby="people"><table>
            <thead><tr><th scope="col">${text('people.name')}</th><th scope="col">${text('people.login')}</th><th scope="col">${text('people.role')}</th><th scope="col">${text('people.state')}</th><th scope="col">${text('people.queues')}</th><th scope="col" class="number">${text('people.load')}</th></tr></thead>
            <tbody>${accounts.map((account) => this.#person(account))}</tbody>
          </table></div>`
      }
    </section>`;
  }

  #person({ id, name, login, role, queues, disabled, mustChange }: ConfiguredAccount) {
    const agent = this.configuration.agents.find((each) => each.id === id);
    return html`<tr class=${disabled ? 'disabled' : ''}>
      <th scope="row"><span class="person"><foyer-avatar size="small" .name=${name}></foyer-avatar><bdi>${name}</bdi>${id === this.me ? html`<span class="mark">${text('people.you')}</span>` : nothing}</span></th>
      <td><code>${login}</code></td>
      <td>${staffText(`role.${role}`)}</td>
      <td>${this.#state(disabled, mustChange, agent)}</td>
      <td>${queues.map((queue) => this.#queueName(queue)).join(', ') || '–'}</td>
      <td class="number">${agent ? `${agent.load}/${agent.capacity}` : '–'}</td>
    </tr>`;
  }

  #state(disabled: boolean, mustChange: boolean, agent: Configuration['agents'][number] | undefined) {
    if (disabled) return text('people.disabled');
    if (mustChange) return html`<em>${text('people.mustChange')}</em>`;
    if (!agent) return '–';
    return html`<span class="state"><i class="dot ${agent.lost ? 'offline' : agent.state}"></i>${staffText(`state.${agent.state}`)}
      <span class="since"><foyer-elapsed .since=${agent.since} .locale=${this.locale}></foyer-elapsed>${agent.lost && agent.state !== 'offline' ? html` · ${text('people.lost')}` : nothing}</span></span>`;
  }

  #types() {
    const { types } = this.configuration;
    return html`<section aria-labelledby="types"><h2 id="types">${text('types.title')}</h2><p class="lead">${text('types.lead')}</p>
      <ul class="types">${types.map((type) => this.#type(type))}</ul>
    </section>`;
  }

  #type({ type, title, capabilities }: ChannelTypeFacts) {
    const facts: string[] = [];
    if (capabilities) {
      const { text: limit, attachments, typing, receipts, presence } = capabilities;
      facts.push(text('types.text', { max: limit.max.toLocaleString(this.locale), unit: text(`unit.${limit.unit}`) }));
      if (attachments.max > 0) {
        facts.push(text('types.files', { size: fileSize(attachments.maxBytes, this.locale), max: attachments.max }));
      }
      if (typing.in || typing.out) facts.push(text('types.typing'));
      if (receipts.delivered || receipts.read) facts.push(text('types.receipts'));
      if (presence === 'live') facts.push(text('types.live'));
    } else facts.push(text('types.depends'));
    return html`<li><h3>${typeTitle(type, title)} <code>${type}</code></h3>
      <ul>${facts.map((fact) => html`<li>${fact}</li>`)}</ul></li>`;
  }

  #queueName(id: string): string {
    return this.configuration.queues.find((queue) => queue.id === id)?.name ?? id;
  }
}
