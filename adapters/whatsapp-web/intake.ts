import type { AdapterHost, Inbound } from '../contract/index.ts';
import type { WhatsappWebSettings } from './config.ts';
import { decode } from './decode.ts';
import { reasonOf } from './library.ts';
import type { Heard } from './platform.ts';

/** How many ids of sent messages are remembered. */
const remembered = 2_000;

/** What was heard is decoded and stored, one after the other in the order it came. */
export class Intake {
  readonly #host: AdapterHost<WhatsappWebSettings>;
  #storing: Promise<void> = Promise.resolve();
  /** The account's own messages wait for these: the library tells of a message before it says that it is out. */
  #sending: Promise<unknown> = Promise.resolve();
  readonly #sent = new Set<string>();

  constructor(host: AdapterHost<WhatsappWebSettings>) {
    this.#host = host;
  }

  /** Run one sending; the copies of what it sends, by the ids it answers, are known to be ours. */
  sending(run: () => Promise<string[]>): Promise<string[]> {
    // Begun only after it stands among those that are waited for.
    const running = Promise.resolve()
      .then(run)
      .then((ids) => {
        for (const id of ids) this.#remember(id);
        return ids;
      });
    this.#sending = Promise.allSettled([this.#sending, running]);
    return running;
  }

  take(heard: Heard): void {
    // Those of customers never wait for a message that is being sent.
    if (heard.event === 'own-message') void this.#sending.then(() => this.#queue(heard));
    else this.#queue(heard);
  }

  /** Resolves when everything heard so far is stored. */
  async idle(): Promise<void> {
    await this.#sending;
    await this.#storing;
  }

  #queue(heard: Heard): void {
    this.#storing = this.#storing.then(() => this.#store(heard));
  }

  async #store(heard: Heard): Promise<void> {
    const { log, channel } = this.#host;
    try {
      const items = decode([heard], channel.settings).filter((item) => !this.#isOurs(item));
      if (items.length > 0) await this.#host.receive(items);
    } catch (error) {
      log.error({ event: heard.event, reason: reasonOf(error) }, 'an event of WhatsApp Web could not be stored');
    }
  }

  #isOurs(item: Inbound): boolean {
    return item.kind === 'echo' && this.#sent.has(item.externalId);
  }

  #remember(id: string): void {
    this.#sent.add(id);
    const [oldest] = this.#sent;
    if (this.#sent.size > remembered && oldest !== undefined) this.#sent.delete(oldest);
  }
}
