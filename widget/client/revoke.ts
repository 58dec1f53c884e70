import type { Clock } from '../../adapters/contract/index.ts';
import type { Handshake } from '../../adapters/web/protocol.ts';
import { createConnection } from './connection.ts';

/** How long a sign-out waits for the server, ms. */
const patience = 8_000;

/** Tell the server that a token is no longer wanted, over a connection of its own. Resolves when told, or in vain. */
export function revokeToken(options: {
  address: string;
  clock: Clock;
  random(): number;
  handshake: Handshake;
}): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      connection.stop();
      resolve();
    };
    const cancel = options.clock.after(patience, end);
    const connection = createConnection({
      ...options,
      handshake: () => options.handshake,
      onHello: () => options.clock.after(0, () => void connection.request('visitor:logout', {}).then(end, end)),
      onFact: () => {},
      onRefused: () => {
        options.clock.after(0, end);
        return 'stop';
      },
    });
    connection.start();
  });
}
