import type { GraphMeanings } from '../kit/meta-errors.ts';

/** After that many failed attempts with code 2, people who blocked the Page are the likelier reason. */
const patience = 3;

const windowClosed = new Set([2018278, 2534022, 2018065]);
const gone = new Set([2018108, 2018001]);

/**
 * What errors of the Send API mean beyond those of the Graph API. Code 10 and 200 stand for many things: only the
 * subcode tells whether the message, the customer or the whole channel is meant.
 * Source: Messenger Platform, error codes; subcodes as developers meet them.
 */
export const meanings: GraphMeanings = ({ code, subcode = 0 }, attempt) => {
  if (code === 10 && windowClosed.has(subcode)) {
    return { kind: 'window-closed', advice: 'The customer must write first.' };
  }
  if (gone.has(subcode)) return { kind: 'blocked', advice: 'Nobody is reached there: the person is unavailable.' };
  if (code === 10 && subcode === 1893063) {
    return { kind: 'channel-broken', advice: 'The Page is restricted: see Page Support in Meta Business Suite.' };
  }
  if (code === 200 && subcode === 1545041) {
    return { kind: 'blocked', closed: 'blocked', advice: 'The customer blocked the Page or is unavailable.' };
  }
  if (code === 551) return { kind: 'blocked', advice: 'The customer is unavailable at the moment.' };
  if (code === 230 || code === 10903) return { kind: 'blocked', advice: 'This person may not be written to.' };
  if (subcode === 2018300) {
    return { kind: 'refused', advice: 'Another app controls this conversation: take it over in the Page inbox first.' };
  }
  if (code === 100) return { kind: 'refused', ...hint(subcode) };
  if (code === 613 && subcode === 2018338) {
    return { kind: 'rate-limited', after: 10 * 60_000, advice: 'Meta warns of abuse: the Page sends too fast.' };
  }
  if (code === 2 && attempt > patience) {
    return { kind: 'refused', advice: 'Meta kept failing; the customer may have blocked the Page.' };
  }
  return undefined;
};

function hint(subcode: number): { advice?: string } {
  const advice = hints[subcode];
  return advice === undefined ? {} : { advice };
}

const hints: Readonly<Record<number, string>> = {
  2018008: 'Meta could not fetch a file from this server: FOYER_PUBLIC_URL must be reached from outside.',
  2018047: 'The file is not of the type it claims to be.',
  2018074: 'The uploaded file is no longer there: send it again.',
  2018109: 'The file is larger than Meta takes.',
  1893061: 'This message tag is no longer taken.',
};
