import type { Participant } from '../../adapters/contract/index.ts';
import { FoyerError, notFound } from '../errors.ts';
import { announceActivities } from './announce.ts';
import type { SessionDependencies } from './dependencies.ts';
import { appendEvent } from './events.ts';
import type { Session } from './session.ts';

/** Longest comment of a rating, in UTF-16 units. */
export const longestComment = 2_000;

/** Keep what a customer thought of a session, before or after its end. The newest rating counts. */
export function createRate(d: SessionDependencies) {
  return async function rate(
    session: Session,
    by: Participant,
    rating: { score: number; comment?: string },
  ): Promise<void> {
    const { score } = rating;
    const comment = rating.comment?.trim();
    if (!Number.isInteger(score) || score < 1 || score > 5) {
      throw new FoyerError('REQUEST_INVALID', 'A rating is a whole number from 1 to 5.');
    }
    if (comment !== undefined && comment.length > longestComment) {
      throw new FoyerError('REQUEST_INVALID', `A comment has at most ${longestComment} characters.`);
    }
    const value = comment ? { score, comment } : { score };
    const result = await d.unitOfWork.commit([appendEvent(session, d.clock.now(), 'session:rated', by, value)]);
    if (result.outcome !== 'applied') throw notFound('session');
    announceActivities(d.signals, session, result.appended);
  };
}
