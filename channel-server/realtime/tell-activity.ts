import type { Log, Sequenced } from '../../adapters/contract/index.ts';
import type { DeskPeer } from './desk-peer.ts';

/** Tell desks of a stored activity, except the connection it came from. */
export type TellActivity = (peers: readonly DeskPeer[], sequenced: Sequenced, exceptId?: string) => void;

/**
 * Activities told within one turn of the event loop leave together, one frame for each desk: many customers'
 * messages share a commit, and one agent has many customers.
 */
export function createTellActivity(log: Log): TellActivity {
  let gathering: DeskPeer[] = [];

  const flush = () => {
    const peers = gathering;
    gathering = [];
    for (const peer of peers) {
      try {
        peer.flush();
      } catch (error) {
        log.error({ err: error }, 'a desk could not be told of stored activities');
      }
    }
  };

  return (peers, sequenced, exceptId) => {
    for (const peer of peers) {
      if (peer.id === exceptId || !peer.gather(sequenced)) continue;
      // Ticks come after all microtasks: whatever one commit sets going has been told by then.
      if (gathering.push(peer) === 1) process.nextTick(flush);
    }
  };
}
