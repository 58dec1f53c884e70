import type { Activity, ActivityPage, DeliveryView, Receipt, Sequenced } from '../../adapters/contract/index.ts';

/** What became of an activity offered to a {@link SessionLog}. */
export type Applied = 'applied' | 'known' | 'gap';

/**
 * One session's log as this reader has it: complete up to `upto`, in order, each activity once.
 * Hints may come in any order, twice or never; what does not fit is a `gap`, to be read with `after=upto`.
 */
export interface SessionLog {
  readonly sessionId: string;
  /** The seq up to which this log is complete for its reader. */
  readonly upto: number;
  readonly activities: readonly Activity[];
  /** By participant id. */
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** How messages got on with their platform, by seq. */
  readonly deliveries: ReadonlyMap<number, DeliveryView>;
  apply(sequenced: Sequenced): Applied;
  /**
   * Take in a page that was read with `after` at most `upto`. Answers whether anything new came of it;
   * false for an empty page, or one that does not continue this log.
   */
  applyPage(page: ActivityPage): boolean;
  /** Watermarks only go forward. Answers whether anything changed. */
  applyReceipt(receipt: Receipt): boolean;
  applyDelivery(delivery: DeliveryView): void;
}

export function createSessionLog(sessionId: string): SessionLog {
  const activities: Activity[] = [];
  const receipts = new Map<string, Receipt>();
  const deliveries = new Map<number, DeliveryView>();
  let upto = 0;

  function apply({ activity, prev }: Sequenced): Applied {
    if (activity.seq <= upto) return 'known';
    if (prev > upto) return 'gap';
    activities.push(activity);
    upto = activity.seq;
    return 'applied';
  }

  function applyReceipt(receipt: Receipt): boolean {
    const known = receipts.get(receipt.participant.id);
    const delivered = Math.max(known?.delivered ?? 0, receipt.delivered);
    const read = Math.max(known?.read ?? 0, receipt.read);
    if (known !== undefined && delivered === known.delivered && read === known.read) return false;
    receipts.set(receipt.participant.id, { ...receipt, delivered, read });
    return true;
  }

  return {
    sessionId,
    activities,
    receipts,
    deliveries,
    get upto() {
      return upto;
    },
    apply,
    applyReceipt,
    applyDelivery: (delivery) => void deliveries.set(delivery.seq, delivery),
    applyPage(page) {
      const before = upto;
      let changed = false;
      for (const receipt of page.receipts) changed = applyReceipt(receipt) || changed;
      for (const delivery of page.deliveries ?? []) deliveries.set(delivery.seq, delivery);
      for (const sequenced of page.items) if (apply(sequenced) === 'gap') return changed || upto > before;
      upto = Math.max(upto, page.upto);
      return changed || upto > before;
    },
  };
}
