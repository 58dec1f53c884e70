import type { Participant, Receipt } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { Session } from './session.ts';

/** Readers whose watermarks are remembered, so that a mark that moves nothing costs nothing. */
const remembered = 20_000;

/** Move a reader's watermarks forward, and tell it only when they moved. */
export function createReceipt(d: SessionDependencies) {
  const marksOf = new Map<string, { delivered: number; read: number }>();
  const keep = (key: string, { delivered, read }: Receipt) => {
    marksOf.delete(key);
    marksOf.set(key, { delivered, read });
    if (marksOf.size > remembered) marksOf.delete(marksOf.keys().next().value as string);
  };
  const stored = async (sessionId: string, reader: Participant) =>
    (await d.sessions.receipts(sessionId)).find((receipt) => receipt.participant.id === reader.id);

  return async function receipt(
    session: Pick<Session, 'id' | 'tenantId'>,
    reader: Participant,
    marks: { delivered?: number; read?: number },
  ): Promise<void> {
    const read = mark('read', marks.read);
    // Who has read it has it.
    const delivered = Math.max(mark('delivered', marks.delivered), read);
    const key = `${session.id}\n${reader.id}`;
    const before = marksOf.get(key) ?? (await stored(session.id, reader)) ?? { delivered: 0, read: 0 };
    if (delivered <= before.delivered && read <= before.read) return;
    const { id: sessionId, tenantId } = session;
    await d.unitOfWork.commit([
      {
        kind: 'receipt',
        tenantId,
        sessionId,
        participantId: reader.id,
        role: reader.role,
        delivered,
        read,
        at: d.clock.now(),
      },
    ]);
    // The store may have stopped at the log's end: what it kept is what is told.
    const after = await stored(sessionId, reader);
    if (after === undefined) return;
    keep(key, after);
    if (after.delivered > before.delivered || after.read > before.read) {
      d.signals.publish({ kind: 'receipt', tenantId, receipt: after });
    }
  };
}

function mark(name: string, value: number | undefined): number {
  if (value === undefined) return 0;
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new FoyerError('REQUEST_INVALID', `"${name}" must be a seq: a whole number from 0.`);
  }
  return value;
}
