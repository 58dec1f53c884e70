import {
  ChannelError,
  type LiveAdapter,
  type LiveConnection,
  type LiveHandshake,
  type LiveHost,
  type PageContext,
  type Resumption,
} from '../contract/index.ts';
import type { WebSettings } from './config.ts';
import { contentOf, decodeHandshake, decodeRequest, isRequestName, pageOf } from './decode.ts';
import { encodeFact, encodeHello, encodeRefusal, encodeSettings, encodeVisitor } from './encode.ts';
import { verifyIdentity } from './identity.ts';
import { originAllowed } from './origin.ts';
import { limits, type RequestName, type Requests } from './protocol.ts';
import type { Request } from './schema.ts';

type Host = LiveHost<WebSettings>;

/** What a connection remembers: the page to store with the next message, and the browser. */
interface WebState {
  page: PageContext | undefined;
  userAgent: string | undefined;
}

const nothingYet: Resumption = { sessions: [], pages: {} };

async function accept(handshake: LiveHandshake, host: Host): Promise<LiveConnection> {
  const asked = decodeHandshake(handshake.auth);
  if (!originAllowed(handshake.origin, host.channel.settings)) {
    throw new ChannelError('CHANNEL_ORIGIN_REFUSED', 'This site may not use this channel.');
  }
  let grant = await host.authenticate(asked.token);
  const fresh = grant.fresh;
  if (asked.identity !== undefined) {
    const identity = await verify(asked.identity, host);
    grant = { ...(await host.identify(grant.visitor, identity)), fresh };
  }
  // Someone new has nothing to resume, and nothing is read or stored for them.
  const isNew = grant.fresh && grant.visitor.subject === undefined;
  const resumption = isNew ? nothingYet : await host.resume(grant.visitor, asked.cursor ?? {});
  const page = asked.page === undefined ? undefined : pageOf(asked.page, handshake.userAgent);
  const state: WebState = { page, userAgent: handshake.userAgent?.slice(0, 500) };
  if (page !== undefined && resumption.sessions.some((session) => session.state !== 'closed')) {
    await host.page(grant.visitor, page);
    state.page = undefined;
  }
  return {
    id: handshake.id,
    visitor: grant.visitor,
    greeting: encodeHello(grant, resumption, encodeSettings(host.channel.name, host.channel.settings)),
    state,
  };
}

function verify(token: string, host: Host) {
  return verifyIdentity(token, host.channel.id, host.channel.settings, host.clock.now());
}

type Answers = {
  [Name in RequestName]: (
    connection: LiveConnection,
    request: Request<Name>,
    host: Host,
  ) => Promise<Requests[Name]['answer']>;
};

const done = { ok: true } as const;

const answers: Answers = {
  async 'message:send'(connection, request, host) {
    const state = connection.state as WebState;
    const page = request.page === undefined ? state.page : pageOf(request.page, state.userAgent);
    const content = contentOf(request);
    const appended = await host.append(
      connection.visitor,
      page === undefined ? content : { ...content, page },
      connection.id,
    );
    state.page = undefined;
    const { stored, session } = appended;
    const sent: Requests['message:send']['answer'] = { ok: true, activity: stored.activity, prev: stored.prev };
    if (session !== undefined) sent.session = session;
    return sent;
  },
  async 'activities:read'(connection, request, host) {
    const limit = request.limit ?? limits.pageSize;
    return { ok: true, ...(await host.read(connection.visitor, request.session, request.after, limit)) };
  },
  async 'session:resume'(connection, request, host) {
    const resumption = await host.resume(connection.visitor, request.cursor);
    // A handshake may hold stale ids and still connects; who asks for a session by name is told that there is none.
    const unknown = Object.keys(request.cursor).find((id) => resumption.pages[id] === undefined);
    if (unknown !== undefined) await host.read(connection.visitor, unknown, 0, 1);
    return { ok: true, sessions: resumption.sessions, pages: resumption.pages };
  },
  async 'receipt:send'(connection, request, host) {
    const marks: { delivered?: number; read?: number } = {};
    if (request.delivered !== undefined) marks.delivered = request.delivered;
    if (request.read !== undefined) marks.read = request.read;
    await host.receipt(connection.visitor, request.session, marks);
    return done;
  },
  async 'typing:send'(connection, request, host) {
    await host.typing(connection.visitor, request.session, request.typing);
    return done;
  },
  async 'page:send'(connection, request, host) {
    const state = connection.state as WebState;
    const page = pageOf(request, state.userAgent);
    await host.page(connection.visitor, page);
    state.page = page;
    return done;
  },
  async 'identity:send'(connection, request, host) {
    const grant = await host.identify(connection.visitor, await verify(request.token, host));
    connection.visitor = grant.visitor;
    return { ok: true, visitor: encodeVisitor(grant) };
  },
  async 'identity:describe'(connection, request, host) {
    const typed: { name?: string; email?: string; phone?: string } = {};
    if (request.name) typed.name = request.name;
    if (request.email) typed.email = request.email;
    if (request.phone) typed.phone = request.phone;
    await host.describe(connection.visitor, typed);
    return done;
  },
  async 'visitor:logout'(connection, _request, host) {
    await host.logout(connection.visitor);
    return done;
  },
  async 'session:close'(connection, request, host) {
    return { ok: true, session: await host.end(connection.visitor, request.session) };
  },
  async 'session:rate'(connection, request, host) {
    const rating: { score: number; comment?: string } = { score: request.score };
    if (request.comment) rating.comment = request.comment;
    await host.rate(connection.visitor, request.session, rating);
    return done;
  },
  async 'media:resolve'(connection, request, host) {
    return { ok: true, media: await host.media(connection.visitor, request.ids) };
  },
};

function answer<Name extends RequestName>(
  event: Name,
  connection: LiveConnection,
  payload: unknown,
  host: Host,
): Promise<unknown> {
  return answers[event](connection, decodeRequest(event, payload), host);
}

/** The web channel's half of a connection: frames in, frames out. */
export const live: LiveAdapter<WebSettings> = {
  accept,
  handle(connection, event, payload, host) {
    if (!isRequestName(event)) throw new ChannelError('CHANNEL_EVENT_UNKNOWN', 'This protocol has no such event.');
    return answer(event, connection, payload, host);
  },
  refuse: encodeRefusal,
  encode: encodeFact,
};
