import type { Page } from 'playwright-core';
import { type ShownConversation, shownConversation } from './conversation.ts';

/** A visitor of the demo's website, at one browser tab. */
export interface Visitor extends ShownConversation {
  page: Page;
  openChat(): Promise<void>;
  /** What stands under the name in the chat's header, and the name. */
  header(): Promise<string>;
  /** What the chat says about its connection; empty when all is well. */
  banner(): Promise<string>;
  endConversation(): Promise<void>;
  rate(stars: number, words: string): Promise<void>;
}

export function visitorAt(page: Page): Visitor {
  const widget = page.locator('foyer-widget');
  return {
    page,
    ...shownConversation(page, widget, 'customer'),
    async openChat() {
      await widget.getByRole('button', { name: 'Open chat' }).click();
      await widget.locator('foyer-composer textarea').waitFor();
    },
    header: () => widget.locator('header .who').innerText(),
    banner: async () => (await widget.locator('.banner').allInnerTexts()).join(),
    async endConversation() {
      await widget.getByRole('button', { name: 'End conversation' }).click();
      await widget.getByRole('button', { name: 'End it' }).click();
    },
    async rate(stars, words) {
      await widget
        .locator('foyer-rating label')
        .nth(stars - 1)
        .click();
      await widget.locator('foyer-rating textarea').fill(words);
      await widget.getByRole('button', { name: 'Send rating' }).click();
    },
  };
}
