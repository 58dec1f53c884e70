import { h } from './dom.js';
import { language, switchLanguage, t } from './labels.js';

/** What stands around every page: ways elsewhere, the language, and whether the simulator answers. */
export function frame(...links) {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
  const offline = h('p', { class: 'offline', role: 'alert', hidden: true }, t('offline'));
  const main = h('main', {});
  document.body.replaceChildren(
    h(
      'nav',
      { class: 'top' },
      h('span', { class: 'brand' }, 'Foyer'),
      ...links,
      h('a', { href: '/desk' }, t('desk')),
      h('a', { href: '/console' }, t('console')),
      h(
        'button',
        { type: 'button', class: 'plain', 'aria-label': t('languageLabel'), onclick: switchLanguage },
        t('language'),
      ),
    ),
    offline,
    main,
  );
  return {
    main,
    online: (is) => {
      offline.hidden = is;
    },
  };
}
