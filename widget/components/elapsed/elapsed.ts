import { duration } from '../duration.ts';
import { FoyerElement } from '../foyer-element.ts';

/** Every element on the page ticks at once: times side by side never disagree. */
const ticking = new Set<FoyerElapsed>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  for (const element of ticking) element.requestUpdate();
}

/** How long ago something was, ticking. */
export class FoyerElapsed extends FoyerElement {
  static override properties = {
    since: {},
    skew: { type: Number },
    locale: {},
    longAfter: { type: Number },
    long: { type: Boolean, reflect: true },
  };

  /** ISO 8601. */
  declare since: string;
  /** Server time minus this page's time, ms. */
  declare skew: number;
  declare locale: string;
  /** From this length on, in ms, it has the attribute `long`. */
  declare longAfter: number;
  declare long: boolean;

  constructor() {
    super();
    this.since = '';
    this.skew = 0;
    this.locale = 'en';
    this.longAfter = Number.POSITIVE_INFINITY;
    this.long = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    ticking.add(this);
    timer ??= setInterval(tick, 1_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    ticking.delete(this);
    if (ticking.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  override render() {
    return this.since === '' ? '' : duration(this.#passed(), this.locale);
  }

  protected override willUpdate(): void {
    this.long = this.#passed() >= this.longAfter;
  }

  #passed(): number {
    return Date.now() + this.skew - Date.parse(this.since);
  }
}
