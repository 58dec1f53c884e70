import { h } from './dom.js';
import { frame } from './frame.js';
import { t } from './labels.js';
import * as link from './link.js';
import { createPanel } from './panel.js';
import { createPhone } from './phone.js';

/** The page of one phone. */
const key = location.pathname.split('/')[2];
const info = await link.phone(key);
document.title = `${info.title} · ${t('title')}`;
const phone = createPhone(info);
const panel = createPanel(info, phone);
const page = frame(h('a', { href: '/simulators' }, t('all')));
page.main.classList.add('one');
page.main.append(h('h1', { class: 'unseen' }, info.title), phone.element, panel.element);
await phone.show(phone.current());
link.watch(`/${key}/phone/events`, {
  event(event) {
    phone.apply(event);
    panel.apply(event);
  },
  state: page.online,
  async back() {
    panel.refresh(await phone.refresh());
  },
});
