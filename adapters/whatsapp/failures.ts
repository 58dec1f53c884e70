import type { GraphMeaning, GraphMeanings } from '../kit/meta-errors.ts';

/** 131000 says only that something went wrong: after that many attempts it will not go better. */
const patience = 3;
/** Longest wait that 4^X comes to, ms. */
const longestPause = 15 * 60_000;

const wrongNumber = 'The number may not be on WhatsApp, use an old version, or not have accepted the newest terms.';

/**
 * What errors of the Cloud API mean beyond those of the Graph API; `advice` ends what people read. Many come
 * synchronously or as a failed status, or both. Source: WhatsApp Cloud API, error codes.
 */
const table: Readonly<Record<number, GraphMeaning>> = {
  // Wait and try again.
  80007: { kind: 'rate-limited' },
  130429: { kind: 'rate-limited' },
  131016: { kind: 'unreachable' },
  131057: { kind: 'unreachable' },
  133004: { kind: 'unreachable' },
  // The whole number or account.
  131005: { kind: 'channel-broken', advice: 'The token lacks a permission: it needs whatsapp_business_messaging.' },
  131031: {
    kind: 'channel-broken',
    advice: 'The account is locked over a policy or a wrong PIN: see WhatsApp Manager.',
  },
  131042: {
    kind: 'channel-broken',
    advice: 'A payment method is missing or was refused: see WhatsApp Manager, Billing.',
  },
  131048: {
    kind: 'channel-broken',
    advice: 'Too many people blocked or reported the number: see its quality in WhatsApp Manager.',
  },
  133010: {
    kind: 'channel-broken',
    advice: 'The number is not registered for the Cloud API: register it under API Setup.',
  },
  // This customer alone.
  131026: { kind: 'blocked', advice: wrongNumber },
  131047: { kind: 'window-closed', advice: 'More than 24 hours passed since the customer wrote: send a template.' },
  131049: { kind: 'refused', advice: 'WhatsApp protects this person from too much marketing: wait a day at least.' },
  131050: { kind: 'refused', advice: 'This person stopped marketing messages of the business.' },
  131021: { kind: 'refused', advice: 'A number cannot write to itself.' },
  131030: { kind: 'refused', advice: 'A test number writes only to numbers that are on its list under API Setup.' },
  130472: {
    kind: 'refused',
    advice: "This person takes part in an experiment of Meta's and gets no marketing messages.",
  },
  // The message.
  131009: { kind: 'refused' },
  131008: { kind: 'refused' },
  131051: { kind: 'refused' },
  131052: { kind: 'refused', advice: 'WhatsApp could not fetch the file.' },
  131053: { kind: 'refused', advice: 'WhatsApp does not take a file of this type or size.' },
  131062: { kind: 'refused', advice: 'This kind of message needs the number, which is hidden.' },
  132000: { kind: 'refused', advice: 'The blanks of the template are not those it was approved with.' },
  132001: { kind: 'refused', advice: 'There is no approved template of this name in this language.' },
  132012: { kind: 'refused', advice: 'A blank of the template is not filled as it was approved.' },
  132015: { kind: 'refused', advice: 'The template is paused for its low quality.' },
  132016: { kind: 'refused', advice: 'The template was disabled for its low quality.' },
};

/** One message per six seconds to one person, 45 on credit; Meta asks to wait 4^X seconds. */
export const meanings: GraphMeanings = ({ code }, attempt) => {
  if (code === 131056) {
    return { kind: 'rate-limited', after: Math.min(longestPause, 4 ** Math.min(attempt, 10) * 1_000) };
  }
  if (code === 131000) {
    return attempt > patience ? { kind: 'refused', advice: 'WhatsApp kept failing.' } : { kind: 'unreachable' };
  }
  return table[code];
};

/** What to do about a code, beginning with a space; empty when nothing is known. */
export function adviceOf(code: number): string {
  const advice = table[code]?.advice;
  return advice === undefined ? '' : ` ${advice}`;
}

/** Whether a code means that the number as a whole does not work. */
export function stopsChannel(code: number): boolean {
  return table[code]?.kind === 'channel-broken' || code === 190 || code === 368;
}
