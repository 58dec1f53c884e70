import { attachMenu, h, icon, iconButton } from './dom.js';
import { t, timeOf } from './labels.js';

/**
 * One message as the app shows it.
 * @param {object} message
 * @param {object} view what the phone knows: names, features, other messages, and what taps do
 */
export function bubble(message, view) {
  const own = message.by === 'customer';
  const name = own ? t('you') : message.by === 'system' ? '' : view.company;
  const article = h('article', {
    class: `message ${message.by}${message.file?.kind === 'sticker' ? ' bare' : ''}`,
    'aria-label': t('saidBy', { name, time: timeOf(message.at) }),
    'data-id': message.id,
    'data-state': message.state,
  });
  if (message.by === 'company') article.append(h('span', { class: 'face', 'aria-hidden': 'true' }, view.company[0]));
  const body = h('div', { class: 'bubble' });
  const column = h('div', { class: 'column' }, body);
  article.append(column);
  if (message.removed) {
    body.append(h('p', { class: 'removed' }, t('removed')));
    return article;
  }
  body.append(...contents(message, view));
  if (body.childNodes.length === 0) body.remove();
  column.append(...below(message, view));
  column.append(foot(message, view));
  if (message.by !== 'system') article.append(...actions(message, view));
  return article;
}

function contents(message, view) {
  const quoted = message.quotes === undefined ? undefined : view.message(message.quotes);
  return [
    quoted && h('blockquote', {}, h('b', {}, quoted.by === 'customer' ? t('you') : view.company), ' ', wordsOf(quoted)),
    message.header && h('p', { class: 'header' }, message.header),
    message.file && file(message.file),
    message.place && place(message.place),
    message.contact && contact(message.contact),
    message.text && h('p', { class: 'text' }, ...linked(message.text)),
    message.footer && h('p', { class: 'footer' }, message.footer),
  ].filter(Boolean);
}

/** What a message says, shortened: for quotes. */
export function wordsOf(message) {
  const text = message.text ?? message.file?.name ?? message.place?.name ?? message.cards?.[0]?.title ?? '…';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function file({ kind, url, name, missing, contentType, duration }) {
  if (missing !== undefined) return h('p', { class: 'missing' }, t('missing', { why: missing }));
  if (url === undefined) return h('p', { class: 'missing' }, t('loading'));
  switch (kind) {
    case 'image':
    case 'sticker':
      return h('img', { src: url, alt: name ?? '', class: kind });
    case 'voice':
    case 'audio':
      return h(
        'div',
        { class: 'sound' },
        h('audio', { src: url, controls: true, preload: 'metadata', 'aria-label': t('voice') }),
        duration === undefined ? null : h('small', {}, clock(duration)),
      );
    case 'video':
      return h('video', { src: url, controls: true, preload: 'metadata', playsinline: true, 'aria-label': name ?? '' });
    default:
      return h(
        'a',
        { href: url, download: name ?? 'file', class: 'file' },
        icon('file'),
        h('span', {}, name ?? 'file', h('small', {}, contentType ?? '')),
      );
  }
}

/** Addresses in a text can be opened, as apps do. */
function linked(text) {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/)
    .map((part, index) =>
      index % 2 === 0 ? part : h('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part),
    );
}

const clock = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.round(ms / 1000) % 60).padStart(2, '0')}`;

function place({ latitude, longitude, name, address }) {
  return h(
    'div',
    { class: 'place' },
    h('div', { class: 'map' }, icon('place')),
    name && h('b', {}, name),
    address && h('span', {}, address),
    h('small', {}, `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`),
  );
}

function contact({ name, phones }) {
  return h(
    'div',
    { class: 'contact' },
    icon('person'),
    h('span', {}, h('b', {}, name), ...phones.map((n) => h('small', {}, n))),
  );
}

function below(message, view) {
  const parts = [];
  if (message.cards?.length) {
    parts.push(
      h(
        'div',
        { class: message.cards.length > 1 ? 'cards many' : 'cards', role: 'group' },
        ...message.cards.map((card) => cardOf(card, message, view)),
      ),
    );
  }
  if (message.buttons?.length) {
    parts.push(h('div', { class: 'buttons' }, ...message.buttons.map((button) => tapTarget(button, message, view))));
  }
  if (message.list) {
    const open = () => view.chooseRow(message);
    parts.push(
      h('div', { class: 'buttons' }, h('button', { type: 'button', onclick: open }, icon('list'), message.list.title)),
    );
  }
  return parts;
}

function cardOf(card, message, view) {
  return h(
    'section',
    { class: 'card' },
    card.image && file(card.image),
    card.title && h('b', {}, card.title),
    card.text && h('p', {}, card.text),
    card.buttons.length > 0 &&
      h('div', { class: 'buttons' }, ...card.buttons.map((button) => tapTarget(button, message, view))),
  );
}

/** A button of a message, or a link that leaves the app. */
export function tapTarget(button, message, view) {
  if (button.does === 'open' && /^https?:/.test(button.url ?? '')) {
    return h('a', { href: button.url, target: '_blank', rel: 'noopener noreferrer' }, button.title);
  }
  return h('button', { type: 'button', onclick: () => view.tap(message, button) }, button.title);
}

function foot(message) {
  const state = message.by === 'customer' || message.state === 'failed' ? message.state : undefined;
  return h(
    'footer',
    {},
    message.reactions?.length
      ? h('span', { class: 'reactions' }, ...message.reactions.map(({ emoji }) => emoji))
      : null,
    message.tag ? h('span', { class: 'tag' }, message.tag) : null,
    message.edited ? h('span', {}, t('edited')) : null,
    h('time', { datetime: new Date(message.at).toISOString() }, timeOf(message.at)),
    state ? h('span', { class: `state ${state}` }, t(state)) : null,
  );
}

function actions(message, view) {
  const { features } = view;
  const own = message.by === 'customer';
  const entry = (label, onclick) => h('button', { type: 'button', onclick }, label);
  const mine = message.reactions?.some(({ by }) => by === 'customer');
  const entries = () => [
    features.quotes && entry(t('reply'), () => view.reply(message)),
    ...features.reactions.map((emoji) =>
      entry(`${t('react')} ${emoji}`, () => view.act({ do: 'react', message: message.id, emoji })),
    ),
    mine && entry(t('unreact'), () => view.act({ do: 'react', message: message.id, emoji: null })),
    own && features.edits && message.text && entry(t('edit'), () => view.edit(message)),
    own && features.unsends && entry(t('unsend'), () => view.act({ do: 'unsend', message: message.id })),
  ];
  if (entries().filter(Boolean).length === 0) return [];
  const button = iconButton('more', t('actions'));
  attachMenu(button, entries);
  return [h('div', { class: 'actions' }, button)];
}
