/**
 * The DOM events of Foyer's elements: one line each, name and detail. An app adds its own by declaring
 * `interface FoyerEvents` again. All of them bubble and cross shadow roots.
 */
export interface FoyerEvents {
  /** The widget was opened, or closed, by the customer or by the page. */
  'foyer-opened': undefined;
  'foyer-closed': undefined;
  /** Messages the customer has not seen: their number, when it changes. */
  'foyer-unread': { count: number };
  /** A message was stored: by the customer, or by the company. */
  'foyer-message': { from: 'customer' | 'company'; sessionId: string };
  /** The identity token the page gave was refused; `code` as in the protocol. */
  'foyer-identity-refused': { code: string; message: string };
  /** Composer: send this text, and the files that are ready. */
  'foyer-send': { text: string };
  /** Composer: files were chosen, pasted or dropped. */
  'foyer-files': { files: File[] };
  /** Composer: the person began or stopped writing. */
  'foyer-typing': { typing: boolean };
  /** Upload tray: take this file away. */
  'foyer-upload-cancel': { id: string };
  /** Upload tray: try this file again. */
  'foyer-upload-retry': { id: string };
  /** Message: try a failed message again, or take it away. */
  'foyer-message-retry': { clientId: string };
  'foyer-message-discard': { clientId: string };
  /** A picture was chosen to be seen large. */
  'foyer-picture-open': { media: string; name: string };
  /** Lightbox, or another layer: it wants to close. */
  'foyer-dismiss': undefined;
  /** Rating: a score from 1 to 5, with or without words. */
  'foyer-rate': { score: number; comment?: string };
  /** Log: the end came into sight, or the start did. */
  'foyer-reached-end': undefined;
  'foyer-reached-start': undefined;
}

export type FoyerEventName = keyof FoyerEvents;

type DomEvents = { [Name in FoyerEventName]: CustomEvent<FoyerEvents[Name]> };

declare global {
  interface HTMLElementEventMap extends DomEvents {}
}

/** Dispatch one of {@link FoyerEvents}; a wrong or missing detail does not compile. */
export function emit<Name extends FoyerEventName>(
  target: EventTarget,
  name: Name,
  ...[detail]: FoyerEvents[Name] extends undefined ? [] : [FoyerEvents[Name]]
): void {
  target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
