import type { ReactiveController, ReactiveElement } from 'lit';

/**
 * When what had the focus goes away under it (a button that has done its work, a form that was sent), says so, that
 * the focus be put somewhere sensible: browsers drop it, and whoever has no mouse would begin anew at the page's top.
 */
export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #lost: () => void;
  #last: Element | undefined;

  /** @param lost puts the focus where it belongs now. */
  constructor(host: ReactiveElement, lost: () => void) {
    this.#host = host;
    this.#lost = lost;
    host.addController(this);
  }

  hostConnected(): void {
    // Not at the host: moves of the focus inside its shadow root are not told outside.
    this.#host.renderRoot.addEventListener('focusin', this.#entered);
    this.#host.renderRoot.addEventListener('focusout', this.#left);
  }

  hostDisconnected(): void {
    this.#host.renderRoot.removeEventListener('focusin', this.#entered);
    this.#host.renderRoot.removeEventListener('focusout', this.#left);
  }

  hostUpdated(): void {
    // By the next frame the elements inside have changed, too.
    if (this.#last !== undefined) requestAnimationFrame(this.#look);
  }

  #entered = (event: Event): void => {
    this.#last = event.composedPath()[0] as Element;
  };

  #left = (event: Event): void => {
    const left = event.composedPath()[0] as Element;
    if ((event as FocusEvent).relatedTarget !== null) return;
    // To nowhere, on purpose: unless the element itself went, which some browsers tell, too.
    queueMicrotask(() => {
      if (!isGone(left)) this.#last = undefined;
    });
  };

  #look = (): void => {
    const nowhere = document.activeElement === null || document.activeElement === document.body;
    if (!nowhere || this.#last === undefined || !isGone(this.#last)) return;
    this.#last = undefined;
    this.#lost();
  };
}

const isGone = (element: Element): boolean => !element.isConnected || element.matches(':disabled');
