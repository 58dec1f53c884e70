import type { Heard } from '../model.ts';

type Status = Pick<Extract<Heard, { kind: 'status' }>, 'state' | 'reason'>;

/**
 * Delivery states of China's networks and of MaaP platforms, in whatever case they write them. What went as an SMS, MMS
 * or video message is delivered, and says so. `told` is the network's own code for it. Undefined: a state nobody knows.
 */
export function statusOf(
  state: string,
  told: { code?: string | undefined; text?: string | undefined },
): Status | undefined {
  const name = state.trim().toLowerCase().replaceAll('_', '');
  switch (name) {
    case 'messagesent':
    case 'sent':
      return { state: 'sent' };
    case 'deliveredtoterminal':
    case 'delivered':
      return { state: 'delivered' };
    case 'messagedisplayed':
    case 'displayed':
      return { state: 'read' };
    case 'deliveredtonetwork':
    case 'deliveredtosms':
      return { state: 'delivered', reason: as(told.code?.toUpperCase() === 'MMS' ? 'MMS' : 'SMS') };
    case 'deliveredtovms':
      return { state: 'delivered', reason: as('video message') };
    case 'deliveryimpossible':
    case 'failed':
    case 'deliveredtosmsfailed':
    case 'deliveredtovmsfailed':
      return { state: 'failed', reason: why(state, told) };
    default:
      return undefined;
  }
}

function as(what: 'SMS' | 'MMS' | 'video message'): { code: string; text: string } {
  return {
    code: what === 'video message' ? 'VMS' : what,
    text: `Delivered as ${what}: the phone has no RCS now, so cards, chips and files are missing.`,
  };
}

function why(state: string, { code, text }: { code?: string | undefined; text?: string | undefined }) {
  const said = text ?? code;
  return {
    code: (code ?? state).slice(0, 100),
    text:
      said === undefined
        ? 'The network could not deliver it.'
        : `The network could not deliver it: ${said.slice(0, 300)}`,
  };
}
