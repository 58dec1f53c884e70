import { h } from './dom.js';
import { t, timeOf } from './labels.js';
import * as link from './link.js';

const faults = [
  'late',
  'twice',
  'outOfOrder',
  'tampered',
  'rate429',
  'fail5xx',
  'cut',
  'loseReply',
  'slow',
  'hang',
  'expireToken',
  'revokeToken',
  'mediaGone',
  'windowClosed',
];
const degrees = { off: null, once: { count: 1 }, often: { probability: 0.2 }, always: {} };

/** What stands beside the phone: people, connection, faults and requests. */
export function createPanel(info, phone) {
  const state = h('p', { class: 'connection', role: 'status' });
  const wire = h('ol', { class: 'wire', tabindex: 0, 'aria-label': t('wire') });
  const selects = new Map();
  const entries = [...info.wire];

  const name = h('input', {
    type: 'text',
    'aria-label': t('newPersonName'),
    placeholder: t('newPersonName'),
    maxlength: 40,
  });
  const adding = h(
    'form',
    {
      class: 'adding',
      async onsubmit(event) {
        event.preventDefault();
        const person = await link.addPerson(info.key, name.value);
        name.value = '';
        await phone.show(person.id);
      },
    },
    name,
    h('button', { type: 'submit' }, t('newPerson')),
  );

  function drawConnection({ state: how, detail, webhook }) {
    state.dataset.state = how;
    state.replaceChildren(h('b', {}, t(how)), ' ', detail, h('code', {}, `${t('webhook')} ${webhook}`));
  }

  function drawFaults(active) {
    for (const [fault, select] of selects) {
      const { count, probability } = active[fault] ?? {};
      if (active[fault] === undefined) select.value = 'off';
      else select.value = count !== undefined ? 'once' : probability !== undefined ? 'often' : 'always';
    }
  }

  function drawWire() {
    const lines = entries
      .slice(-40)
      .reverse()
      .map((entry) =>
        h(
          'li',
          { 'data-ok': entry.status >= 200 && entry.status < 400 && entry.note === undefined },
          h('time', {}, timeOf(entry.at)),
          h('span', { class: 'direction' }, entry.direction === 'in' ? '←' : '→'),
          h('code', {}, `${entry.method} ${entry.path}`),
          h('b', {}, entry.status === 0 ? t('noAnswer') : String(entry.status)),
          entry.note && h('small', {}, entry.note),
        ),
      );
    wire.replaceChildren(...(lines.length === 0 ? [h('li', {}, t('wireEmpty'))] : lines));
  }

  const verify = h(
    'button',
    { type: 'button', onclick: async () => drawConnection(await link.connect(info.key)) },
    t('verify'),
  );
  const faultRows = faults.map((fault) => {
    const select = h(
      'select',
      {
        id: `fault-${fault}`,
        onchange: async () => drawFaults((await link.control(info.key, { [fault]: degrees[select.value] })).active),
      },
      ...Object.keys(degrees).map((degree) => h('option', { value: degree }, t(degree))),
    );
    selects.set(fault, select);
    return h('div', { class: 'fault' }, h('label', { for: `fault-${fault}` }, t(fault)), select);
  });
  const reset = h(
    'button',
    { type: 'button', onclick: async () => drawFaults((await link.control(info.key, { reset: true })).active) },
    t('reset'),
  );

  drawConnection(info.connection);
  drawFaults(info.faults);
  drawWire();
  return {
    element: h(
      'aside',
      { class: 'panel' },
      h('section', {}, h('h2', {}, t('person')), adding),
      h('section', {}, h('h2', {}, t('connection')), state, verify),
      h(
        'section',
        {},
        h('h2', {}, t('misbehave')),
        h('p', {}, t('misbehaveLead')),
        h('div', { class: 'faults' }, ...faultRows),
        reset,
      ),
      h('section', {}, h('h2', {}, t('wire')), h('p', {}, t('wireLead')), wire),
    ),
    refresh({ connection, faults: active }) {
      drawConnection(connection);
      drawFaults(active);
    },
    apply(event) {
      if (event.type !== 'wire') return;
      entries.push(event.entry);
      if (entries.length > 100) entries.shift();
      drawWire();
    },
  };
}
