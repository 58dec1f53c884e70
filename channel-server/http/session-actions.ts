import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ActivityContent, Participant } from '../../adapters/contract/index.ts';
import type { AccountPrincipal } from '../access/principal.ts';
import { attachmentsOf, linkedWith } from '../channels/message-schema.ts';
import type { Preview } from '../channels/preview.ts';
import { FoyerError } from '../errors.ts';
import type { StoredActivity } from '../session/ports.ts';
import type { Session } from '../session/session.ts';
import { activitySchema, forReader } from './activity-resource.ts';
import type { ApiRoutes } from './dependencies.ts';
import { staffOf } from './guard.ts';
import {
  contentOf,
  type DraftBody,
  draftBody,
  fingerprint,
  type MessageBody,
  messageBody,
  messageKey,
} from './message-body.ts';
import { answers, id, idParams, iso, line, nothing, time, writing } from './schemas.ts';
import { sessionDetails, sessionDetailsSchema } from './session-resource.ts';

const note = writing(2000)
  .overwrite((value) => value.trim())
  .optional();

const previewSchema = z
  .object({
    parts: z.array(
      z.object({
        kind: z.enum(['text', 'image', 'audio', 'video', 'file', 'card', 'other']),
        text: z.string().optional(),
      }),
    ),
    losses: z.array(
      z.object({
        code: z.string(),
        values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
        blocks: z.boolean().optional(),
      }),
    ),
    window: z
      .object({ until: time, left: z.int().optional() })
      .optional()
      .meta({ description: 'Until when, and how much, may be written. Absent: always.' }),
  })
  .meta({ id: 'Preview' });

