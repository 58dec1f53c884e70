import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { systemIds } from '../runtime.ts';
import { createSignalBus } from '../session/signal-bus.ts';
import type { Signal, Signals } from '../session/signals.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import { type AccessService, createAccessService } from './access-service.ts';
import type { Account } from './account.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { hashPassword } from './passwords.ts';

const password = 'marsh grass in the evening';
const secret = 'an installation secret of the tests';
const here = '10.0.0.1';

let folder: string;
let storage: Storage;
let hash: string;
let clock: FakeClock;
let signals: Signals;
let seen: Signal[];
let access: AccessService;
let accounts: Accounts;
let ann: Account;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-access-'));
  storage = await openStorage({ dataDir: folder, clock: fakeClock(), log: silentLog() });
  hash = await hashPassword(password);
  await storage.unitOfWork.commit([
    {
      kind: 'insert',
      record: 'tenant',
      values: {
        id: 'default',
        name: 'Example',
        defaultCapacity: 5,
        passwordPolicy: 'length',
        deskOrigins: [],
        declared: true,
      },
    },
  ]);
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  clock = fakeClock();
  signals = createSignalBus(silentLog());
  seen = [];
  signals.subscribe((signal) => seen.push(signal));
  const shared = { accounts: storage.accounts, unitOfWork: storage.unitOfWork, signals, clock, ids: systemIds };
  access = createAccessService({ ...shared, log: silentLog(), secret });
  accounts = createAccounts(shared);
  ann = await newAccount();
});
afterEach(() => {
  // A fresh service per test: its caches and throttle must not speak for another's.
  count += 1;
});

async function newAccount(over: Partial<Account> = {}): Promise<Account> {
  const account: Account = {
    id: systemIds.next('acc'),
    tenantId: 'default',
    login: `ann${count}${over.role ?? ''}`,
    name: 'Ann',
    role: 'agent',
    passwordHash: hash,
    mustChange: false,
    disabled: false,
    tokensValidFrom: 0,
    queueIds: ['support'],
    declared: false,
    createdAt: 0,
    ...over,
  };
  await storage.unitOfWork.commit([{ kind: 'insert', record: 'account', values: account }]);
  return account;
}

const code = (what: Promise<unknown>) =>
  what.then(
    () => 'fine',
    (error: { code?: string }) => error.code,
  );

