/** Where a platform's conversation is written to, as its adapter knows it. Kept per (channel, conversation). */
export interface Conversation {
  /** Key of the conversation in its channel, made by the adapter: `user:U4af…`, `group:C0…`. Never shown. */
  id: string;
  /** The conversation reference: what the adapter needs to write there. Plain JSON, no secrets but reply handles. */
  address: unknown;
  /** When the company may write, as far as the platform says. Absent: always. */
  window?: MessagingWindow;
  /** The platform's word that nothing arrives there any more: unfollowed, blocked, left. */
  closed?: ConversationClosed;
}

export type ConversationClosed = 'unfollowed' | 'blocked' | 'left';

/** What an inbound event allows to be sent. A newer grant replaces older ones that end before it. */
export interface MessagingWindow {
  /** Ends then, ms since the epoch. */
  until: number;
  /** Messages left in it; absent: as many as one likes. */
  left?: number;
}

/** A person as the platform names them. */
export interface Person {
  /** The platform's id, unique in the channel: the identity's external id. */
  id: string;
  name?: string;
  /** Address of a picture at the platform. */
  pictureUrl?: string;
  locale?: string;
  phone?: string;
  email?: string;
}