/** What staff do with a session: write, accept, decline, transfer, close. */
export const sessionActionRoutes: ApiRoutes = (app, dependencies) => {
  const { sessionAccess, sessionService, routingService, repositories, mediaCache, sending } = dependencies;

  app.post(
    '/api/v1/sessions/:id/activities',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Write to the customer, or a note',
        description: 'Sending the same Idempotency-Key again answers the activity stored first.',
        tags: ['sessions'],
        params: idParams,
        headers: z.looseObject({ 'idempotency-key': messageKey.optional() }),
        body: messageBody,
        response: answers({ 200: activitySchema, 201: activitySchema }),
      },
    },
    async (request, reply) => {
      const principal = staffOf(request);
      const clientId = keyOf(request.headers['idempotency-key'], request.body.clientId) ?? dependencies.ids.secret(24);
      const { stored, repeated } = await write(principal, request.params.id, clientId, request.body);
      const { activity } = stored;
      const sequenced = { activity, prev: activity.seq - 1 };
      const [answer] = await forReader(dependencies, request, principal, activity.conversation.id, [sequenced]);
      if (answer === undefined) throw new FoyerError('INTERNAL', 'The stored activity is missing.');
      return reply.code(repeated ? 200 : 201).send(answer);
    },
  );

  app.post(
    '/api/v1/sessions/:id/preview',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'What a message will become on its channel',
        description: 'Stores and sends nothing. A loss that `blocks` means that the message would be refused.',
        tags: ['sessions'],
        params: idParams,
        body: draftBody,
        response: answers({ 200: previewSchema }),
      },
    },
    async (request) => {
      const principal = staffOf(request);
      const session = await sessionAccess.session(principal, 'write', request.params.id);
      return preview(principal, session, request.body);
    },
  );

  app.post(
    '/api/v1/sessions/:id/accept',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Take a session that rings here, or waits where the queue allows picking',
        tags: ['sessions'],
        params: idParams,
        body: z.strictObject({}).nullish(),
        response: answers({ 200: sessionDetailsSchema }),
      },
    },
    async (request) => {
      const principal = staffOf(request);
      const session = await sessionAccess.session(principal, 'accept', request.params.id);
      return details(principal, await routingService.accept(principal.accountId, session));
    },
  );

  app.post(
    '/api/v1/sessions/:id/decline',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Decline a session that rings here',
        tags: ['sessions'],
        params: idParams,
        body: z.strictObject({ reason: line(200).optional() }).nullish(),
        response: answers({ 204: nothing }),
      },
    },
    async (request, reply) => {
      const principal = staffOf(request);
      const session = await sessionAccess.session(principal, 'accept', request.params.id);
      await routingService.decline(principal.accountId, session, request.body?.reason);
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/v1/sessions/:id/transfer',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Hand a session to another agent or to a queue',
        description: 'To an agent: rings there and stays here until accepted. To a queue: released at once.',
        tags: ['sessions'],
        params: idParams,
        body: z.strictObject({ agent: id.optional(), queue: id.optional(), note }),
        response: answers({ 200: sessionDetailsSchema }),
      },
    },
    async (request) => {
      const principal = staffOf(request);
      const { agent, queue, note } = request.body;
      const session = await sessionAccess.session(principal, 'transfer', request.params.id);
      const { accountId, name } = principal;
      await routingService.transfer({ id: accountId, name }, session, {
        ...(agent === undefined ? {} : { agentId: agent }),
        ...(queue === undefined ? {} : { queueId: queue }),
        ...(note === undefined || note === '' ? {} : { note }),
      });
      return details(principal, await latest(principal, session));
    },
  );

  app.post(
    '/api/v1/sessions/:id/close',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Close a session',
        tags: ['sessions'],
        params: idParams,
        body: z
          .strictObject({ reason: z.enum(['resolved', 'customer-left', 'spam', 'other']).default('resolved') })
          .nullish(),
        response: answers({ 200: sessionDetailsSchema }),
      },
    },
    async (request) => {
      const principal = staffOf(request);
      const session = await sessionAccess.session(principal, 'close', request.params.id);
      const reason = request.body?.reason ?? 'resolved';
      return details(principal, await sessionService.close(session, participantOf(principal), reason));
    },
  );

  const details = (principal: AccountPrincipal, session: Session) => sessionDetails(dependencies, principal, session);
  const latest = async (principal: AccountPrincipal, session: Session) =>
    (await repositories.sessions.session(principal.tenantId, session.id)) ?? session;

  async function preview(principal: AccountPrincipal, session: Session, body: DraftBody) {
    const door = await sending.previews.door(session);
    const { uploads, facts } = attachmentsOf(body);
    const { tenantId, accountId } = principal;
    const linked = uploads.length === 0 ? undefined : await mediaCache.link(tenantId, `account:${accountId}`, uploads);
    const attachments = linkedWith(linked, facts)?.attachments;
    const content = { ...contentOf(body), ...(attachments === undefined ? {} : { attachments }) };
    if (door === undefined) return { parts: asWritten(content), losses: [] };
    const { parts, losses, window } = await sending.previews.preview(session, door, content, participantOf(principal));
    if (window === undefined) return { parts, losses };
    const { until, left } = window;
    return { parts, losses, window: { until: iso(until), ...(left === undefined ? {} : { left }) } };
  }

  /** Store once: a repeat is answered before rights and media, which may have changed since it was stored. */
  async function write(principal: AccountPrincipal, sessionId: string, clientId: string, body: MessageBody) {
    const before = await earlier(principal, sessionId, clientId, body);
    if (before !== undefined) return { stored: before, repeated: true };
    const action = body.audience === 'staff' ? 'note' : 'write';
    const session = await sessionAccess.session(principal, action, sessionId);
    const content = contentOf(body);
    const { tenantId, accountId } = principal;
    const { uploads, facts } = attachmentsOf(body);
    try {
      const linked =
        uploads.length === 0
          ? undefined
          : await mediaCache.link(tenantId, `account:${accountId}`, uploads, body.audience);
      const media = linkedWith(linked, facts);
      const result = await sessionService.send({
        session,
        from: participantOf(principal),
        accountId,
        clientId,
        audience: body.audience,
        content,
        ...(media === undefined ? {} : { media }),
      });
      if (result.repeated) refuseOtherBody(result.stored, sessionId, body);
      return result;
    } catch (error) {
      // The same request may have been stored a moment ago by another connection, and its media linked.
      const meanwhile = error instanceof FoyerError ? await earlier(principal, sessionId, clientId, body) : undefined;
      if (meanwhile === undefined) throw error;
      return { stored: meanwhile, repeated: true };
    }
  }

  async function earlier(principal: AccountPrincipal, sessionId: string, clientId: string, body: MessageBody) {
    const stored = await repositories.sessions.activityByKey(`account:${principal.accountId}`, clientId);
    if (stored === undefined || stored.tenantId !== principal.tenantId) return undefined;
    await sessionAccess.session(principal, 'read', sessionId);
    refuseOtherBody(stored, sessionId, body);
    return stored;
  }
};

/** Where the log itself is what the customer sees. */
function asWritten({ text, attachments = [] }: ActivityContent): Preview['parts'] {
  const words = text === undefined || text === '' ? [] : [{ kind: 'text' as const, text }];
  return [
    ...attachments.map(({ contentType, name }) => {
      const [kind] = contentType.split('/');
      const shown = kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
      return {
        kind: contentType.startsWith('application/vnd.') ? ('card' as const) : shown,
        ...(name === undefined ? {} : { text: name }),
      } as const;
    }),
    ...words,
  ];
}

function participantOf({ accountId, name }: AccountPrincipal): Participant {
  return { id: accountId, name, role: 'agent' };
}

function keyOf(header: FastifyRequest['headers'][string], clientId: string | undefined): string | undefined {
  if (typeof header === 'string' && clientId !== undefined && header !== clientId) {
    throw new FoyerError('REQUEST_INVALID', 'Idempotency-Key and clientId differ. Send one of them.');
  }
  return typeof header === 'string' ? header : clientId;
}

/** A key stands for one message: the same again is fine, another is a mistake of the sender's. */
function refuseOtherBody({ activity }: StoredActivity, sessionId: string, body: MessageBody): void {
  // Content that was taken away cannot be compared any more; the key still names it.
  if (activity.redacted !== undefined && activity.conversation.id === sessionId) return;
  if (fingerprint(activity, activity.conversation.id) === fingerprint(body, sessionId)) return;
  throw new FoyerError('REQUEST_REUSED_KEY', 'This Idempotency-Key was used for another message. Choose a new one.');
}
