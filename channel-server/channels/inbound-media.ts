import type { Attachment, Ids, InboundAttachment } from '../../adapters/contract/index.ts';
import { mediaScheme } from '../../adapters/contract/index.ts';
import { sanitizeFileName } from '../media/file-name.ts';
import type { Media } from '../media/media.ts';
import type { Change } from '../session/ports.ts';
import type { LinkedMedia } from '../session/session-service.ts';
import type { Channel } from './channel.ts';
import type { MediaFetch } from './channel-status.ts';

/** Files of a platform's message: named in the log at once, fetched after. Undefined when there are no attachments. */
export function pendingMedia(
  channel: Channel,
  attachments: readonly InboundAttachment[] | undefined,
  ids: Ids,
  now: number,
): LinkedMedia | undefined {
  if (attachments === undefined || attachments.length === 0) return undefined;
  const files: { media: Omit<Media, 'sessionId'>; reference: unknown }[] = [];
  const logged = attachments.map((attachment): Attachment => {
    const { media: reference, ...told } = attachment;
    if (reference === undefined) return told;
    const id = ids.next('med');
    const name = sanitizeFileName(told.name);
    const { width, height } = (told.content ?? {}) as { width?: unknown; height?: unknown };
    files.push({
      reference,
      media: {
        id,
        tenantId: channel.tenantId,
        channelId: channel.id,
        uploader: `channel:${channel.id}`,
        audience: 'all',
        name,
        contentType: told.contentType,
        size: 0,
        hash: null,
        thumbnailHash: null,
        width: pixels(width),
        height: pixels(height),
        state: 'pending',
        hint: null,
        createdAt: now,
        expiresAt: null,
      },
    });
    return { ...told, contentUrl: mediaScheme + id, name };
  });
  return {
    attachments: logged,
    changes: (sessionId) =>
      files.flatMap(({ media, reference }): Change[] => {
        const fetch: MediaFetch = {
          id: media.id,
          tenantId: channel.tenantId,
          channelId: channel.id,
          sessionId,
          reference,
          attempts: 0,
          dueAt: now,
          leaseUntil: null,
          createdAt: now,
        };
        return [
          { kind: 'insert', record: 'media', values: { ...media, sessionId } },
          { kind: 'insert', record: 'mediaFetch', values: fetch },
        ];
      }),
  };
}

function pixels(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null;
}
