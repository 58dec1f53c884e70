import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SessionAction } from '../access/may.ts';
import type { VisitorPrincipal } from '../access/principal.ts';
import { FoyerError, notFound } from '../errors.ts';
import type { Media } from '../media/media.ts';
import type { ReaderKey, UploadOwner } from '../media/media-cache.ts';
import { mediaBase } from './activity-resource.ts';
import { type ApiRoutes, type HttpDependencies, httpLimits } from './dependencies.ts';
import { bearerOf } from './guard.ts';
import type { MediaRoutesOptions } from './media-routes.ts';
import { answers, idParams, time } from './schemas.ts';

const mediaSchema = z
  .object({
    id: z.string(),
    state: z.enum(['pending', 'ready', 'failed', 'expired', 'quarantined']),
    name: z.string(),
    contentType: z.string(),
    size: z.int(),
    width: z.int().optional(),
    height: z.int().optional(),
    url: z.string().optional().meta({ description: 'Signed for the asking reader; absent unless ready.' }),
    thumbnailUrl: z.string().optional(),
    hint: z.string().optional().meta({ description: 'Why it is not there.' }),
    expiresAt: time.optional().meta({ description: 'When the addresses stop working.' }),
  })
  .meta({ id: 'Media' });

/** What one must be allowed to do with the session to have a file of it. */
const right = ({ audience }: Pick<Media, 'audience'>): SessionAction => (audience === 'staff' ? 'read-staff' : 'read');

/** Who uploads and who reads, for the media routes. */
export function mediaRights(dependencies: HttpDependencies): Pick<MediaRoutesOptions, 'owner' | 'mayRead'> {
  const { access, visitorTokens, channelService, repositories, sessionAccess } = dependencies;
  const staffBytes = dependencies.limits?.staffUploadBytes ?? httpLimits.staffUploadBytes;

  return {
    async owner(request: FastifyRequest): Promise<UploadOwner | undefined> {
      const token = bearerOf(request);
      if (token === undefined) return undefined;
      const visitor = await visitorTokens.verify(token);
      if (visitor === undefined) {
        const { tenantId, accountId } = await access.authenticate(token);
        return { tenantId, channelId: null, uploader: `account:${accountId}`, maxBytes: staffBytes, types: ['*'] };
      }
      const { id, tenantId, channelId } = visitor;
      const running = channelService.running(channelId);
      if (running === undefined || running.record.tenantId !== tenantId) {
        throw new FoyerError('ACCESS_DENIED', 'This channel is switched off.');
      }
      const { maxBytes, types } = running.capabilities.attachments;
      return { tenantId, channelId, uploader: `visitor:${id}`, maxBytes, types };
    },

    async mayRead(reader, media) {
      if (reader.startsWith('account:')) {
        const account = await repositories.accounts.account(media.tenantId, reader.slice('account:'.length));
        if (account === undefined || account.disabled) return false;
        if (media.sessionId === null) return media.uploader === reader;
        const { id: accountId, tenantId, role, name, queueIds } = account;
        const session = await repositories.sessions.session(tenantId, media.sessionId);
        if (session === undefined) return false;
        return sessionAccess.allowed(
          { kind: 'account', tenantId, accountId, role, name, queueIds },
          right(media),
          session,
        );
      }
      if (reader.startsWith('platform:')) {
        // What goes to the customers of its channel, as long as it is theirs to see.
        const channelId = reader.slice('platform:'.length);
        if (media.sessionId === null || media.audience !== 'all') return false;
        const session = await repositories.sessions.session(media.tenantId, media.sessionId);
        return session?.channelId === channelId && channelService.running(channelId) !== undefined;
      }
      const visitorId = reader.slice('visitor:'.length);
      if (await repositories.accounts.visitorRevoked(visitorId)) return false;
      if (media.sessionId === null) return media.uploader === reader;
      const session = await repositories.sessions.session(media.tenantId, media.sessionId);
      if (session === undefined) return false;
      // The address was signed for this visitor while they had the right. What they had as a signed-in subject ends
      // with their token, which was looked at above.
      const subject = /^subject:(.*)$/s.exec(session.conversation)?.[1];
      const { tenantId, channelId } = session;
      const visitor: VisitorPrincipal = { kind: 'visitor', tenantId, channelId, visitorId };
      return sessionAccess.allowed(subject === undefined ? visitor : { ...visitor, subject }, right(media), session);
    },
  };
}

/** What a media id stands for, with addresses signed for whoever asks. */
export const mediaInfoRoutes: ApiRoutes = (app, dependencies) => {
  const { mediaCache, sessionAccess } = dependencies;
  app.get(
    '/api/v1/media/:id',
    {
      config: { access: 'visitor' },
      // HEAD of the same address is tus.
      exposeHeadRoute: false,
      schema: {
        summary: 'A file: what it is, and where it can be fetched',
        tags: ['media'],
        params: idParams,
        response: answers({ 200: mediaSchema }),
      },
    },
    async (request) => {
      const { principal } = request;
      if (principal === null) throw notFound('media');
      const reader: ReaderKey =
        principal.kind === 'account' ? `account:${principal.accountId}` : `visitor:${principal.visitorId}`;
      const [found] = await mediaCache.addresses(principal.tenantId, reader, [request.params.id]);
      if (found === undefined) throw notFound('media');
      const { sessionId, uploader, audience, url, thumbnailUrl, ...facts } = found;
      if (sessionId === null) {
        if (uploader !== reader) throw notFound('media');
      } else {
        await sessionAccess.session(principal, right({ audience }), sessionId).catch((error: unknown) => {
          throw error instanceof FoyerError && error.status < 500 ? notFound('media') : error;
        });
      }
      const base = mediaBase(dependencies, request);
      return {
        ...facts,
        ...(url === undefined ? {} : { url: new URL(url, base).href }),
        ...(thumbnailUrl === undefined ? {} : { thumbnailUrl: new URL(thumbnailUrl, base).href }),
      };
    },
  );
};
