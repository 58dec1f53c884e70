import type { Clock } from '../../adapters/contract/index.ts';
import { createChanges } from './change.ts';

export type UploadState = 'uploading' | 'waiting' | 'ready' | 'failed' | 'refused';

/** A file on its way to the server, as the tray shows it. */
export interface Upload {
  id: string;
  name: string;
  contentType: string;
  /** Bytes. */
  size: number;
  sent: number;
  state: UploadState;
  /** `refused` by us before sending, or `failed` because the code for it could not be fetched: why. */
  reason?: 'too-large' | 'type' | 'empty' | 'too-many' | 'not-loaded' | undefined;
  /** What the server said, when it refused. */
  message?: string;
  /** An object address for pictures, to show at once. */
  preview?: string;
  /** Once ready. */
  mediaId?: string;
}

/** Files being uploaded for the message in the making. */
export interface Uploads {
  list(): readonly Upload[];
  add(files: readonly File[]): void;
  /** Stop it, or take it away. */
  remove(id: string): void;
  retry(id: string): void;
  /** Take the ready ones away, for a message: their media ids. */
  take(): { contentUrl: string }[];
  clear(): void;
  subscribe(listener: () => void): () => void;
}

export interface UploadsOptions {
  /** The tus endpoint: `https://host/api/v1/media`. */
  endpoint: string;
  token(): string | undefined | Promise<string | undefined>;
  clock: Clock;
  /** Bytes and MIME types allowed now. */
  limits(): { maxBytes: number; types: readonly string[]; maxFiles: number };
  /** Loaded when the first file is chosen. Default: the chunk beside this one. */
  load?(): Promise<Pick<typeof import('./tus-upload.ts'), 'uploadByTus' | 'UploadRefused'>>;
}

/** Whether a MIME type is among `types` (`*` and `image/*` allowed). */
export function typeAllowed(type: string, types: readonly string[]): boolean {
  const [family] = type.split('/');
  return types.some((allowed) => allowed === '*' || allowed === '*/*' || allowed === type || allowed === `${family}/*`);
}

/** Of many files chosen at once, no more than this are even listed. */
const mostShown = 50;
const picture = /^image\/(?:png|jpeg|gif|webp|avif)$/;

export function createUploads(options: UploadsOptions): Uploads {
  const changes = createChanges();
  const entries = new Map<string, { upload: Upload; file: File; abort: AbortController }>();
  let count = 0;

  const change = (id: string, facts: Partial<Upload>) => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entry.upload = { ...entry.upload, ...facts };
    changes.announce();
  };

  async function run(id: string): Promise<void> {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entry.abort = new AbortController();
    const { signal } = entry.abort;
    change(id, { state: 'uploading', reason: undefined });
    let code: Awaited<ReturnType<NonNullable<UploadsOptions['load']>>>;
    try {
      code = await (options.load ?? (() => import('./tus-upload.ts')))();
    } catch {
      if (!signal.aborted) change(id, { state: 'failed', reason: 'not-loaded' });
      return;
    }
    try {
      const { uploadByTus } = code;
      const mediaId = await uploadByTus({
        endpoint: options.endpoint,
        file: entry.file,
        token: options.token,
        clock: options.clock,
        signal,
        metadata: { filename: entry.file.name, filetype: entry.file.type },
        onProgress: (sent) => change(id, { sent }),
        onWaiting: (waiting) => change(id, { state: waiting ? 'waiting' : 'uploading' }),
        pause: (ms, stopped) => networkOr(ms, options.clock, stopped),
      });
      change(id, { state: 'ready', mediaId, sent: entry.file.size });
    } catch (error) {
      if (!signal.aborted) change(id, { state: 'failed', message: error instanceof Error ? error.message : '' });
    }
  }

  function discard(id: string): void {
    const entry = entries.get(id);
    entry?.abort.abort();
    if (entry?.upload.preview !== undefined) URL.revokeObjectURL(entry.upload.preview);
    entries.delete(id);
  }

  return {
    subscribe: changes.subscribe,
    list: () => [...entries.values()].map(({ upload }) => upload),
    add(files) {
      const { maxBytes, types, maxFiles } = options.limits();
      for (const file of files.slice(0, mostShown)) {
        const id = `upload-${++count}`;
        const contentType = file.type || 'application/octet-stream';
        const upload: Upload = {
          id,
          name: file.name || 'file',
          contentType,
          size: file.size,
          sent: 0,
          state: 'uploading',
        };
        if (picture.test(contentType)) upload.preview = URL.createObjectURL(file);
        const going = [...entries.values()].filter((entry) => entry.upload.state !== 'refused').length;
        const size = file.size === 0 ? 'empty' : file.size > maxBytes ? 'too-large' : undefined;
        const refused = going >= maxFiles ? 'too-many' : size;
        const reason = refused ?? (typeAllowed(contentType, types) ? undefined : 'type');
        if (reason !== undefined) Object.assign(upload, { state: 'refused', reason });
        entries.set(id, { upload, file, abort: new AbortController() });
        if (reason === undefined) void run(id);
      }
      changes.announce();
    },
    remove(id) {
      discard(id);
      changes.announce();
    },
    retry: (id) => void run(id),
    take() {
      const ready = [...entries.values()].filter(({ upload }) => upload.state === 'ready');
      for (const { upload } of ready) discard(upload.id);
      changes.announce();
      return ready.map(({ upload }) => ({ contentUrl: `media:${upload.mediaId}` }));
    },
    clear() {
      for (const id of [...entries.keys()]) discard(id);
      changes.announce();
    },
  };
}

/** Wait until the network comes back, or `ms` have passed, or it is stopped. */
function networkOr(ms: number, clock: Clock, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      globalThis.removeEventListener?.('online', done);
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    globalThis.addEventListener?.('online', done);
    stopped.addEventListener('abort', done);
  });
}
