import type { Page } from 'playwright-core';
import { type ShownConversation, shownConversation } from './conversation.ts';

/** An agent at a desk. */
export interface Agent extends ShownConversation {
  page: Page;
  signIn(login: string, password: string): Promise<void>;
  /** Idle, busy, away … as the desk's bar shows it. */
  state(): Promise<string>;
  accept(): Promise<void>;
  decline(): Promise<void>;
  /** How many conversations the list has. */
  conversations(): Promise<number>;
  /** Open the only conversation of the list. */
  openConversation(): Promise<void>;
  /** What stands under the customer's name. */
  status(): Promise<string>;
  /** What the desk says about its connection; empty when all is well. */
  banner(): Promise<string>;
  note(text: string): Promise<void>;
  transferTo(name: string, note: string): Promise<void>;
  closeConversation(reason: string): Promise<void>;
}

export function agentAt(page: Page): Agent {
  const desk = page.locator('foyer-desk');
  const conversation = shownConversation(page, desk.locator('foyer-conversation'), 'company');
  const button = (name: string) => desk.getByRole('button', { name, exact: true });
  return {
    page,
    ...conversation,
    async signIn(login, password) {
      await desk.getByLabel('Login').fill(login);
      await desk.getByLabel('Password', { exact: true }).fill(password);
      await button('Sign in').click();
      await desk.locator('foyer-state-picker .now').waitFor();
    },
    state: () => desk.locator('foyer-state-picker .now .name').innerText(),
    accept: () => button('Accept').click(),
    decline: () => button('Decline').click(),
    conversations: () => desk.locator('foyer-session-list .row').count(),
    async openConversation() {
      await desk.locator('foyer-session-list .row').click();
      await conversation.input.waitFor();
    },
    status: () => desk.locator('foyer-conversation-head .who p').innerText(),
    banner: async () => (await desk.locator('foyer-hall .banner').allInnerTexts()).join(),
    async note(text) {
      await button('Note').click();
      await conversation.write(text);
      await button('Message').click();
    },
    async transferTo(name, note) {
      await button('Transfer').click();
      const dialog = desk.getByRole('dialog');
      await dialog.locator('label.option', { hasText: name }).click();
      await dialog.getByRole('textbox').fill(note);
      await dialog.getByRole('button', { name: 'Transfer' }).click();
      await dialog.waitFor({ state: 'detached' });
    },
    async closeConversation(reason) {
      await button('Close').click();
      const dialog = desk.getByRole('dialog');
      await dialog.locator('label.option', { hasText: reason }).click();
      await dialog.getByRole('button', { name: 'Close it' }).click();
      await dialog.waitFor({ state: 'detached' });
    },
  };
}
