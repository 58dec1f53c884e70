import { type ApiAnswer, ApiRefusal, type ApiRequest, type ApiRoute } from '../phone/api.ts';
import { fieldsOf, jsonOf } from '../phone/checks.ts';
import { typeOf } from '../phone/file-type.ts';
import { readForm } from '../phone/form.ts';
import type { Ground } from '../phone/platform.ts';
import { snowflake } from './account.ts';
import { problem } from './authorize.ts';

/** A file on its way in, or there. */
interface Upload {
  contentType: string;
  category: string;
  total: number;
  segments: Map<number, Buffer>;
  /** ms since the epoch: when it may be used, and until when. */
  readyAt: number;
  until: number;
}

const categories: Record<string, { types: RegExp; most: number }> = {
  dm_image: { types: /^image\/(jpeg|png|gif|webp)$/, most: 5_000_000 },
  dm_gif: { types: /^image\/gif$/, most: 15_000_000 },
  dm_video: { types: /^video\/mp4$/, most: 512_000_000 },
};
const segmentMost = 5_000_000;
const uploadLife = 24 * 60 * 60_000;
const processing = 800;

export interface TwitterMedia {
  routes: ApiRoute[];
  /** Whether a message may hold this file now. */
  usable(mediaId: string): boolean;
}

export function invalid(parameter: string, value: unknown, message: string): ApiAnswer {
  return problem(
    400,
    'Invalid Request',
    'One or more parameters to your request was invalid.',
    'https://api.twitter.com/2/problems/invalid-request',
    { errors: [{ parameters: { [parameter]: [String(value)] }, message }] },
  );
}

