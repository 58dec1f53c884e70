import type { KeptToken, TokenCache } from '../../adapters/contract/index.ts';

/** A client looks briefly and seldom: it never gets in the way this often. */
const mostTries = 20;

/**
 * Puts a platform's word for the channel's client where it looks, among the channel's tokens. Who asks the cache while
 * another asks gets the other's answer: a client that looks just now, and finds nothing yet, makes both fail. What is
 * put here cannot fail itself, so then it is put again.
 */
export async function keepForClient(tokens: Pick<TokenCache, 'get'>, name: string, token: KeptToken): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    let made = false;
    try {
      await tokens.get(name, '', async () => {
        made = true;
        return token;
      });
      return;
    } catch (error) {
      // The store's own failures are the platform's to hear: it comes again.
      if (made || tries === mostTries) throw error;
    }
  }
}
