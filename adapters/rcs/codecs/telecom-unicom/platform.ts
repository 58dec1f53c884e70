/**
 * China Telecom's and China Unicom's 5G messages (JSON). All of it is known only from third-party clients and their logs:
 * names, paths and error codes may differ from what the networks do today.
 */

/** A request on its way: what the client sends, with the access token added. */
export interface TelecomRequest {
  /** Below `{serverRoot}/bot/v1/{chatbotId}`. */
  path: '/messages' | '/revoke';
  /** JSON, with markers where files are uploaded first. */
  body: unknown;
  messageId: string;
  /** The conversation it goes on in, or begins. */
  conversationId?: string;
}

/** Type of files in `messageList`: without `+xml`, since it is JSON. */
export const fileType = 'application/vnd.gsma.rcs-ft-http';

/** Errors that mean the token: not one, expired, missing. */
export const tokenErrors: readonly string[] = ['40001', '40014', '41001', '42001'];
/** A file's address is not known, or its audit is not done: ours were just uploaded, so it is the latter. */
export const auditError = '40007';
/** Too many requests. */
export const rateErrors: readonly string[] = ['45009', '45011'];
