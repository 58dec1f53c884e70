import type { AccessState, StaffAccess } from '../../../../widget/client/staff-access.ts';

/** Ann is signed in already, unless `?signed-out`. */
export function fakeAccess(): StaffAccess {
  let state: AccessState = { kind: 'checking' };
  const listeners = new Set<() => void>();
  const become = (next: AccessState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const signedIn: AccessState = {
    kind: 'signed-in',
    account: { id: 'acc_ann', login: 'ann', name: 'Ann Berger', role: 'administrator' },
  };
  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async resume() {
      become(location.search.includes('signed-out') ? { kind: 'signed-out' } : signedIn);
    },
    async signIn(login) {
      if (login !== 'ann') throw Object.assign(new Error('no'), { code: 'ACCESS_SIGN_IN_FAILED' });
      become(signedIn);
    },
    async changePassword() {},
    async signOut() {
      become({ kind: 'signed-out' });
    },
    revoked: () => become({ kind: 'signed-out', reason: 'revoked' }),
    check: async () => {},
    token: async () => 'token',
    request: async () => undefined as never,
  };
}
