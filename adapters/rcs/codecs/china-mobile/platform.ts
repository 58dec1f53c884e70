import type { Section } from '../sections.ts';

/** Names and limits of China Mobile's 5G messages (CSP interface, after OMA's RESTful Network API for messaging). */

/** A request on its way: what the client sends, with Date, Authorization and addresses of the setting added. */
export interface MobileRequest {
  method: 'POST' | 'PUT';
  /** Below `serverRoot`. */
  path: string;
  /** The header Address: the recipient's number. */
  phone: string;
  /** The id we gave the message. */
  messageId: string;
  /** The conversation it goes on in, or begins. */
  conversationId?: string;
  /** The exact XML, or what it is made of once its files are with the network. */
  body: string | Draft;
}

export interface Draft {
  phone: string;
  chatbotURI: string;
  messageId: string;
  conversationId: string;
  contributionId: string;
  /** The customer's message that this one answers. */
  inReplyTo?: string;
  /** What phones without RCS get as an SMS. */
  smsText?: string;
  sections: Section[];
}

/** Bytes. Images 2 MB, audio 5 MB (90 s), video 10 MB (60 s), thumbnails 200 KB. */
export const fileLimits = { image: 2_000_000, audio: 5_000_000, video: 10_000_000, thumbnail: 200_000 } as const;

export const namespace = 'urn:oma:xml:rest:netapi:messaging:1';
export const fileNamespace = 'urn:gsma:params:xml:ns:rcs:rcs:fthttp';
