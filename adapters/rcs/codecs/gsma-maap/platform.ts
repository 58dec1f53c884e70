/**
 * GSMA's chatbot interface for MaaP platforms (FNW.11). Read in the paper's names as third-party clients use them;
 * platforms differ in what they leave out.
 */

/** A request on its way: what the client sends, with the token added. */
export interface MaapRequest {
  method: 'POST' | 'PUT';
  /** Below `{serverRoot}/bot/v1/{botId}`. */
  path: string;
  /** JSON, with markers where files are uploaded first. */
  body: unknown;
}
