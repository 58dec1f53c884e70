import { createHash } from 'node:crypto';
import { type Graph, type GraphProblem, graphRefusal } from '../meta/graph.ts';
import type { ApiAnswer, ApiRequest, ApiRoute } from '../phone/api.ts';
import { bareType, typeOf } from '../phone/file-type.ts';
import { readForm } from '../phone/form.ts';
import type { Ground } from '../phone/platform.ts';
import { same } from '../phone/same.ts';
import { digits } from '../phone/world.ts';
import type { WhatsappAccount } from './account.ts';

/** How long the address of a file lives, ms. */
const addressLife = 5 * 60_000;

const limits: { type: RegExp; most: number }[] = [
  { type: /^image\/(jpeg|png)$/, most: 5_000_000 },
  { type: /^image\/webp$/, most: 500_000 },
  { type: /^audio\/(aac|amr|mpeg|mp4|ogg)$/, most: 16_000_000 },
  { type: /^video\/(mp4|3gpp)$/, most: 16_000_000 },
  { type: /^(text\/plain|application\/(pdf|msword|zip|vnd\.[\w.-]+))$/, most: 100_000_000 },
];

const gone: GraphProblem = {
  message:
    'Unsupported get request. Object with this ID does not exist, cannot be loaded due to missing permissions, or does not support this operation.',
  type: 'GraphMethodException',
  code: 100,
  subcode: 33,
};

/** Address under which a customer's file is to be had for five minutes, with the access token. */
export function mediaAddress({ world }: Ground, account: WhatsappAccount, mediaId: string): string {
  const ext = String(Math.floor((world.now() + addressLife) / 1000));
  const query = new URLSearchParams({ mid: mediaId, source: 'getMedia', ext, hash: hashOf(account, mediaId, ext) });
  return `https://lookaside.fbsbx.com/whatsapp_business/attachments/?${query}`;
}

function hashOf({ appSecret }: WhatsappAccount, mediaId: string, ext: string): string {
  return createHash('sha256').update(`${appSecret} ${mediaId} ${ext}`).digest('base64url');
}

/** Media of the Cloud API. Source: Meta for Developers, WhatsApp Cloud API, "Media". */
export function createMediaRoutes(ground: Ground, account: WhatsappAccount, graph: Graph): ApiRoute[] {
  const { world, shelf } = ground;

  async function upload(request: ApiRequest): Promise<ApiAnswer> {
    graph.authorize(request);
    if (request.params.id !== account.phoneNumberId) return graphRefusal(world, gone, 'whatsapp');
    const form = await readForm(request);
    if (form === undefined) return problem('(#100) The parameter file is required.', 100);
    if (form.fields.messaging_product !== 'whatsapp') {
      return problem('(#100) The parameter messaging_product is required.', 100);
    }
    const { file } = form.files;
    if (file === undefined) return problem('(#100) The parameter file is required.', 100);
    const contentType = form.fields.type ?? file.contentType;
    const limit = limits.find(({ type }) => type.test(bareType(contentType)));
    const found = typeOf(file.bytes);
    if (limit === undefined || (found !== undefined && !sameKind(found, bareType(contentType)))) {
      return problem(
        `(#100) Param file must be a file with one of the following types: image/jpeg, image/png, …. Received file of type '${found ?? contentType}'.`,
        100,
      );
    }
    if (file.bytes.length > limit.most) {
      return problem('(#131053) Media upload error', 131053, `The file is larger than ${limit.most} bytes`);
    }
    const id = digits(world, 15);
    shelf.put({ id, bytes: file.bytes, contentType, name: file.name });
    return { status: 200, body: { id } };
  }

  function problem(message: string, code: number, details?: string): ApiAnswer {
    return graphRefusal(world, { message, code, ...(details === undefined ? {} : { details }) }, 'whatsapp');
  }

  function describe(request: ApiRequest): ApiAnswer | undefined {
    const { id = '' } = request.params;
    const file = shelf.get(id);
    if (file === undefined) return undefined;
    return {
      status: 200,
      body: {
        messaging_product: 'whatsapp',
        url: mediaAddress(ground, account, id),
        mime_type: file.contentType,
        sha256: createHash('sha256').update(file.bytes).digest('hex'),
        file_size: file.bytes.length,
        id,
      },
    };
  }

  function download(request: ApiRequest): ApiAnswer {
    const [, bearer = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!same(bearer, account.accessToken)) return { status: 401, body: '' };
    const { mid = '', ext = '', hash = '' } = Object.fromEntries(request.query);
    const file = shelf.get(mid);
    const valid = same(hash, hashOf(account, mid, ext)) && Number(ext) * 1000 > world.now();
    if (file === undefined || !valid) return { status: 404, body: '' };
    return { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes };
  }

  return [
    { method: 'POST', path: '/:version/:id/media', handle: upload },
    {
      method: 'GET',
      path: '/whatsapp_business/attachments/',
      hosts: ['lookaside.fbsbx.com'],
      handle: download,
      gone: { status: 404, body: '' },
    },
    {
      method: 'GET',
      path: '/:version/:id',
      handle(request) {
        graph.authorize(request);
        return accountNode(request, account) ?? describe(request) ?? graphRefusal(world, gone, 'whatsapp');
      },
    },
    {
      method: 'DELETE',
      path: '/:version/:id',
      handle(request) {
        graph.authorize(request);
        const removed = shelf.remove(request.params.id ?? '');
        return removed ? { status: 200, body: { success: true } } : graphRefusal(world, gone, 'whatsapp');
      },
    },
  ];
}

/** The number, the account and the token's own app, as far as one asks for them. */
function accountNode({ params }: ApiRequest, account: WhatsappAccount): ApiAnswer | undefined {
  const number = {
    verified_name: 'Holm & Harrow',
    code_verification_status: 'VERIFIED',
    display_phone_number: `+${account.displayPhoneNumber}`,
    quality_rating: 'GREEN',
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    id: account.phoneNumberId,
  };
  if (params.id === account.phoneNumberId) return { status: 200, body: number };
  if (params.id === account.wabaId) {
    return { status: 200, body: { id: account.wabaId, name: 'Holm & Harrow', timezone_id: '1' } };
  }
  if (params.id === 'me' || params.id === 'app')
    return { status: 200, body: { id: account.appId, name: 'Foyer demo' } };
  return undefined;
}

/** Containers are shared by audio and video: an MP4 may be either. */
function sameKind(found: string, said: string): boolean {
  return found === said || found.split('/')[1] === said.split('/')[1];
}
