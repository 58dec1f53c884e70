import type { Activity, ActivityPage, Receipt, Sequenced } from '../client/desk-protocol.ts';

/** What became of one activity: `gap` asks for reading the log after `upto`. */
export type Applied = 'applied' | 'known' | 'gap';

/** One session's log as far as this reader has it: in order, each activity once, complete up to `upto`. */
export interface SessionLog {
  readonly items: readonly Activity[];
  /** Complete for this reader up to here; seq counts activities of all audiences. */
  readonly upto: number;
  readonly receipts: ReadonlyMap<string, Receipt>;
}

export const emptyLog: SessionLog = { items: [], upto: 0, receipts: new Map() };

/** Add one activity, if it follows what is there. Pure. */
export function applyActivity(log: SessionLog, { activity, prev }: Sequenced): { log: SessionLog; applied: Applied } {
  if (activity.seq <= log.upto) return { log, applied: 'known' };
  // Between `prev` and `activity.seq` there is nothing this reader may see, so being complete up to `prev` is enough.
  if (prev > log.upto) return { log, applied: 'gap' };
  return { log: { ...log, items: [...log.items, activity], upto: activity.seq }, applied: 'applied' };
}

/** Add a page read with `after=`, and its watermarks. Pure. */
export function applyPage(log: SessionLog, page: ActivityPage): { log: SessionLog; applied: Applied } {
  let applied: Applied = 'known';
  const items = [...log.items];
  let upto = log.upto;
  for (const { activity, prev } of page.items) {
    if (activity.seq <= upto) continue;
    if (prev > upto) {
      applied = 'gap';
      break;
    }
    items.push(activity);
    upto = activity.seq;
    applied = 'applied';
  }
  if (applied !== 'gap') upto = Math.max(upto, page.upto);
  const receipts = page.receipts.reduce(advance, log.receipts);
  if (items.length === log.items.length && upto === log.upto && receipts === log.receipts) return { log, applied };
  return { log: { items, upto, receipts }, applied };
}

/** Move a watermark forward, never back. Pure. */
export function applyReceipt(log: SessionLog, receipt: Receipt): SessionLog {
  const receipts = advance(log.receipts, receipt);
  return receipts === log.receipts ? log : { ...log, receipts };
}

/** How far anybody in `role` has got: an agent's message is read when a customer's watermark passed it. */
export function watermark(log: SessionLog, role: 'user' | 'agent'): { delivered: number; read: number } {
  let delivered = 0;
  let read = 0;
  for (const receipt of log.receipts.values()) {
    if (receipt.participant.role !== role) continue;
    delivered = Math.max(delivered, receipt.delivered, receipt.read);
    read = Math.max(read, receipt.read);
  }
  return { delivered, read };
}

function advance(receipts: ReadonlyMap<string, Receipt>, next: Receipt): ReadonlyMap<string, Receipt> {
  const old = receipts.get(next.participant.id);
  if (old && next.delivered <= old.delivered && next.read <= old.read) return receipts;
  return new Map(receipts).set(next.participant.id, {
    ...next,
    delivered: Math.max(old?.delivered ?? 0, next.delivered),
    read: Math.max(old?.read ?? 0, next.read),
  });
}
