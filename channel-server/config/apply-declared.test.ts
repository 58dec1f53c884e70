import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Adapter } from '../../adapters/contract/index.ts';
import { web } from '../../adapters/index.ts';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { type AccessService, createAccessService } from '../access/access-service.ts';
import { createChannelService } from '../channels/channel-service.ts';
import { ensureQueues } from '../routing/agents.ts';
import { systemIds } from '../runtime.ts';
import type { Change } from '../session/ports.ts';
import { createSignalBus } from '../session/signal-bus.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import { applyDeclared } from './apply-declared.ts';
import { checkDeclared, type DeclaredInput } from './declared-file.ts';

const secret = 'an installation secret of the tests';
const canary = 'canary-secret-canary-secret-canary-secret';
const here = '10.0.0.1';
const anns = 'marsh grass in the evening';

const ann = {
  login: 'ann',
  password: anns,
  role: 'agent',
  name: 'Ann',
  skills: { billing: 3 },
  queues: ['support'],
} satisfies NonNullable<DeclaredInput['accounts']>[number];
const bo = { login: 'bo', password: 'linen drawer early kestrel', role: 'supervisor', name: 'Bo' } as const;
const shop = {
  id: 'shop',
  type: 'web',
  name: 'Shop',
  queue: 'support',
  settings: { identity: { hs256Secret: canary } },
};
const company: Company = {
  tenants: [{ id: 'default', name: 'Example' }],
  queues: [{ id: 'support', name: 'Support' }],
  accounts: [ann, bo],
  channels: [shop],
};
type Company = { -readonly [K in keyof DeclaredInput]-?: NonNullable<DeclaredInput[K]> };
/** The company with something changed. */
const but = (change: (company: Company) => void): DeclaredInput => {
  const copy: Company = structuredClone(company);
  change(copy);
  return copy;
};

let folder: string;
let storage: Storage;
let written: Change[][];
let clock: ReturnType<typeof fakeClock>;
let access: AccessService;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-apply-'));
  clock = fakeClock();
  storage = await openStorage({ dataDir: folder, clock, log: silentLog() });
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

/** A start with this file; answers the warnings. */
async function start(input: DeclaredInput): Promise<string[]> {
  await clock.advance(60_000);
  const log = silentLog();
  const signals = createSignalBus(log);
  written = [];
  const unitOfWork: typeof storage.unitOfWork = {
    commit(changes) {
      written.push([...changes]);
      return storage.unitOfWork.commit(changes);
    },
  };
  const { accounts, routing, channels: storedChannels } = storage;
  const shared = { unitOfWork, signals, clock, ids: systemIds, log };
  access = createAccessService({ ...shared, accounts, secret });
  const channels = createChannelService({
    ...shared,
    channels: storedChannels,
    adapters: { web, line: lineAdapter },
    secretKey: secret,
  });
  await channels.start();
  return applyDeclared(checkDeclared(input, 'foyer.yaml'), { ...shared, accounts, routing, channels, storedChannels });
}

/** A second channel type, so that a channel can be declared as another. */
const lineAdapter = { ...web, type: 'line', settings: z.strictObject({}) } as unknown as Adapter;

const refused = async (input: DeclaredInput): Promise<string> => {
  const error = await start(input).then(
    () => new Error('nothing was refused'),
    (reason: Error) => reason,
  );
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  expect(written, 'a refusal changes nothing').toEqual([]);
  return error.message;
};
const account = async (login: string) => {
  const found = await storage.accounts.accountByLogin(login);
  if (found === undefined) throw new Error(`no account ${login}`);
  return found;
};
const signIn = (login: string, password: string) => access.signIn(login, password, here);

