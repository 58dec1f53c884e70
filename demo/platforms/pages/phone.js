import { bubble, tapTarget, wordsOf } from './bubble.js';
import { composer } from './composer.js';
import { h } from './dom.js';
import { t } from './labels.js';
import * as link from './link.js';

const places = {
  line: { latitude: 35.6812, longitude: 139.7671 },
  wechat: { latitude: 31.2304, longitude: 121.4737 },
  x: { latitude: 55.9533, longitude: -3.1883 },
};

/**
 * A phone: one person's conversation with the company in one app.
 * @param {object} info what the simulator tells of itself
 */
export function createPhone(info) {
  const messages = new Map();
  let people = new Map(info.people.map((person) => [person.id, person]));
  let current = info.people.at(-1)?.id;
  let asked = 0;

  const log = h('div', { class: 'log', role: 'log', 'aria-label': info.title, tabindex: 0 });
  const replies = h('div', { class: 'quick', role: 'group' });
  const status = h('span', { class: 'status', 'aria-live': 'polite' });
  const notice = h('p', { class: 'notice', role: 'alert', hidden: true });
  const chooser = h('select', { 'aria-label': t('person'), onchange: () => void show(chooser.value) });
  const rows = h('dialog', { class: 'rows', 'aria-label': t('choose') });

  const view = {
    company: info.company,
    features: info.features,
    place: places[info.look] ?? { latitude: 52.5163, longitude: 13.3777 },
    person: () => people.get(current),
    message: (id) => messages.get(id),
    act: (action) => attempt(() => link.act(info.key, current, action)),
    sendFile: (as, file, extra) => attempt(() => link.sendFile(info.key, current, as, file, extra)),
    tap(message, button) {
      if (button.does === 'call') return tell(t('call', { number: (button.url ?? '').replace(/^tel:/, '') }));
      return view.act({ do: 'tap', message: message.id, button: button.id });
    },
    reply: (message) => writing.reply(message, wordsOf(message)),
    edit: (message) => writing.edit(message),
    chooseRow,
  };
  const writing = composer(view);

  const element = h(
    'section',
    { class: 'phone', 'data-look': info.look, 'aria-label': info.title },
    h(
      'header',
      {},
      h('span', { class: 'face', 'aria-hidden': 'true' }, info.company[0]),
      h('div', { class: 'names' }, h('b', {}, info.company), status),
      h('div', { class: 'who' }, chooser),
    ),
    log,
    replies,
    notice,
    writing.element,
    rows,
  );

  /** Do something; what goes wrong is told on the phone. Answers whether it went well. */
  async function attempt(what) {
    try {
      await what();
      notice.hidden = true;
      return true;
    } catch (error) {
      tell(error.message);
      return false;
    }
  }

  function tell(words) {
    notice.textContent = words;
    notice.hidden = false;
  }

  function chooseRow(message) {
    const choose = (row) => {
      rows.close();
      void view.tap(message, row);
    };
    rows.replaceChildren(
      h('b', {}, message.list.title),
      ...message.list.rows.map((row) =>
        h(
          'button',
          { type: 'button', onclick: () => choose(row) },
          row.title,
          row.description && h('small', {}, row.description),
        ),
      ),
      h('button', { type: 'button', class: 'plain', onclick: () => rows.close() }, t('close')),
    );
    rows.showModal();
  }

  function drawPeople() {
    chooser.replaceChildren(
      ...[...people.values()].map(({ id, name }) => h('option', { value: id, selected: id === current }, name)),
    );
    const person = people.get(current);
    status.textContent = person?.companyTyping ? t('typing', { name: info.company }) : info.title;
    status.classList.toggle('typing', person?.companyTyping ?? false);
    element.classList.toggle('blocked', person !== undefined && !person.follows);
  }

  function drawMessage(message) {
    const drawn = bubble(message, view);
    const before = [...log.children].find((child) => child.dataset.id === message.id);
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    if (before) before.replaceWith(drawn);
    else {
      log.querySelector('.empty')?.remove();
      log.append(drawn);
    }
    if (!before || atEnd) toEnd();
    // Pictures grow when they are there.
    for (const picture of drawn.querySelectorAll('img')) picture.addEventListener('load', () => atEnd && toEnd());
    drawReplies();
  }

  function drawReplies() {
    const last = [...messages.values()].findLast(({ by }) => by !== 'system');
    const shown = last?.quickReplies ?? [];
    replies.replaceChildren(...shown.map((reply) => tapTarget(reply, last, view)));
    replies.hidden = shown.length === 0;
  }

  const toEnd = () => log.scrollTo({ top: log.scrollHeight });

  /** Show somebody's conversation from the start. */
  async function show(id) {
    current = id;
    const turn = ++asked;
    if (id === undefined) return;
    const found = await link.person(info.key, id).catch(() => undefined);
    if (turn !== asked || found === undefined) return;
    messages.clear();
    people.set(id, found.person);
    log.replaceChildren();
    for (const message of found.messages) {
      messages.set(message.id, message);
      log.append(bubble(message, view));
    }
    if (found.messages.length === 0) log.append(h('p', { class: 'empty' }, t('empty')));
    drawPeople();
    drawReplies();
    toEnd();
  }

  return {
    element,
    key: info.key,
    show,
    current: () => current,
    /** Ask again for everything: something may have been missed. */
    async refresh() {
      const fresh = await link.phone(info.key);
      people = new Map(fresh.people.map((person) => [person.id, person]));
      if (!people.has(current)) current = fresh.people.at(-1)?.id;
      await show(current);
      return fresh;
    },
    /** Something changed on this platform. */
    apply(event) {
      if (event.type === 'person') {
        people.set(event.person.id, event.person);
        drawPeople();
      } else if (event.type === 'gone') {
        people.delete(event.person);
        if (event.person === current) void show(people.keys().next().value);
        drawPeople();
      } else if (event.type === 'message' && event.person === current) {
        messages.set(event.message.id, event.message);
        drawMessage(event.message);
      }
    },
  };
}
