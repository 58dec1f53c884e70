import { type ConversationClosed, SendFailure, type SendFailureKind } from '../contract/index.ts';
import { type ApiAnswer, asString, failureOfStatus, recordOf, TokenRefused } from '../kit/index.ts';

/** What one of WeChat's codes means for us, and what somebody should do about it. */
export interface Meaning {
  kind: SendFailureKind;
  /** In plain English; the platform's own words follow it. */
  text: string;
  closed?: ConversationClosed;
  /** ms to wait. */
  after?: number;
}

const day = 24 * 60 * 60_000;
const beijing = 8 * 60 * 60_000;

/** Codes of an access token that is not, or no longer, good: worth one more try with a new one. */
const tokenCodes: ReadonlySet<string> = new Set(['40001', '40014', '41001', '42001']);

const refused = (text: string): Meaning => ({ kind: 'refused', text });
const broken = (text: string): Meaning => ({ kind: 'channel-broken', text });

/**
 * Meanings by code. Sources: the platform's list of return codes; 40164, 40243 and the 895xx from memory, unchecked.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  '40003': { kind: 'blocked', text: 'WeChat does not know this person at this account (wrong openid).' },
  '40004': refused('WeChat does not take this kind of file.'),
  '40005': refused('WeChat does not take files of this type.'),
  '40006': refused('The file is too large for WeChat.'),
  '40007': refused('WeChat no longer has the uploaded file.'),
  '40008': refused('WeChat does not take messages of this kind.'),
  '40013': broken('The AppID is wrong: copy it from the WeChat console.'),
  '40033': refused('WeChat found characters in the message that it does not take.'),
  '40037': refused('There is no template of this id: look for it under the templates of the WeChat console.'),
  '40125': broken('The AppSecret is wrong: reset it in the WeChat console and enter the new one.'),
  '40164': broken("This server's address is not on the account's IP whitelist: add it in the WeChat console."),
  '40200': refused('WeChat offers this to verified service accounts only.'),
  '40243': broken('The AppSecret is frozen: thaw it in the WeChat console.'),
  '43004': { kind: 'blocked', text: 'The customer does not follow the account.', closed: 'unfollowed' },
  '43019': { kind: 'blocked', text: "The customer is on the account's blacklist.", closed: 'blocked' },
  '43101': refused('The customer does not take messages of this template.'),
  '44004': refused('The message is empty.'),
  '45001': refused('The file is too large for WeChat.'),
  '45002': refused('The text is too long for WeChat.'),
  '45003': refused('The title is too long for WeChat.'),
  '45004': refused('The description is too long for WeChat.'),
  '45005': refused('The address is too long for WeChat.'),
  '45007': refused('The voice message is longer than 60 seconds.'),
  '45008': refused('WeChat takes one article a message.'),
  '45011': { kind: 'rate-limited', text: 'Too many requests this minute.', after: 60_000 },
  '45015': {
    kind: 'window-closed',
    text: 'The customer last wrote more than 48 hours ago: only a template may be sent.',
  },
  '45047': { kind: 'window-closed', text: 'All messages allowed are used up until the customer writes again.' },
  '45064': refused('The message holds a mini program that is not bound to the account.'),
  '47001': refused('WeChat could not read the request.'),
  '47003': refused('A value does not suit its blank in the template.'),
  '48001': broken('The account has no permission for this: see Interface permissions in the WeChat console.'),
  '48002': { kind: 'blocked', text: 'The customer refuses messages of this account.', closed: 'blocked' },
  '48004': broken('WeChat has banned the account from this: see the notices in the WeChat console.'),
  '50001': broken('The account may not do this: see Interface permissions in the WeChat console.'),
  '50002': broken('The account is limited or banned: see the notices in the WeChat console.'),
  '65401': broken('There is no such customer service account: check the setting or leave it empty.'),
  '89501': broken('The request must be confirmed by an administrator of the WeChat account.'),
  '89503': broken('The request must be confirmed by an administrator of the WeChat account.'),
  '89506': broken('An administrator of the WeChat account refused requests of this address for 24 hours.'),
  '89507': broken('An administrator of the WeChat account refused requests of this address for one hour.'),
};

/** What the code says; `attempt` counts from 1, `now` in ms since the epoch. */
function meaningOf(code: string, attempt: number, now: number): Meaning {
  // "System busy, try again": 1, 2, then 4 seconds.
  if (code === '-1') {
    return { kind: 'unreachable', text: 'WeChat is busy.', after: 1000 * 2 ** Math.min(Math.max(attempt, 1) - 1, 2) };
  }
  // Daily limits begin anew at midnight in Beijing.
  if (code === '45009') {
    return {
      kind: 'rate-limited',
      text: "The account's daily limit is used up.",
      after: day - ((now + beijing) % day),
    };
  }
  return meanings[code] ?? refused('WeChat refused it.');
}

/**
 * Why an answer is a failure, or undefined when WeChat did what it was asked. WeChat answers 200 to errors too: the
 * code counts. An answer that says neither leaves the outcome unknown.
 */
export function failureOf(answer: ApiAnswer, now: number, attempt = 1): SendFailure | undefined {
  const code = codeOf(answer.body);
  if (code === '0') return undefined;
  if (code === undefined) {
    const byStatus = failureOfStatus(answer, now);
    if (byStatus !== undefined) return byStatus;
    return answer.body === undefined
      ? new SendFailure('unknown', 'WeChat answered with something unreadable.')
      : undefined;
  }
  const said = (asString(recordOf(answer.body).errmsg) ?? '').slice(0, 200);
  const words = (text: string) => `${text} (WeChat: ${code}${said === '' ? '' : ` ${said}`})`;
  if (tokenCodes.has(code)) return new TokenRefused(words('WeChat does not take the access token.'), { code });
  const { kind, text, closed, after } = meaningOf(code, attempt, now);
  return new SendFailure(kind, words(text), {
    code,
    ...(closed === undefined ? {} : { closed }),
    ...(after === undefined ? {} : { after }),
  });
}

function codeOf(body: unknown): string | undefined {
  return asString(recordOf(body).errcode);
}