describe('a declared company', () => {
  it('stands after the first start', async () => {
    expect(await start(company)).toEqual([]);
    expect(await account('ann')).toMatchObject({
      role: 'agent',
      declared: true,
      mustChange: false,
      queueIds: ['support'],
    });
    expect(await storage.routing.agent('default', (await account('ann')).id)).toMatchObject({ skills: { billing: 3 } });
    expect(await storage.routing.queue('default', 'support')).toMatchObject({ name: 'Support', declared: true });
    expect(await storage.channels.channel('shop')).toMatchObject({ type: 'web', enabled: true, declared: true });
    expect((await signIn('ann', anns)).mustChange).toBe(false);
  });

  it('is neither written again nor signed out by a start with the same file', async () => {
    await start(company);
    const { accessToken, refreshToken } = await signIn('ann', anns);
    expect(await start(structuredClone(company))).toEqual([]);
    expect(written).toEqual([]);
    expect((await access.authenticate(accessToken)).name).toBe('Ann');
    expect((await access.refresh(refreshToken)).account.name).toBe('Ann');
  });

  it('has its secrets encrypted at rest, and its passwords nowhere', async () => {
    await start(company);
    await storage.close();
    for (const word of [canary, anns]) {
      const found = execFileSync('sh', ['-c', 'grep -rlaF -- "$1" "$2" || true', 'sh', word, folder]).toString();
      expect(found).toBe('');
    }
    storage = await openStorage({ dataDir: folder, clock, log: silentLog() });
  });

  it('takes names, queues and skills as they change, without signing anybody out', async () => {
    await start(company);
    const { refreshToken } = await signIn('ann', anns);
    await start(
      but((next) => {
        next.queues = [
          { id: 'support', name: 'Care', ringSeconds: 7 },
          { id: 'sales', name: 'Sales' },
        ];
        next.accounts[0] = {
          ...ann,
          name: 'Anna',
          skills: { german: 5 },
          queues: ['sales'],
          capacity: 2,
        };
      }),
    );
    const stored = await account('ann');
    expect(stored).toMatchObject({ name: 'Anna', queueIds: ['sales'] });
    expect(await storage.routing.agent('default', stored.id)).toMatchObject({
      name: 'Anna',
      skills: { german: 5 },
      capacity: 2,
      queueIds: ['sales'],
    });
    expect(await storage.routing.queue('default', 'support')).toMatchObject({ name: 'Care', ringTime: 7_000 });
    expect((await access.refresh(refreshToken)).account.queueIds).toEqual(['sales']);
  });

  it('ends every sign-in when a password or a role is another', async () => {
    for (const change of [{ password: 'a wholly different evening' }, { role: 'supervisor' }] as const) {
      await start(company);
      const { accessToken, refreshToken } = await signIn('ann', anns);
      const changed = but((next) => {
        next.accounts[0] = { ...ann, ...change };
      });
      await start(changed);
      await expect(access.authenticate(accessToken)).rejects.toMatchObject({ code: 'ACCESS_NOT_SIGNED_IN' });
      await expect(access.refresh(refreshToken)).rejects.toMatchObject({ code: 'ACCESS_NOT_SIGNED_IN' });
      expect((await signIn('ann', change.password ?? anns)).account.role).toBe(change.role ?? 'agent');
      if (change.password !== undefined)
        await expect(signIn('ann', anns)).rejects.toMatchObject({ code: 'ACCESS_SIGN_IN_FAILED' });
    }
  });

  it('leaves a password that had to be changed to its owner', async () => {
    const first = but((next) => {
      next.accounts[0] = { ...ann, mustChange: true };
    });
    await start(first);
    expect((await signIn('ann', anns)).mustChange).toBe(true);
    const other = 'the file says something else';
    const renewed = but((next) => {
      next.accounts[0] = { ...ann, mustChange: true, password: other };
    });
    await start(renewed);
    const { account: owner, mustChange } = await signIn('ann', other);
    expect(mustChange, "not changed yet: the file's").toBe(true);
    const own = 'known to nobody but myself';
    await access.changePassword(owner, other, own, here);
    await start(first);
    await start(renewed);
    const { mustChange: still } = await signIn('ann', own);
    expect(still).toBe(false);
    await expect(signIn('ann', other)).rejects.toMatchObject({ code: 'ACCESS_SIGN_IN_FAILED' });
    await start(company);
    expect((await signIn('ann', anns)).mustChange, 'taken back by the file').toBe(false);
  });

  it('switches off what the file names no more, says so once, and switches it on again', async () => {
    await start(company);
    const { accessToken, refreshToken } = await signIn('ann', anns);
    const smaller: DeclaredInput = {
      tenants: company.tenants,
      queues: [{ id: 'sales', name: 'Sales' }],
      accounts: [bo],
    };
    expect(await start(smaller)).toEqual([
      'The queue "support" is not declared any more: it stays, and the console may change it.',
      'The account "ann" is not declared any more: it is disabled.',
      'The channel "shop" is not declared any more: it is disabled.',
    ]);
    expect(await account('ann')).toMatchObject({ disabled: true, declared: false });
    expect(await storage.channels.channel('shop')).toMatchObject({ enabled: false, declared: false });
    expect(await storage.routing.queue('default', 'support')).toMatchObject({ declared: false });
    await expect(signIn('ann', anns)).rejects.toMatchObject({ code: 'ACCESS_SIGN_IN_FAILED' });
    await expect(access.authenticate(accessToken)).rejects.toMatchObject({ code: 'ACCESS_NOT_SIGNED_IN' });
    expect(await start(smaller)).toEqual([]);
    expect(written).toEqual([]);

    expect(await start(company)).toEqual([
      'The queue "sales" is not declared any more: it stays, and the console may change it.',
    ]);
    expect(await storage.channels.channel('shop')).toMatchObject({ enabled: true, declared: true });
    await signIn('ann', anns);
    await expect(access.refresh(refreshToken), 'an old sign-in stays dead').rejects.toMatchObject({
      code: 'ACCESS_NOT_SIGNED_IN',
    });
  });

  it('warns of a weak password and takes it', async () => {
    const weak = but((next) => {
      next.accounts[0] = { ...ann, password: 'ann' };
    });
    expect(await start(weak)).toEqual(['The declared password of "ann" is weak: Use at least 15 characters.']);
    await signIn('ann', 'ann');
    expect(await start(weak)).toEqual([]);
  });

  it("keeps to a tenant what is the tenant's", async () => {
    const two = but((next) => {
      next.tenants = [...company.tenants, { id: 'other', name: 'Other', passwordPolicy: 'composition' }];
      next.queues = [...company.queues, { tenant: 'other', id: 'support', name: 'Theirs' }];
      next.accounts = [
        ...company.accounts,
        { tenant: 'other', login: 'eve', password: 'Short-1', role: 'agent', name: 'Eve', queues: ['support'] },
      ];
      next.channels = [
        ...company.channels,
        { tenant: 'other', id: 'theirs', type: 'web', name: 'Theirs', queue: 'support' },
      ];
    });
    expect(await start(two)).toEqual(['The declared password of "eve" is weak: Use at least 8 characters.']);
    expect((await storage.routing.queue('default', 'support'))?.name).toBe('Support');
    expect((await storage.routing.queue('other', 'support'))?.name).toBe('Theirs');
    expect(await storage.accounts.accounts('other')).toHaveLength(1);

    const mine = (change: (next: Company) => void) =>
      refused(
        but((next) => {
          next.tenants = [...company.tenants, { id: 'other', name: 'Other' }];
          next.queues = [...company.queues, { tenant: 'other', id: 'support', name: 'Theirs' }];
          change(next);
        }),
      );
    expect(
      await mine((next) => {
        next.accounts.push({ login: 'Eve', password: 'p', role: 'agent', name: 'E' });
      }),
    ).toBe(
      'foyer.yaml: accounts[2].login: "Eve" belongs to another tenant already; account names are unique, choose another.',
    );
    expect(
      await mine((next) => {
        next.channels.push({ id: 'theirs', type: 'web', name: 'Mine', queue: 'support' });
      }),
    ).toBe(
      'foyer.yaml: channels[1].id: "theirs" belongs to another tenant already; channel ids are unique, choose another.',
    );
    expect(
      await mine((next) => {
        next.channels.push({ tenant: 'other', id: 'theirs', type: 'line', name: 'L', queue: 'support' });
      }),
    ).toBe('foyer.yaml: channels[1].type: "theirs" is of type "web" already; choose a new id for type "line".');

    expect(await start(company)).toEqual([
      'The tenant "other" is not declared any more: what it declared is switched off, the rest stays.',
      'The queue "support" is not declared any more: it stays, and the console may change it.',
      'The account "eve" is not declared any more: it is disabled.',
      'The channel "theirs" is not declared any more: it is disabled.',
    ]);
  });

  it('refuses settings its channel type does not have, by place and before anything is written', async () => {
    const withSettings = (settings: Record<string, unknown>, type = 'web') =>
      but((next) => {
        next.tenants = [{ id: 'default', name: 'Renamed' }];
        next.channels = [{ ...shop, type, settings }];
      });
    expect(await refused(withSettings({ accent: 'green' }))).toBe(
      'foyer.yaml: channels[0].settings.accent: must be a colour such as "#0b6e4f".',
    );
    expect(await refused(withSettings({ colour: 'green' }))).toBe(
      'foyer.yaml: channels[0].settings.colour: there is no such setting.',
    );
    const short = await refused(withSettings({ identity: { hs256Secret: 'canary-too-short' } }));
    expect(short).toBe('foyer.yaml: channels[0].settings.identity.hs256Secret: must have at least 32 characters.');
    expect(await refused(withSettings({}, 'fax'))).toContain(
      'channels[0].type: there is no channel type "fax"; known: web, line',
    );
    expect(await refused(withSettings({}, 'constructor'))).toContain('there is no channel type "constructor"');
    expect(await storage.accounts.tenants()).toEqual([]);
  });

  it('takes over what people made in the console under the same id', async () => {
    await start(company);
    const dependencies = { ...storage, signals: createSignalBus(silentLog()), clock };
    await ensureQueues(dependencies, [{ id: 'sales', tenantId: 'default', name: 'By hand', declared: false }]);
    await start(
      but((next) => {
        next.queues.push({ id: 'sales', name: 'Sales' });
      }),
    );
    expect(await storage.routing.queue('default', 'sales')).toMatchObject({ name: 'Sales', declared: true });
  });

  it('saves a channel again when a setting changed, and only then', async () => {
    await start(company);
    const before = await storage.channels.channel('shop');
    await start(
      but((next) => {
        next.channels[0] = { ...shop, settings: { ...shop.settings, greeting: 'Hello' } };
      }),
    );
    expect(written).toHaveLength(1);
    const after = await storage.channels.channel('shop');
    expect(after?.settings).not.toEqual(before?.settings);
    expect(JSON.stringify(after)).not.toContain(canary);
  });
});
