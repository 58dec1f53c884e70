import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Files dragged over an element and dropped on it. `active` while they hover. */
export class FileDrop implements ReactiveController {
  active = false;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #drop: (files: File[]) => void;
  #depth = 0;

  constructor(host: ReactiveControllerHost & HTMLElement, drop: (files: File[]) => void) {
    this.#host = host;
    this.#drop = drop;
    host.addController(this);
  }

  hostConnected(): void {
    for (const name of dragEvents) this.#host.addEventListener(name, this);
  }

  hostDisconnected(): void {
    for (const name of dragEvents) this.#host.removeEventListener(name, this);
  }

  handleEvent(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (event.type === 'dragenter') this.#depth += 1;
    else if (event.type === 'dragleave') this.#depth -= 1;
    else if (event.type === 'drop') {
      this.#depth = 0;
      this.#drop([...event.dataTransfer.files]);
    }
    const active = this.#depth > 0;
    if (active === this.active) return;
    this.active = active;
    this.#host.requestUpdate();
  }
}

const dragEvents = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;