describe('sign-in', () => {
  it('answers a token that stands for the account', async () => {
    const signedIn = await access.signIn(ann.login, password, here);
    expect(signedIn).toMatchObject({
      expiresIn: 300,
      mustChange: false,
      account: { accountId: ann.id, role: 'agent' },
    });
    expect(await access.authenticate(signedIn.accessToken)).toEqual(signedIn.account);
  });

  it('says the same, and takes as long, for a wrong password, an unknown and a disabled account', async () => {
    const off = await newAccount({ login: `off${count}`, disabled: true });
    const texts = new Set<string>();
    const fastest: number[] = [];
    for (const [login, given] of [
      [ann.login, 'not the password of Ann'],
      [`nobody${count}`, password],
      [off.login, password],
    ] as const) {
      const times: number[] = [];
      for (let i = 0; i < 4; i++) {
        const started = performance.now();
        await access.signIn(login, given, here).catch((error: Error) => texts.add(error.message));
        times.push(performance.now() - started);
      }
      fastest.push(Math.min(...times));
    }
    expect(texts.size).toBe(1);
    expect(Math.min(...fastest)).toBeGreaterThan(Math.max(...fastest) / 4);
  });

  it('slows down guessing, however parallel, and never holds back the owner elsewhere', async () => {
    const guesses = Array.from({ length: 40 }, () => code(access.signIn(ann.login, 'a wrong guess', '203.0.113.9')));
    const answers = await Promise.all(guesses);
    expect(answers.filter((one) => one === 'ACCESS_SIGN_IN_FAILED').length).toBeLessThanOrEqual(6);
    expect(answers).toContain('ACCESS_THROTTLED');
    expect(await code(access.signIn(ann.login, password, here))).toBe('fine');
  });

  it('says when to try again', async () => {
    for (let i = 0; i < 6; i++) await code(access.signIn(ann.login, 'wrong', here));
    await expect(access.signIn(ann.login, password, here)).rejects.toMatchObject({
      code: 'ACCESS_THROTTLED',
      retryAfter: expect.any(Number),
    });
  });

  it('accepts only its own access tokens', async () => {
    const { accessToken } = await access.signIn(ann.login, password, here);
    const claims = decodeJwt(accessToken);
    const key = new TextEncoder().encode(secret.padEnd(32, '.'));
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(key);
    const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${accessToken.split('.')[1]}.`;
    for (const token of ['', 'x', forged, none, `${accessToken}x`, accessToken.replace(/^./, 'x')]) {
      expect(await code(access.authenticate(token))).toBe('ACCESS_NOT_SIGNED_IN');
    }
  });

  it('ends an access token after five minutes', async () => {
    const { accessToken } = await access.signIn(ann.login, password, here);
    await clock.advance(299_000);
    expect(await code(access.authenticate(accessToken))).toBe('fine');
    await clock.advance(2_000);
    expect(await code(access.authenticate(accessToken))).toBe('ACCESS_NOT_SIGNED_IN');
  });
});

describe('refresh tokens', () => {
  it('are spent for a new pair', async () => {
    const first = await access.signIn(ann.login, password, here);
    await clock.advance(250_000);
    const second = await access.refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await code(access.authenticate(second.accessToken))).toBe('fine');
  });

  it('used again later kill the whole sign-in, and only that one', async () => {
    const other = await access.signIn(ann.login, password, here);
    const first = await access.signIn(ann.login, password, here);
    const second = await access.refresh(first.refreshToken);
    await clock.advance(60_000);
    const third = await access.refresh(second.refreshToken);
    expect(await code(access.refresh(first.refreshToken))).toBe('ACCESS_NOT_SIGNED_IN');
    expect(await code(access.refresh(third.refreshToken))).toBe('ACCESS_NOT_SIGNED_IN');
    await clock.advance(3_000);
    expect(await code(access.authenticate(third.accessToken))).toBe('ACCESS_NOT_SIGNED_IN');
    expect(await code(access.authenticate(other.accessToken))).toBe('fine');
  });

  it('long since dropped still kill the sign-in when they come back', async () => {
    const first = await access.signIn(ann.login, password, here);
    let newest = first.refreshToken;
    for (let i = 0; i < 12; i++) {
      await clock.advance(20_000);
      newest = (await access.refresh(newest)).refreshToken;
    }
    expect(await code(access.refresh(first.refreshToken))).toBe('ACCESS_NOT_SIGNED_IN');
    expect(await code(access.refresh(newest))).toBe('ACCESS_NOT_SIGNED_IN');
  });

  it('may be spent by two tabs at once', async () => {
    const { refreshToken } = await access.signIn(ann.login, password, here);
    await clock.advance(250_000);
    const tabs = await Promise.all([1, 2, 3, 4].map(() => access.refresh(refreshToken)));
    expect(new Set(tabs.map((tab) => tab.refreshToken)).size).toBe(1);
    await clock.advance(250_000);
    const again = await Promise.all(tabs.map((tab) => access.refresh(tab.refreshToken)));
    for (const tab of again) expect(await code(access.authenticate(tab.accessToken))).toBe('fine');
  });

  it('end 30 days after their last use', async () => {
    const { refreshToken } = await access.signIn(ann.login, password, here);
    await clock.advance(29 * 86_400_000);
    const later = await access.refresh(refreshToken);
    await clock.advance(29 * 86_400_000);
    const still = await access.refresh(later.refreshToken);
    await clock.advance(31 * 86_400_000);
    expect(await code(access.refresh(still.refreshToken))).toBe('ACCESS_NOT_SIGNED_IN');
  });

  it('are refused when made up', async () => {
    for (const token of ['', 'a.b', `${'A'.repeat(22)}.${'B'.repeat(43)}`, '__proto__']) {
      expect(await code(access.refresh(token))).toBe('ACCESS_NOT_SIGNED_IN');
    }
  });

  it('are nowhere in the store', async () => {
    const { refreshToken } = await access.signIn(ann.login, password, here);
    const [name = '', tail = ''] = refreshToken.split('.');
    const { createHash } = await import('node:crypto');
    const row = await storage.accounts.refreshTokenByHash(createHash('sha256').update(refreshToken).digest('hex'));
    expect(row?.family).toBe(name);
    expect(JSON.stringify(row)).not.toContain(tail);
  });
});

describe('revocation', () => {
  const dead = async (token: string) => (await code(access.authenticate(token))) === 'ACCESS_NOT_SIGNED_IN';

  it('kills tokens and sockets at once, and tells connections', async () => {
    const { accessToken, refreshToken, account } = await access.signIn(ann.login, password, here);
    const connectedAt = clock.now();
    await access.authenticate(accessToken);
    expect(access.stillValid(account, connectedAt)).toBe(true);
    await access.revoke('default', ann.id);
    expect(await dead(accessToken)).toBe(true);
    expect(access.stillValid(account, connectedAt)).toBe(false);
    expect(await code(access.refresh(refreshToken))).toBe('ACCESS_NOT_SIGNED_IN');
    expect(seen).toContainEqual({ kind: 'revoked', tenantId: 'default', principal: { kind: 'account', id: ann.id } });
    expect(await code(access.signIn(ann.login, password, here))).toBe('fine');
  });

  it('made through another node holds within five seconds', async () => {
    const { accessToken, account } = await access.signIn(ann.login, password, here);
    await access.authenticate(accessToken);
    const other = createAccessService({
      accounts: storage.accounts,
      unitOfWork: storage.unitOfWork,
      signals: createSignalBus(silentLog()),
      clock,
      ids: systemIds,
      log: silentLog(),
      secret,
    });
    await other.revoke('default', ann.id);
    await clock.advance(2_100);
    access.stillValid(account, clock.now() - 2_100);
    await clock.advance(2_100);
    expect(access.stillValid(account, clock.now() - 4_200)).toBe(false);
    expect(await dead(accessToken)).toBe(true);
  });

  it('follows signing out, in that browser only', async () => {
    const one = await access.signIn(ann.login, password, here);
    const two = await access.signIn(ann.login, password, here);
    const three = await access.signIn(ann.login, password, here);
    await access.signOut(one.refreshToken);
    await access.endSignIn(await access.authenticate(three.accessToken));
    expect([await dead(one.accessToken), await dead(two.accessToken), await dead(three.accessToken)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(access.stillValid(one.account, clock.now())).toBe(false);
  });

  it('follows disabling, a new role and a new password', async () => {
    await newAccount({ role: 'administrator' });
    for (const change of [
      () => accounts.update('default', ann.id, { disabled: true }),
      () => accounts.update('default', ann.id, { role: 'supervisor' }),
      () => accounts.setPassword('default', ann.id, 'seven bridges over the Pregel'),
    ]) {
      await accounts.update('default', ann.id, { disabled: false, role: 'agent' });
      const fresh = await storage.accounts.account('default', ann.id);
      if (fresh === undefined) throw new Error('the account is gone');
      const { accessToken, account } = await access.signIn(ann.login, password, here);
      const at = clock.now() + 1;
      await change();
      await clock.advance(1);
      expect(await dead(accessToken)).toBe(true);
      expect(access.stillValid(account, at)).toBe(false);
    }
  });

  it('ends a sign-in whose password is being checked meanwhile', async () => {
    for (const change of [
      () => accounts.setPassword('default', ann.id, 'seven bridges over the Pregel'),
      () => accounts.update('default', ann.id, { disabled: true }),
    ]) {
      ann = await newAccount({ login: systemIds.next('acc') });
      const accountByLogin = async (login: string) => {
        const found = await storage.accounts.accountByLogin(login);
        await change();
        return found;
      };
      const { unitOfWork } = storage;
      const shared = { unitOfWork, signals, clock, ids: systemIds, log: silentLog(), secret };
      const meanwhile = createAccessService({ ...shared, accounts: { ...storage.accounts, accountByLogin } });
      expect(await code(meanwhile.signIn(ann.login, password, here))).toBe('ACCESS_SIGN_IN_FAILED');
    }
  });

  it('of a right spares the sign-in: a supervisor who loses a queue comes back with a fresh token', async () => {
    const sup = await newAccount({ login: `sup${count}`, role: 'supervisor', queueIds: ['support', 'sales'] });
    const { accessToken, refreshToken } = await access.signIn(sup.login, password, here);
    await clock.advance(1000);
    await accounts.update('default', sup.id, { queueIds: ['sales'] });
    expect(await dead(accessToken)).toBe(true);
    const fresh = await access.refresh(refreshToken);
    expect((await access.authenticate(fresh.accessToken)).queueIds).toEqual(['sales']);
  });
});

describe('passwords', () => {
  it('set by another person must be changed before anything else', async () => {
    await accounts.setPassword('default', ann.id, 'seven bridges over the Pregel');
    const first = await access.signIn(ann.login, 'seven bridges over the Pregel', here);
    expect(first.mustChange).toBe(true);
    expect(await code(access.authenticate(first.accessToken))).toBe('ACCESS_PASSWORD_MUST_CHANGE');
    const me = await access.authenticate(first.accessToken, { mustChangeAllowed: true });
    const next = 'a cupboard full of lanterns';
    expect(await code(access.changePassword(me, 'wrong', next, here))).toBe('ACCESS_SIGN_IN_FAILED');
    const changed = await access.changePassword(me, 'seven bridges over the Pregel', next, here);
    expect(changed.mustChange).toBe(false);
    expect(await code(access.authenticate(changed.accessToken))).toBe('fine');
    expect(await code(access.authenticate(first.accessToken, { mustChangeAllowed: true }))).toBe(
      'ACCESS_NOT_SIGNED_IN',
    );
    expect(await code(access.signIn(ann.login, next, here))).toBe('fine');
  });

  it('that are weak or the same are refused', async () => {
    const me = { tenantId: 'default', accountId: ann.id };
    for (const next of ['short', password, 'passwordpassword']) {
      expect(await code(access.changePassword(me, password, next, here))).toBe('ACCESS_PASSWORD_WEAK');
    }
  });

  it('guessed through the change are throttled too', async () => {
    const me = { tenantId: 'default', accountId: ann.id };
    const answers = [];
    for (let i = 0; i < 8; i++) answers.push(await code(access.changePassword(me, `guess ${i}`, 'whatever', here)));
    expect(answers).toContain('ACCESS_THROTTLED');
  });
});

describe('accounts', () => {
  it('are created with a password to be changed, and a login that is free', async () => {
    const wanted = {
      login: `new${count}`,
      name: 'New',
      role: 'agent' as const,
      password: 'a drawer of old brass keys',
      queueIds: ['support'],
    };
    expect(await accounts.create('default', wanted)).toMatchObject({ mustChange: true, declared: false });
    expect(await code(accounts.create('default', wanted))).toBe('REQUEST_CONFLICT');
    expect(await code(accounts.create('default', { ...wanted, login: 'x', password: 'too short' }))).toBe(
      'ACCESS_PASSWORD_WEAK',
    );
  });

  it('that are declared refuse edits, and those of other tenants do not exist', async () => {
    const declared = await newAccount({ login: `declared${count}`, declared: true });
    expect(await code(accounts.update('default', declared.id, { name: 'x' }))).toBe('CONFIG_DECLARED');
    expect(await code(accounts.setPassword('default', declared.id, password))).toBe('CONFIG_DECLARED');
    expect(await code(accounts.update('other', ann.id, { name: 'x' }))).toBe('ROUTING_AGENT_NOT_FOUND');
  });

  it('keep one administrator', async () => {
    const tenantId = `lonely${count}`;
    const only = await newAccount({ login: `only${count}`, tenantId, role: 'administrator' });
    expect(await code(accounts.update(tenantId, only.id, { role: 'agent' }))).toBe('REQUEST_CONFLICT');
    expect(await code(accounts.update(tenantId, only.id, { disabled: true }))).toBe('REQUEST_CONFLICT');
    await newAccount({ login: `second${count}`, tenantId, role: 'administrator' });
    expect(await code(accounts.update(tenantId, only.id, { role: 'agent' }))).toBe('fine');
  });
});
