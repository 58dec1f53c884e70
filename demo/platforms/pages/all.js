import { h } from './dom.js';
import { frame } from './frame.js';
import { t } from './labels.js';
import * as link from './link.js';
import { createPhone } from './phone.js';

/** The page with one phone of every platform. */
const { phones: infos } = await link.phones();
document.title = t('title');
const phones = new Map(infos.map((info) => [info.key, createPhone(info)]));
const page = frame();
page.main.append(
  h('div', { class: 'lead' }, h('h1', {}, t('title')), h('p', {}, t('lead'))),
  h(
    'div',
    { class: 'grid' },
    ...infos.map((info) =>
      h(
        'div',
        { class: 'place-of-phone' },
        h(
          'h2',
          {},
          h('a', { href: `/simulators/${info.key}`, 'aria-label': `${info.title}: ${t('open')}` }, info.title),
        ),
        phones.get(info.key).element,
      ),
    ),
    h('div', { class: 'place-of-phone note' }, h('h2', {}, t('unofficial')), h('p', {}, t('unofficialText'))),
  ),
);
await Promise.all([...phones.values()].map((phone) => phone.show(phone.current())));
link.watch('/events', {
  event: (event) => phones.get(event.phone)?.apply(event),
  state: page.online,
  back: () => Promise.all([...phones.values()].map((phone) => phone.refresh())),
});
