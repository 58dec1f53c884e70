import { type Fields, isObject, listOf, type Problem, textOf, unknownKeys } from '../../phone/checks.ts';

/** What a message may refer to. */
export interface Known {
  isPublic(address: unknown): boolean;
  hasFile(name: unknown): boolean;
}

/** Limits of Google RBM, in characters unless said otherwise. Source: Google RBM reference, AgentMessage. */
const most = { text: 3_072, suggestions: 11, suggestion: 25, postback: 2_048, title: 200, description: 2_000, card: 4 };
const contents = ['text', 'fileName', 'uploadedRbmFile', 'richCard', 'contentInfo'];
const actions = [
  'dialAction',
  'viewLocationAction',
  'createCalendarEventAction',
  'openUrlAction',
  'shareLocationAction',
  'composeAction',
];

/** What Google finds wrong with an AgentMessage; empty when it would take it. */
export function messageProblems(body: Fields, known: Known, now: number): Problem[] {
  const problems: Problem[] = [];
  const wrong = (property: string, message: string): undefined => void problems.push({ property, message });

  function only(value: Fields, keys: readonly string[], at: string): undefined {
    for (const key of unknownKeys(value, keys)) {
      wrong(at, `Invalid JSON payload received. Unknown name "${key}" at '${at}': Cannot find field.`);
    }
  }

  function text(value: unknown, at: string, longest: number, needed = true): undefined {
    if (value === undefined && !needed) return undefined;
    if (typeof value !== 'string' || value === '') wrong(at, `${at} is required`);
    else if ([...value].length > longest) wrong(at, `${at} must be at most ${longest} characters`);
  }

  function address(value: unknown, at: string): undefined {
    if (!known.isPublic(value)) wrong(at, `${at} must be a publicly reachable URL`);
  }

  /** Exactly one of the ways a file is named. */
  function file(value: Fields, at: string): undefined {
    if (value.contentInfo !== undefined) {
      const info = isObject(value.contentInfo) ? value.contentInfo : {};
      only(info, ['fileUrl', 'thumbnailUrl', 'forceRefresh', 'contentDescription'], `${at}.contentInfo`);
      address(info.fileUrl, `${at}.contentInfo.fileUrl`);
      if (info.thumbnailUrl !== undefined) address(info.thumbnailUrl, `${at}.contentInfo.thumbnailUrl`);
      return;
    }
    const uploaded = isObject(value.uploadedRbmFile) ? value.uploadedRbmFile : undefined;
    const name = uploaded === undefined ? value.fileName : uploaded.fileName;
    if (!known.hasFile(name)) wrong(`${at}.fileName`, 'Requested file was not found or has expired');
  }

  function suggestion(value: unknown, at: string): undefined {
    const given = isObject(value) ? value : {};
    only(given, ['reply', 'action'], at);
    const kind = given.reply === undefined ? 'action' : 'reply';
    const content = given[kind];
    if (!isObject(content) || (given.reply !== undefined && given.action !== undefined)) {
      return wrong(at, 'exactly one of reply and action is required');
    }
    text(content.text, `${at}.${kind}.text`, most.suggestion);
    text(content.postbackData, `${at}.${kind}.postbackData`, most.postback, kind === 'reply');
    if (kind === 'reply') return only(content, ['text', 'postbackData'], `${at}.reply`);
    only(content, ['text', 'postbackData', 'fallbackUrl', ...actions], `${at}.action`);
    const chosen = actions.filter((name) => isObject(content[name]));
    const [name] = chosen;
    if (name === undefined || chosen.length > 1) return wrong(`${at}.action`, 'exactly one action is required');
    const action = content[name] as Fields;
    if (name === 'openUrlAction' && !URL.canParse(String(action.url)))
      wrong(`${at}.action.openUrlAction.url`, 'Invalid URL');
    if (name === 'dialAction' && !/^\+\d{6,15}$/.test(String(action.phoneNumber))) {
      wrong(`${at}.action.dialAction.phoneNumber`, 'must be in E.164 format');
    }
  }

  function suggestions(value: unknown, at: string, count: number): undefined {
    if (value === undefined) return;
    const list = listOf(value);
    if (!Array.isArray(value) || list.length > count) wrong(at, `at most ${count} suggestions are allowed`);
    for (const [index, item] of list.entries()) suggestion(item, `${at}[${index}]`);
  }

  function card(value: unknown, at: string, width?: string): undefined {
    if (!isObject(value)) return wrong(at, 'card content is required');
    only(value, ['title', 'description', 'media', 'suggestions'], at);
    text(value.title, `${at}.title`, most.title, false);
    text(value.description, `${at}.description`, most.description, false);
    suggestions(value.suggestions, `${at}.suggestions`, most.card);
    if (value.media === undefined) {
      if (textOf(value.title) === undefined) wrong(at, 'either a title or media is required');
      return;
    }
    const media = isObject(value.media) ? value.media : {};
    if (!['SHORT', 'MEDIUM', 'TALL'].includes(String(media.height))) wrong(`${at}.media.height`, 'height is required');
    if (width === 'SMALL' && media.height === 'TALL') wrong(`${at}.media.height`, 'TALL does not fit a SMALL card');
    only(media, ['height', 'contentInfo', 'uploadedRbmFile', 'fileName'], `${at}.media`);
    file(media, `${at}.media`);
  }

  function richCard(value: unknown, at: string): undefined {
    const { carouselCard: carousel, standaloneCard: single } = isObject(value) ? value : {};
    if (isObject(single) === isObject(carousel)) return wrong(at, 'exactly one kind of rich card is required');
    if (isObject(single)) {
      const where = `${at}.standaloneCard`;
      only(single, ['cardOrientation', 'thumbnailImageAlignment', 'cardContent'], where);
      const { cardOrientation: orientation, thumbnailImageAlignment: alignment } = single;
      if (orientation !== 'VERTICAL' && orientation !== 'HORIZONTAL') {
        wrong(`${where}.cardOrientation`, 'cardOrientation is required');
      }
      if (orientation === 'HORIZONTAL' && alignment !== 'LEFT' && alignment !== 'RIGHT') {
        wrong(`${where}.thumbnailImageAlignment`, 'thumbnailImageAlignment is required for horizontal cards');
      }
      return card(single.cardContent, `${where}.cardContent`);
    }
    const { cardWidth: width, cardContents } = carousel as Fields;
    const cards = listOf(cardContents);
    if (width !== 'SMALL' && width !== 'MEDIUM') wrong(`${at}.carouselCard.cardWidth`, 'cardWidth is required');
    if (cards.length < 2 || cards.length > 10) wrong(`${at}.carouselCard.cardContents`, 'must have 2 to 10 cards');
    for (const [index, item] of cards.entries()) {
      card(item, `${at}.carouselCard.cardContents[${index}]`, String(width));
    }
  }

  only(
    body,
    ['name', 'sendTime', 'contentMessage', 'messageTrafficType', 'ttl', 'expireTime', 'richMessageClassification'],
    'agent_message',
  );
  lifetime(body, now, wrong);
  const content = body.contentMessage;
  const at = 'agent_message.content_message';
  if (!isObject(content)) {
    wrong(at, 'contentMessage is required');
    return problems;
  }
  only(content, [...contents, 'suggestions'], at);
  const kinds = contents.filter((kind) => content[kind] !== undefined);
  if (kinds.length !== 1) wrong(at, 'exactly one kind of content is required');
  if (kinds[0] === 'text') text(content.text, `${at}.text`, most.text);
  else if (kinds[0] === 'richCard') richCard(content.richCard, `${at}.rich_card`);
  else if (kinds.length === 1) file(content, at);
  suggestions(content.suggestions, `${at}.suggestions`, most.suggestions);
  return problems;
}

