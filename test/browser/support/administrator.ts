import type { Locator, Page } from 'playwright-core';

/** An administrator at the console. */
export interface Administrator {
  page: Page;
  signIn(login: string, password: string): Promise<void>;
  /** The card of the channel with this id. */
  card(id: string): Locator;
  /** The dialog that is open. */
  dialog: Locator;
  /** Press a button of a card, and wait for the dialog when it opens one. */
  press(id: string, button: string): Promise<void>;
  /** Begin a channel of a type. */
  begin(type: string): Promise<void>;
  /** A setting in the form, by its path. */
  setting(path: string): Locator;
  /** Press "Save". */
  save(): Promise<void>;
}

export function administratorAt(page: Page): Administrator {
  const console = page.locator('foyer-console');
  const dialog = console.getByRole('dialog');
  const card = (id: string) =>
    console.locator('foyer-channel-card').filter({ has: page.getByText(id, { exact: true }) });
  return {
    page,
    card,
    dialog,
    async signIn(login, password) {
      await console.getByLabel('Login').fill(login);
      await console.getByLabel('Password', { exact: true }).fill(password);
      await console.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.locator('foyer-office').waitFor();
    },
    press: (id, button) => card(id).getByRole('button', { name: button }).click(),
    async begin(type) {
      await console.getByRole('button', { name: 'Add a channel' }).click();
      await dialog
        .locator('foyer-type-choice button')
        .filter({ has: page.getByText(type, { exact: true }) })
        .click();
    },
    setting: (path) => dialog.locator(`foyer-setting[data-path="${path}"]`),
    save: () => dialog.getByRole('button', { name: 'Save' }).click(),
  };
}
