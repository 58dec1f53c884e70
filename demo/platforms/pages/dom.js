/**
 * An element. Properties are set as attributes; those that begin with `on` listen; `hidden` and the like are booleans.
 * @param {string} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | undefined | null | false)} children
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (typeof value === 'boolean') element.toggleAttribute(name, value);
    else if (value !== undefined && value !== null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const icons = {
  plus: 'M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z',
  send: 'M3 20v-6l8-2-8-2V4l19 8z',
  mic: 'M12 14a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zm5-3a5 5 0 0 1-10 0H5a7 7 0 0 0 6 6.9V21h2v-3.1A7 7 0 0 0 19 11z',
  more: 'M12 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm0 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm0 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  file: 'M6 2h8l6 6v14H4V4a2 2 0 0 1 2-2zm7 1.5V9h5.5z',
  place: 'M12 2a7 7 0 0 0-7 7c0 5.2 7 13 7 13s7-7.8 7-13a7 7 0 0 0-7-7zm0 9.5a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm0 2c-4 0-8 2-8 5v1h16v-1c0-3-4-5-8-5z',
  list: 'M4 6h16v2H4zm0 5h16v2H4zm0 5h16v2H4z',
  close: 'M18.3 5.7 12 12l6.3 6.3-1.4 1.4L10.6 13.4 4.3 19.7l-1.4-1.4L9.2 12 2.9 5.7l1.4-1.4 6.3 6.3 6.3-6.3z',
};

/** A drawn sign; what it means stands in the label of what holds it. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', icons[name]);
  svg.append(path);
  return svg;
}

/** A button with a sign instead of words. */
export function iconButton(name, label, onclick, properties = {}) {
  return h(
    'button',
    { type: 'button', class: 'icon', 'aria-label': label, title: label, onclick, ...properties },
    icon(name),
  );
}

/**
 * A list of things to do that opens above or below its button. Escape and a click elsewhere close it.
 * @param {HTMLButtonElement} button
 * @param {() => (HTMLElement | false | undefined)[]} entries
 */
export function attachMenu(button, entries) {
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');
  let open;
  const close = (focus) => {
    if (open === undefined) return;
    open.remove();
    open = undefined;
    button.setAttribute('aria-expanded', 'false');
    document.removeEventListener('click', outside, true);
    if (focus) button.focus();
  };
  const outside = (event) => {
    if (!open?.contains(event.target) && !button.contains(event.target)) close(false);
  };
  button.addEventListener('click', () => {
    if (open !== undefined) return close(true);
    const items = entries().filter(Boolean);
    open = h('div', { class: 'menu', role: 'menu', onkeydown: keys, onclick: () => close(false) }, ...items);
    for (const item of items) {
      item.setAttribute('role', 'menuitem');
      item.classList.add('entry');
    }
    button.after(open);
    button.setAttribute('aria-expanded', 'true');
    document.addEventListener('click', outside, true);
    items[0]?.focus();
    open.scrollIntoView({ block: 'nearest' });
  });
  const keys = (event) => {
    const items = [...open.children];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) items[(at + step + items.length) % items.length]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close(event.key === 'Escape');
    else return;
    event.preventDefault();
  };
}
