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
 * Contain what the library runs by itself. It starts these methods from browser events without waiting for them, so
 * that each of their failures would be an unhandled rejection, which ends the process ("auth timeout", "Execution
 * context was destroyed", a folder that cannot be removed). Failures go to `onFailure` instead.
 */
export function contain(client: WebClient, strategy: object, onFailure: (error: unknown) => void): void {
  for (const [owner, names] of [
    [client, ['inject']],
    [strategy, ['logout', 'beforeBrowserInitialized', 'afterBrowserInitialized', 'disconnect']],
  ] as [Record<string, unknown>, string[]][]) {
    for (const name of names) {
      const method = owner[name];
      if (typeof method !== 'function') continue;
      owner[name] = async (...values: unknown[]) => {
        try {
          return await method.apply(owner, values);
        } catch (error) {
          onFailure(error);
          return undefined;
        }
      };
    }
  }
  const destroy = client.destroy.bind(client);
  client.destroy = async () => {
    try {
      await destroy();
    } catch (error) {
      onFailure(error);
    }
  };
}
