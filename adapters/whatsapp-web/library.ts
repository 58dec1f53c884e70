import { asRecord } from '../kit/inbound.ts';
import type { Library, WebClient } from './platform.ts';

/** The package is not there: it is an optional dependency. */
export class LibraryMissing extends Error {
  constructor(cause: unknown) {
    super(
      'whatsapp-web.js is not installed: run "npm install whatsapp-web.js@1.34.7" where Foyer is, then restart it.',
      {
        cause,
      },
    );
    this.name = 'LibraryMissing';
  }
}

/** The library, imported only when a channel needs it. Rejects with {@link LibraryMissing}. */
export async function loadLibrary(): Promise<Library> {
  // A name that is no literal, so that nothing of the package is needed to compile or to bundle.
  const name: string = 'whatsapp-web.js';
  try {
    const module = asRecord(await import(name)) ?? {};
    return (module.default ?? module) as Library;
  } catch (error) {
    throw new LibraryMissing(error);
  }
}

/** What a failure says, in one line. The library rejects with texts as well as with errors. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : typeof error === 'string' ? error : 'unknown reason';
  return (text.split('\n')[0] ?? '').slice(0, 200);
}

/**
 * Contain what the library runs by itself: asynchronous listeners on its page (beginning anew after a navigation,
 * reading an answer that is gone) and closing the browser, none of which it waits for. Each of their failures would be
 * an unhandled rejection, which ends the process ("auth timeout", "Execution context was destroyed", a session folder
 * that cannot be removed). `onFailure` gets those after which it does not work any more.
 */
export function contain(client: WebClient, strategy: object, onFailure: (error: unknown) => void): void {
  const destroy = client.destroy.bind(client);
  // It is closed because it does not work or is not wanted; whether that succeeds is looked at by its process.
  client.destroy = () => destroy().catch(() => undefined);
  const { afterBrowserInitialized } = strategy as Strategy;
  let page: Page | null | undefined;
  // Called when the page is there and before anything listens to it; once more, with the same page, after a log-out.
  (strategy as Strategy).afterBrowserInitialized = async () => {
    if (page !== client.pupPage) {
      page = client.pupPage;
      containPage(page, onFailure);
    }
    await afterBrowserInitialized?.call(strategy);
  };
}

interface Strategy {
  afterBrowserInitialized?(): Promise<void>;
}

type Page = NonNullable<WebClient['pupPage']>;

function containPage(page: Page | null | undefined, onFailure: (error: unknown) => void): void {
  if (page === null || page === undefined) return;
  const on = page.on.bind(page);
  page.on = (event, listener) =>
    on(event, async (...values: unknown[]) => {
      try {
        await listener(...values);
      } catch (error) {
        // Whatever else it listens to is for its own files of WhatsApp Web's code.
        if (event === 'framenavigated') onFailure(error);
      }
    });
}
