import { type ApiAnswer, ApiRefusal, type ApiRequest } from '../../phone/api.ts';
import { extensionOf, typeOf } from '../../phone/file-type.ts';
import { type FormFile, readForm } from '../../phone/form.ts';
import type { ShownFile } from '../../phone/model.ts';
import type { Ground } from '../../phone/platform.ts';
import { token, uuid } from '../../phone/world.ts';
import { fileLife, fileRoot, type MaapAccount, type MaapFile } from './account.ts';
import { authorize } from './authorize.ts';
import type { Notifications } from './notify.ts';
import { answered, invalid, refused } from './refusal.ts';
import { escaped } from './xml.ts';

/** Bytes. Source: CSP interface specification (3p). */
const most: Record<string, number> = { image: 2_000_000, audio: 5_000_000, video: 10_000_000, thumbnail: 200_000 };
const oneFile = 10_000_000;

/** One `file-info` per file. Source: GSMA RCC.07, File Transfer via HTTP. */
export function fileInfo(
  infos: { type: 'file' | 'thumbnail'; url: string; name: string; file: FormFile; until: number }[],
): string {
  const inner = infos.map(({ type, url, name, file, until }) =>
    [
      `<file-info type="${type}"><file-size>${file.bytes.length}</file-size>`,
      type === 'file' ? `<file-name>${escaped(name)}</file-name>` : '',
      `<content-type>${escaped(file.contentType)}</content-type>`,
      `<data url="${escaped(url)}" until="${new Date(until).toISOString()}"/></file-info>`,
    ].join(''),
  );
  return `<?xml version="1.0" encoding="UTF-8"?><file xmlns="urn:gsma:params:xml:ns:rcs:rcs:fthttp">${inner.join('')}</file>`;
}

/** The file server: what is uploaded is audited, and may be sent only when it passed. */
export function createFiles(ground: Ground, account: MaapAccount, notifications: Notifications) {
  const { world, shelf } = ground;
  const gone = refused(410, 'serviceException', 'SVC0004', 'No valid addresses provided in message part %1', 'url');
  const missing = refused(404, 'serviceException', 'SVC0004', 'No valid addresses provided in message part %1', 'url');
  const addressOf = (id: string) => `${fileRoot}/Access/${id}`;

  function check(file: FormFile, kind: string): void {
    const found = typeOf(file.bytes);
    const [said = ''] = file.contentType.split('/', 1);
    const limit = most[kind] ?? most[said] ?? oneFile;
    if (file.bytes.length === 0 || file.bytes.length > limit) {
      throw new ApiRefusal(
        refused(413, 'policyException', 'POL1018', 'File is too large: at most %1 bytes', String(limit)),
      );
    }
    if (kind === 'thumbnail' ? !found?.startsWith('image/') : found !== undefined && !isAlike(found, said)) {
      invalid('Content-Type');
    }
  }

  /** Keep a file of somebody, waiting for its audit when it is the company's. */
  function keep(file: FormFile, audited: MaapFile['audited']): { id: string; kept: MaapFile } {
    const id = `${token(world, 18)}.${extensionOf(file.contentType)}`;
    const shelved = shelf.put({ bytes: file.bytes, contentType: file.contentType, name: file.name });
    const kept = { shelved: shelved.id, audited, until: world.now() + fileLife };
    account.files.set(id, kept);
    return { id, kept };
  }

  async function upload(request: ApiRequest): Promise<ApiAnswer> {
    authorize(ground, account, request);
    const { headers } = request;
    if (headers['terminal-type'] !== 'Chatbot') invalid('Terminal-type');
    if (headers['user-agent'] !== `SP/${account.chatbotURI}`) invalid('User-Agent');
    if (headers['x-3gpp-intended-identity'] !== account.chatbotURI) invalid('X-3GPP-Intended-Identity');
    const form = await readForm(request);
    const { File: file, Thumbnail: thumbnail } = form?.files ?? {};
    if (file === undefined) return invalid('File');
    check(file, '');
    if (thumbnail !== undefined) check(thumbnail, 'thumbnail');
    const tid = String(headers.tid ?? form?.fields.tid ?? uuid(world));
    const uploads = [
      ...(thumbnail === undefined
        ? []
        : [{ type: 'thumbnail' as const, file: thumbnail, ...keep(thumbnail, 'waiting') }]),
      { type: 'file' as const, file, ...keep(file, 'waiting') },
    ];
    const info = fileInfo(
      uploads.map(({ type, file: given, id, kept }) => ({
        type,
        url: addressOf(id),
        name: given.name,
        file: given,
        until: kept.until,
      })),
    );
    world.after(account.audit.after, () => {
      const { passes } = account.audit;
      for (const { kept } of uploads) kept.audited = passes ? 'passed' : 'refused';
      notifications.audited(tid, passes, info);
    });
    return { ...answered(200, info), headers: { 'content-type': 'application/xml; charset=UTF-8', tid } };
  }

  function fileOf(id: string): MaapFile | undefined {
    const file = account.files.get(id);
    return file !== undefined && file.until > world.now() ? file : undefined;
  }

  function download(request: ApiRequest): ApiAnswer {
    authorize(ground, account, request);
    const file = fileOf(request.params.id ?? '');
    const shelved = shelf.get(file?.shelved ?? '');
    if (shelved === undefined) return missing;
    return { status: 200, headers: { 'content-type': shelved.contentType }, body: shelved.bytes };
  }

  return {
    upload,
    download,
    gone,
    /** A file of a customer: audited by nobody. */
    keepCustomers: (file: FormFile) => {
      const { id, kept } = keep(file, 'passed');
      return { url: addressOf(id), until: kept.until };
    },
    /** The company's file at this address, once it passed. */
    shownAt(address: string): ShownFile | undefined {
      if (!address.startsWith(`${fileRoot}/Access/`)) return undefined;
      const file = fileOf(address.slice(`${fileRoot}/Access/`.length));
      const shelved = file?.audited === 'passed' ? shelf.get(file.shelved) : undefined;
      if (shelved === undefined) return undefined;
      const [kind = ''] = shelved.contentType.split('/', 1);
      return ground.shown(kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file', shelved);
    },
  };
}

export type Files = ReturnType<typeof createFiles>;

/** Audio and video share containers. */
function isAlike(found: string, said: string): boolean {
  const [kind] = found.split('/', 1);
  return (
    kind === said ||
    ((kind === 'audio' || kind === 'video') && (said === 'audio' || said === 'video')) ||
    said === 'application'
  );
}
