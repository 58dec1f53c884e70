/**
 * `widget.js`, the script a company embeds:
 *
 *     <script async src="https://HOST/widget.js" data-channel="ID"></script>
 *
 * Draws the launcher at once, with no request and no connection. The widget itself is fetched when someone opens it,
 * or when this visitor has a conversation going on. Calls made before this script ran are kept by the usual stub:
 *
 *     window.Foyer = window.Foyer || function () { (Foyer.q = Foyer.q || []).push(arguments) }
 */
import { launcherCss, launcherPath } from '../theme/launcher.ts';
import { createElement, createSvg, currentScript, pageBody, readyState, stored } from './page-access.ts';

/** Path of the widget's module under the server's address; put in by the build. */
declare const FOYER_WIDGET_MODULE: string;

type Call = ArrayLike<unknown>;
interface Widget extends HTMLElement {
  open(): void;
  close(): void;
  toggle(): void;
  identify(token: string): void;
  logout(): Promise<void>;
}

const mark = Symbol.for('foyer.widget');
const page = window as unknown as { Foyer?: (() => void) & { q?: Call[] } } & Record<symbol, unknown>;

function load(script: HTMLScriptElement, channel: string): void {
  const source = new URL(script.src);
  const prefix = `foyer:${source.host}:${channel}:`;
  const widget = createElement('foyer-widget') as Widget;
  const root = widget.attachShadow({ mode: 'open' });
  let loading: Promise<unknown> | undefined;
  let failures = 0;

  widget.setAttribute('server', source.origin);
  widget.setAttribute('channel', channel);
  for (const name of ['locale', 'theme', 'position', 'greeting']) {
    const value = script.getAttribute(`data-${name}`);
    if (value !== null) widget.setAttribute(name, value);
  }
  root.appendChild(launcher(() => call(['open'])));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(launcherCss);
  root.adoptedStyleSheets = [sheet];

  /** Fetch the widget; a failure is told by the launcher, and tried again at the next call. */
  function fetchWidget(): Promise<unknown> {
    const button = root.querySelector('button');
    button?.setAttribute('aria-busy', 'true');
    const address = new URL(FOYER_WIDGET_MODULE, source);
    // A browser may remember that a module could not be had: ask under another name.
    if (failures > 0) address.search = `${failures}`;
    loading ??= import(address.href).catch((error: unknown) => {
      failures += 1;
      loading = undefined;
      button?.removeAttribute('aria-busy');
      throw error;
    });
    return loading;
  }

  const wanted: Record<string, (argument: unknown, listener: unknown) => void> = {
    __proto__: null as never,
    open: () => run(() => widget.open()),
    close: () => run(() => widget.close()),
    toggle: () => run(() => widget.toggle()),
    // Who has never written has nothing to fetch yet: the token is kept until the widget is.
    identify: (token) => run(() => widget.identify(String(token)), !busy()),
    logout: () => run(() => void widget.logout(), !busy() && stored('localStorage', `${prefix}visitor`) === undefined),
    on: (name, listener) =>
      widget.addEventListener(`foyer-${String(name)}`, (event) =>
        (listener as (detail: unknown) => void)((event as CustomEvent).detail),
      ),
  };
  const later: (() => void)[] = [];
  let ready = false;

  function run(action: () => void, wait = false): void {
    if (ready) action();
    else {
      later.push(action);
      if (!wait) begin();
    }
  }

  function begin(): void {
    fetchWidget().then(
      () => {
        ready = true;
        for (const action of later.splice(0)) action();
      },
      // Nothing is lost: calls wait for the next attempt, and the launcher can be pressed again.
      () => {},
    );
  }

  function busy(): boolean {
    return stored('localStorage', `${prefix}open`) === '1' || stored('sessionStorage', `${prefix}shown`) === '1';
  }

  function call([name, argument, listener]: Call & Iterable<unknown>): void {
    wanted[String(name)]?.(argument, listener);
  }

  const kept = typeof page.Foyer === 'function' ? page.Foyer.q : undefined;
  Object.defineProperty(page, 'Foyer', {
    value: (...call_: unknown[]) => call(call_),
    configurable: true,
    writable: true,
  });
  const insert = () => pageBody()?.appendChild(widget);
  if (pageBody() == null) addEventListener('DOMContentLoaded', insert, { once: true });
  else insert();
  if (Array.isArray(kept)) for (const each of kept) call(Array.from(each));
  if (stored('sessionStorage', `${prefix}shown`) === '1' || script.hasAttribute('data-open')) call(['open']);
  else if (busy()) afterIdle(begin);
}

function launcher(open: () => void): HTMLElement {
  const button = createElement('button');
  const symbol = createSvg('svg');
  const path = createSvg('path');
  const chinese = /^zh/i.test(navigator.language);
  button.className = 'launcher';
  for (const [name, value] of [
    ['type', 'button'],
    ['part', 'launcher'],
    ['aria-label', chinese ? '打开聊天' : 'Open chat'],
    ['aria-expanded', 'false'],
  ] as const) {
    button.setAttribute(name, value);
  }
  symbol.setAttribute('viewBox', '0 0 24 24');
  symbol.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', launcherPath);
  symbol.appendChild(path);
  button.appendChild(symbol);
  button.addEventListener('click', open);
  return button;
}

/** When the page itself has loaded and has nothing to do. */
function afterIdle(run: () => void): void {
  const idle = () => (window.requestIdleCallback ?? ((soon: () => void) => setTimeout(soon, 200)))(() => run());
  if (readyState() === 'complete') idle();
  else addEventListener('load', idle, { once: true });
}

const script = currentScript();
const channel = script?.getAttribute('data-channel');
// One widget on a page, however often the tag is there.
if (script && channel && page[mark] === undefined) {
  Object.defineProperty(page, mark, { value: true });
  load(script, channel);
}
