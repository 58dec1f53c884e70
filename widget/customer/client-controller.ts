import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CustomerClient } from '../client/customer-client.ts';

/** Renders an element anew when its client changes, while it is on the page. */
export class ClientController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #client: () => CustomerClient | undefined;
  #subscribed: CustomerClient | undefined;
  #end = () => {};

  constructor(host: ReactiveControllerHost, client: () => CustomerClient | undefined) {
    this.#host = host;
    this.#client = client;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow();
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#end();
    this.#subscribed = undefined;
  }

  #follow(): void {
    const client = this.#client();
    if (client === this.#subscribed) return;
    this.#end();
    this.#subscribed = client;
    this.#end = client?.subscribe(() => this.#host.requestUpdate()) ?? (() => {});
  }
}
