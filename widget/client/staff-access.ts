/** Who is signed in on a staff page. */
export interface StaffAccount {
  id: string;
  login: string;
  name: string;
  role: 'administrator' | 'supervisor' | 'agent';
}

export type AccessState =
  | { kind: 'checking' }
  | { kind: 'signed-out'; reason?: 'revoked' | 'expired' }
  /** Signed in, but nothing is allowed until a new password is set. */
  | { kind: 'must-change' }
  | { kind: 'signed-in'; account: StaffAccount };

/** What the server refused, in words for a person; `ACCESS_UNREACHABLE` when it could not be asked. */
export class StaffRequestError extends Error {
  readonly code: string;
  readonly status: number;
  /** Seconds to wait before trying again, when known. */
  readonly retryAfter: number | undefined;
  /** What the refusal names by name, e.g. `field`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    status: number,
    retryAfter?: number,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'StaffRequestError';
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.details = details;
  }
}

/** Sign-in of the company's people. The access token lives in memory only; the cookie that renews it is not readable here. */
export interface StaffAccess {
  readonly state: AccessState;
  subscribe(listener: () => void): () => void;
  /** Ask the server whether this browser is signed in, with a new token. */
  resume(): Promise<void>;
  signIn(login: string, password: string): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;
  signOut(): Promise<void>;
  /** The server ended this sign-in. */
  revoked(): void;
  /** Ask the server whether this sign-in still holds, and end it here when not. A server that cannot be asked changes nothing. */
  check(): Promise<void>;
  /** A token good for 30 s at least, renewed when needed; undefined when signed out. */
  token(): Promise<string | undefined>;
  /** A REST request as this person; answers the parsed JSON. */
  request<T>(method: string, path: string, body?: unknown): Promise<T>;
}

interface Grant {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  mustChange?: boolean;
  account: StaffAccount;
}

const renewBefore = 30_000;
/**
 * Milliseconds an answer about the sign-in may take, and from one try to renew to the next: a line that died without a
 * word would else be waited for long. Several tries fit into the time in which the server takes one refresh token twice.
 */
const patience = 3_000;
/** Says that this browser was signed in: without it there is no cookie worth asking with. Nothing secret. */
const trace = 'foyer-staff:signed-in';

/** @param server Origin of the Foyer server. */
export function createStaffAccess(server: string): StaffAccess {
  let state: AccessState = { kind: 'checking' };
  let grant: { token: string; endsAt: number } | undefined;
  let renewing: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  function become(next: AccessState): void {
    state = next;
    if (next.kind === 'signed-out') {
      leaveTrace(false);
      grant = undefined;
      clearTimeout(timer);
    }
    for (const listener of listeners) listener();
  }

  function accept(answer: Grant): void {
    leaveTrace(true);
    grant = { token: answer.accessToken, endsAt: Date.now() + answer.expiresIn * 1000 };
    clearTimeout(timer);
    timer = setTimeout(() => void renew(), Math.max(5_000, answer.expiresIn * 1000 - 2 * renewBefore));
    if (answer.mustChange) become({ kind: 'must-change' });
    else if (state.kind !== 'signed-in' || state.account.id !== answer.account.id) {
      become({ kind: 'signed-in', account: answer.account });
    }
  }

  function renew(): Promise<void> {
    renewing ??= exclusively(async () => {
      const begun = Date.now();
      try {
        accept(await call<Grant>('POST', '/api/v1/tokens/refresh', {}, { within: patience }));
      } catch (error) {
        if (!(error instanceof StaffRequestError)) throw error;
        if (isRefusal(error)) {
          if (state.kind === 'signed-out') return;
          // Refused before its time, it was taken away.
          const reason = grant && grant.endsAt > Date.now() ? 'revoked' : 'expired';
          become(state.kind === 'checking' ? { kind: 'signed-out' } : { kind: 'signed-out', reason });
        } else {
          // The server is away or busy: what is open stays open, and the next try may succeed.
          clearTimeout(timer);
          timer = setTimeout(() => void renew(), Math.max(0, begun + patience - Date.now()));
        }
      }
    }).finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function call<T>(
    method: string,
    path: string,
    body?: unknown,
    { token, within }: { token?: string | undefined; within?: number } = {},
  ): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      const response = await fetch(new URL(path, server), {
        method,
        headers,
        credentials: 'same-origin',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(within === undefined ? {} : { signal: AbortSignal.timeout(within) }),
      });
      if (!response.ok) throw await problemOf(response);
      return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
    } catch (error) {
      if (error instanceof StaffRequestError) throw error;
      // No answer, or only half of one.
      throw new StaffRequestError('ACCESS_UNREACHABLE', 'The server cannot be reached right now.', 0);
    }
  }

  async function token(): Promise<string | undefined> {
    if (grant && grant.endsAt - Date.now() > renewBefore) return grant.token;
    if (state.kind === 'signed-out') return undefined;
    await renew();
    return grant && grant.endsAt > Date.now() ? grant.token : undefined;
  }

  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async resume() {
      if (state.kind === 'checking' && !hasTrace()) become({ kind: 'signed-out' });
      else await renew();
    },
    async signIn(login, password) {
      accept(await call<Grant>('POST', '/api/v1/tokens', { login, password }));
    },
    async changePassword(current, next) {
      accept(await call<Grant>('PUT', '/api/v1/me/password', { current, next }, { token: await token() }));
    },
    async signOut() {
      await call<void>('DELETE', '/api/v1/tokens/current');
      become({ kind: 'signed-out' });
    },
    revoked: () => become({ kind: 'signed-out', reason: 'revoked' }),
    async check() {
      const shown = await token();
      if (shown === undefined) return;
      try {
        await call('GET', '/api/v1/me', undefined, { token: shown, within: patience });
      } catch (error) {
        // The token may only be stale: what renews it decides.
        if (isRefusal(error) && state.kind !== 'signed-out') await renew();
      }
    },
    token,
    async request(method, path, body) {
      const shown = await token();
      if (!shown) throw new StaffRequestError('ACCESS_NOT_SIGNED_IN', 'Sign in first.', 401);
      return call(method, path, body, { token: shown });
    },
  };
}

function leaveTrace(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(trace, '1');
    else localStorage.removeItem(trace);
  } catch {
    // Storage is forbidden: the server is asked every time.
  }
}

function hasTrace(): boolean {
  try {
    return localStorage.getItem(trace) !== null;
  } catch {
    return true;
  }
}

/** The server was asked, and does not take this token. */
function isRefusal(error: unknown): boolean {
  return error instanceof StaffRequestError && (error.status === 401 || error.status === 403);
}

/** One tab at a time: a refresh token is good once, and all tabs of a browser share it. */
function exclusively<T>(run: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request('foyer-staff-refresh', run) : run();
}

async function problemOf(response: Response): Promise<StaffRequestError> {
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    title?: string;
    details?: Record<string, unknown>;
  };
  const retryAfter = Number(response.headers.get('retry-after'));
  return new StaffRequestError(
    problem.code ?? `HTTP_${response.status}`,
    problem.detail ?? problem.title ?? response.statusText,
    response.status,
    retryAfter > 0 ? retryAfter : undefined,
    problem.details,
  );
}
