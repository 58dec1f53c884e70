import type { Locator, Page } from 'playwright-core';

/** A message as it stands on a screen. */
export interface ShownMessage {
  by: 'customer' | 'company';
  text: string;
  /** Names of its pictures and files. */
  files: string[];
}

/** A conversation on a screen, of the widget or of the desk: both are made of the same elements. */
export interface ShownConversation {
  /** What both sides may see, from top to bottom: notes are left out. */
  messages(): Promise<ShownMessage[]>;
  notes(): Promise<string[]>;
  /** The lines between messages. */
  notices(): Promise<string[]>;
  /** How far the newest own message has got, as its ticks say. */
  tick(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  /** Choose a file, wait until it is uploaded, send it. */
  sendFile(path: string): Promise<void>;
  /** Open a picture large, answer its size in pixels as decoded, and close it. */
  openPicture(name: string): Promise<{ small: Size; large: Size }>;
  input: Locator;
}

export interface Size {
  width: number;
  height: number;
}

/** @param within the element the conversation is in; @param own which side the person at this screen is on. */
export function shownConversation(page: Page, within: Locator, own: ShownMessage['by']): ShownConversation {
  const messages = within.locator('foyer-transcript foyer-message');
  const input = within.locator('foyer-composer textarea');
  const other = own === 'customer' ? 'company' : 'customer';

  const read = () =>
    messages.evaluateAll((elements) =>
      elements.map(({ shadowRoot: root }) => {
        const row = root?.querySelector('.row')?.classList;
        const files = [...(root?.querySelectorAll('foyer-attachment') ?? [])].map(({ shadowRoot: file }) => {
          const picture = file?.querySelector('.picture')?.getAttribute('aria-label') ?? '';
          return file?.querySelector('.name')?.textContent ?? picture.replace(/^(Open|Picture:) /, '');
        });
        const text = root?.querySelector('.bubble [dir]')?.textContent ?? '';
        return { own: row?.contains('own'), note: row?.contains('note'), text, files };
      }),
    );

  return {
    input,
    async messages() {
      const rows = (await read()).filter(({ note }) => !note);
      return rows.map(({ own: mine, text, files }) => ({ by: mine ? own : other, text, files }));
    },
    async notes() {
      return (await read()).filter(({ note }) => note).map(({ text }) => text);
    },
    notices: () => within.locator('foyer-transcript .notice').allInnerTexts(),
    async tick() {
      const newest = within.locator('foyer-transcript foyer-message .tick').last();
      const classes = (await newest.count()) === 0 ? '' : ((await newest.getAttribute('class')) ?? '');
      return classes.replace('tick', '').trim() || undefined;
    },
    async write(text) {
      await input.fill(text);
      await input.press('Enter');
    },
    async sendFile(path) {
      await within.locator('foyer-composer input[type=file]').setInputFiles(path);
      await within.locator('foyer-uploads li.ready').waitFor();
      await within.locator('foyer-composer').getByRole('button', { name: 'Send' }).click();
    },
    async openPicture(name) {
      const button = messages.getByRole('button', { name: `Open ${name}` });
      const small = await decoded(button.locator('img'));
      await button.click();
      const lightbox = page.locator('foyer-lightbox');
      const large = await decoded(lightbox.locator('img'));
      await lightbox.getByRole('button', { name: 'Close picture' }).click();
      await lightbox.waitFor({ state: 'detached' });
      return { small, large };
    },
  };
}

/** The size of a picture once the browser has all of it and could decode it. */
async function decoded(picture: Locator): Promise<Size> {
  return picture.evaluate(async (element) => {
    const image = element as HTMLImageElement;
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  });
}