/** Uploads in one piece or in chunks. Source: X Developer Platform, "Media", v2. */
export function createTwitterMedia(ground: Ground, authorized: (request: ApiRequest) => void): TwitterMedia {
  const { world, shelf } = ground;
  const uploads = new Map<string, Upload>();

  function begin(contentType: string, category: string, total: number): string {
    const limit = categories[category];
    if (limit === undefined)
      throw new ApiRefusal(
        invalid(
          'media_category',
          category,
          `The \`media_category\` query parameter value [${category}] is not one of [dm_image,dm_gif,dm_video]`,
        ),
      );
    if (!limit.types.test(contentType))
      throw new ApiRefusal(
        invalid('media_type', contentType, `media_type ${contentType} does not go with ${category}`),
      );
    if (!(total > 0 && total <= limit.most))
      throw new ApiRefusal(invalid('total_bytes', total, `File size exceeds ${limit.most} bytes.`));
    const id = snowflake(world);
    const [oldest] = uploads.keys();
    if (uploads.size >= 1_000 && oldest !== undefined) uploads.delete(oldest);
    uploads.set(id, {
      contentType,
      category,
      total,
      segments: new Map(),
      readyAt: Number.POSITIVE_INFINITY,
      until: world.now() + uploadLife,
    });
    return id;
  }

  async function initialize(request: ApiRequest): Promise<ApiAnswer> {
    authorized(request);
    const form = await readForm(request);
    const {
      media_type: type,
      total_bytes: total,
      media_category: category,
    } = form?.fields ?? fieldsOf(jsonOf(request.body));
    const id = begin(String(type), String(category), Number(total));
    return { status: 200, body: { data: { id, media_key: `3_${id}`, expires_after_secs: uploadLife / 1000 } } };
  }

  function uploadOf({ params, query }: ApiRequest): Upload {
    const id = params.id ?? query.get('media_id') ?? '';
    const upload = uploads.get(id);
    if (upload === undefined || upload.until < world.now()) {
      throw new ApiRefusal(
        problem(
          404,
          'Not Found Error',
          `Could not find media with id: [${id}].`,
          'https://api.twitter.com/2/problems/resource-not-found',
        ),
      );
    }
    return upload;
  }

  async function append(request: ApiRequest): Promise<ApiAnswer> {
    authorized(request);
    const upload = uploadOf(request);
    const form = await readForm(request);
    const fields = form?.fields ?? fieldsOf(jsonOf(request.body));
    const bytes =
      form?.files.media?.bytes ?? (typeof fields.media === 'string' ? Buffer.from(fields.media, 'base64') : undefined);
    const index = Number(fields.segment_index);
    if (bytes === undefined || bytes.length === 0) return invalid('media', '', 'media is required');
    if (!Number.isInteger(index) || index < 0 || index > 999)
      return invalid('segment_index', fields.segment_index, 'segment_index is a number from 0 to 999');
    if (bytes.length > segmentMost) return problem(413, 'Payload Too Large', 'A segment has at most 5 MB.');
    upload.segments.set(index, bytes);
    return { status: 200, body: { data: { expires_at: Math.floor(upload.until / 1000) } } };
  }

  function finish(id: string, upload: Upload): ApiAnswer {
    const ordered = [...upload.segments].sort(([a], [b]) => a - b);
    const bytes = Buffer.concat(ordered.map(([, segment]) => segment));
    if (ordered.some(([index], position) => index !== position))
      return invalid('segment_index', ordered.length, 'Segments do not add up to provided total file size.');
    if (bytes.length !== upload.total)
      return invalid('total_bytes', bytes.length, 'Segments do not add up to provided total file size.');
    if (typeOf(bytes) !== upload.contentType) return invalid('media', upload.contentType, 'media type unrecognized.');
    shelf.put({ id: `upload-${id}`, bytes, contentType: upload.contentType, name: `${id}` });
    const slow = upload.category === 'dm_video';
    upload.readyAt = world.now() + (slow ? processing : 0);
    upload.segments.clear();
    return { status: 200, body: { data: described(id, upload) } };
  }

  function described(id: string, upload: Upload): object {
    const left = upload.readyAt - world.now();
    const info =
      upload.category !== 'dm_video'
        ? {}
        : {
            processing_info:
              left > 0
                ? {
                    state: left > processing / 2 ? 'pending' : 'in_progress',
                    check_after_secs: 1,
                    progress_percent: 30,
                  }
                : { state: 'succeeded', progress_percent: 100 },
          };
    return { id, media_key: `3_${id}`, size: upload.total, expires_after_secs: uploadLife / 1000, ...info };
  }

  async function uploadWhole(request: ApiRequest): Promise<ApiAnswer> {
    authorized(request);
    const form = await readForm(request);
    const fields = form?.fields ?? fieldsOf(jsonOf(request.body));
    const bytes =
      form?.files.media?.bytes ?? (typeof fields.media === 'string' ? Buffer.from(fields.media, 'base64') : undefined);
    if (bytes === undefined) return invalid('media', '', 'media is required');
    const contentType = String(fields.media_type ?? typeOf(bytes));
    const id = begin(contentType, String(fields.media_category), bytes.length);
    const upload = uploads.get(id) as Upload;
    upload.segments.set(0, bytes);
    return finish(id, upload);
  }

  return {
    usable(mediaId) {
      const upload = uploads.get(mediaId);
      return upload !== undefined && upload.readyAt <= world.now() && upload.until > world.now();
    },
    routes: [
      { method: 'POST', path: '/2/media/upload', handle: uploadWhole },
      { method: 'POST', path: '/2/media/upload/initialize', handle: initialize },
      { method: 'POST', path: '/2/media/upload/:id/append', handle: append },
      {
        method: 'POST',
        path: '/2/media/upload/:id/finalize',
        handle(request) {
          authorized(request);
          return finish(request.params.id ?? '', uploadOf(request));
        },
      },
      {
        method: 'GET',
        path: '/2/media/upload',
        handle(request) {
          authorized(request);
          if ((request.query.get('command') ?? 'STATUS') !== 'STATUS')
            return invalid('command', request.query.get('command'), 'command must be STATUS');
          const upload = uploadOf(request);
          return { status: 200, body: { data: described(request.query.get('media_id') ?? '', upload) } };
        },
      },
    ],
  };
}