const fifteenDays = 15 * 24 * 60 * 60_000;
const traffic = ['AUTHENTICATION', 'TRANSACTION', 'PROMOTION', 'SERVICEREQUEST', 'ACKNOWLEDGEMENT'];

function lifetime(body: Fields, now: number, wrong: (property: string, message: string) => void): void {
  const { ttl, expireTime, messageTrafficType: kind } = body;
  if (ttl !== undefined && expireTime !== undefined) wrong('agent_message.expiration', 'ttl or expireTime, not both');
  const until = expiresAt(body, now);
  if ((ttl !== undefined || expireTime !== undefined) && !(until !== undefined && until > now)) {
    wrong('agent_message.expiration', 'the message would have expired already');
  } else if (until !== undefined && until > now + fifteenDays) {
    wrong('agent_message.expiration', 'at most 15 days');
  }
  if (kind !== undefined && !traffic.includes(String(kind))) {
    wrong(
      'agent_message.message_traffic_type',
      `Invalid value at 'agent_message.message_traffic_type': "${String(kind)}"`,
    );
  }
}

/** When a message that has not arrived is given up; undefined when never, NaN when it is not understood. */
export function expiresAt({ ttl, expireTime }: Fields, now: number): number | undefined {
  if (ttl !== undefined) {
    const [, seconds] = /^(\d+(?:\.\d{1,9})?)s$/.exec(String(ttl)) ?? [];
    return seconds === undefined ? Number.NaN : now + Number(seconds) * 1000;
  }
  return expireTime === undefined ? undefined : Date.parse(String(expireTime));
}
