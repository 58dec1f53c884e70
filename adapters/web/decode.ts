import type { ZodError } from 'zod';
import { type ActivityContent, ChannelError, type PageContext } from '../contract/index.ts';
import type { RequestName } from './protocol.ts';
import { handshakeSchema, type Request, requestSchemas } from './schema.ts';

/** The handshake as its schema says, or CHANNEL_EVENT_INVALID naming the field. */
export function decodeHandshake(auth: unknown) {
  const checked = handshakeSchema.safeParse(auth);
  if (!checked.success) throw invalid('handshake', checked.error);
  return checked.data;
}

export function isRequestName(event: string): event is RequestName {
  return Object.hasOwn(requestSchemas, event);
}

/** One request as its schema says, or CHANNEL_EVENT_INVALID naming the field. */
export function decodeRequest<Name extends RequestName>(event: Name, payload: unknown): Request<Name> {
  const checked = requestSchemas[event].safeParse(payload);
  if (!checked.success) throw invalid(event, checked.error);
  return checked.data as Request<Name>;
}

/** The first problem in words, without the offending value. */
function invalid(event: string, error: ZodError): ChannelError {
  const issue = error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at "${issue.path.map(String).join('.')}"`;
  const what = issue === undefined ? 'not valid' : wordsOf(issue);
  return new ChannelError('CHANNEL_EVENT_INVALID', `"${event}" is not valid${where}: ${what}.`.slice(0, 400));
}

function wordsOf(issue: ZodError['issues'][number]): string {
  if (issue.code === 'unrecognized_keys') return 'there are fields this protocol does not have';
  return issue.message;
}

/** What the log keeps of a message. */
export function contentOf(message: Request<'message:send'>): ActivityContent & { type: 'message'; clientId: string } {
  const content: ActivityContent & { type: 'message'; clientId: string } = {
    type: 'message',
    clientId: message.clientId,
  };
  if (message.text !== undefined && message.text !== '') {
    content.text = message.text;
    content.textFormat = 'plain';
  }
  if (message.attachments !== undefined) {
    // Type, name and size come from the media cache when the message is stored.
    content.attachments = message.attachments.map(({ contentUrl }) => ({ contentUrl, contentType: '' }));
  }
  if (message.replyToId !== undefined) content.replyToId = message.replyToId;
  return content;
}

/** A page without absent fields; the browser comes from the connection when the page did not name it. */
export function pageOf(page: Request<'page:send'>, userAgent: string | undefined): PageContext {
  const context: PageContext = { url: page.url };
  if (page.title !== undefined) context.title = page.title;
  if (page.referrer !== undefined && page.referrer !== '') context.referrer = page.referrer;
  if (page.locale !== undefined) context.locale = page.locale;
  const browser = page.userAgent ?? userAgent;
  if (browser !== undefined) context.userAgent = browser.slice(0, 500);
  return context;
}
