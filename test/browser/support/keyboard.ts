import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** A person at a page who has no mouse. */
export interface Keyboard {
  press(key: string): Promise<void>;
  type(text: string): Promise<void>;
  /** Wait until the focus is on something whose name begins so. */
  has(name: string): Promise<void>;
  /** Tab, or Shift+Tab, to something whose name begins so. Every stop on the way must look as if it had the focus. */
  tabTo(name: string, direction?: 'forward' | 'back'): Promise<void>;
}

/** More stops than any page of ours has. */
const mostStops = 60;
const soon = { timeout: 10_000, interval: 30 };

export function keyboardAt(page: Page): Keyboard {
  const { keyboard } = page;
  const focused = () => page.evaluate(nameOfFocused);
  const stop = async () => {
    const { name, unseen } = await page.evaluate(lookAtStop);
    expect(unseen, 'these had the focus and did not show it').toEqual([]);
    return name;
  };
  return {
    press: (key) => keyboard.press(key),
    type: (text) => keyboard.type(text),
    has: (name) => expect.poll(focused, soon).toMatch(new RegExp(`^${RegExp.escape(name)}`)),
    async tabTo(name, direction = 'forward') {
      const passed: string[] = [];
      for (let count = 0; count < mostStops; count++) {
        await keyboard.press(direction === 'back' ? 'Shift+Tab' : 'Tab');
        const at = await stop();
        if (at.startsWith(name)) return;
        passed.push(at);
      }
      throw new Error(`Tab does not reach "${name}". It passed: ${passed.join(', ')}`);
    },
  };
}

/** What has the focus, across shadow roots, as a screen reader would name it; empty when nothing has. In the page. */
function nameOfFocused(): string {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at === null || at === document.body) return '';
  const labels = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at.labels : null;
  const name = at.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? at.textContent ?? '';
  return name.replace(/\s+/g, ' ').trim() || at.localName;
}

/**
 * Remembers how the focused element and those around it look, and compares the element before with how it looks now
 * that it has lost the focus: it must look different. In the page.
 */
function lookAtStop(): { name: string; unseen: string[] } {
  const memory = globalThis as typeof globalThis & {
    foyerStop?: { name: string; look: () => string; focused: string };
  };
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;

  const before = memory.foyerStop;
  const unseen = before !== undefined && before.look() === before.focused ? [before.name] : [];
  delete memory.foyerStop;
  if (at === null || at === document.body) return { name: '', unseen };

  const labels = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at.labels : null;
  const words = at.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? at.textContent ?? '';
  const name = words.replace(/\s+/g, ' ').trim() || at.localName;
  const around: Element[] = [];
  for (let each: Element | null = at; each !== null && around.length < 5; ) {
    around.push(each, ...(each.nextElementSibling === null ? [] : [each.nextElementSibling]));
    const root: Node = each.getRootNode();
    each = each.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  const look = () =>
    around
      .map((each) => getComputedStyle(each))
      .map(({ outline, boxShadow, border, backgroundColor }) => [outline, boxShadow, border, backgroundColor].join())
      .join('\n');
  memory.foyerStop = { name, look, focused: look() };
  return { name, unseen };
}
