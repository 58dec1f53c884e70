import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from 'socket.io';
import { io as connectTo, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../test/support/silent-log.ts';
import { type AccessService, createAccessService } from '../access/access-service.ts';
import type { Account, Tenant } from '../access/account.ts';
import { createAccounts } from '../access/accounts.ts';
import { hashPassword } from '../access/passwords.ts';
import { systemClock, systemIds } from '../runtime.ts';
import { createSignalBus } from '../session/signal-bus.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import { createDeskGateway, type DeskGateway } from './desk-gateway.ts';
import { createPersonMeters, defaultLimits } from './limits.ts';
import { WireDecoder, WireEncoder } from './wire.ts';

const tenantId = 'default';
const accountId = 'acc_ann';
const password = 'marsh grass in the evening';

let folder: string;
let storage: Storage;
let access: AccessService;
let desks: DeskGateway;
let http: HttpServer;
let io: Server;
let client: Socket;
/** A connection was authenticated, and waits for `origins` to be known before it is accepted. */
let authenticated: PromiseWithResolvers<void>;
let origins: PromiseWithResolvers<void>;
let disable: () => Promise<unknown>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-desks-'));
  const log = silentLog();
  const clock = systemClock;
  storage = await openStorage({ dataDir: folder, clock, log });
  const tenant: Tenant = {
    id: tenantId,
    name: 'Example',
    defaultCapacity: 5,
    passwordPolicy: 'length',
    deskOrigins: ['https://intranet.example'],
    declared: true,
  };
  const account: Account = {
    id: accountId,
    tenantId,
    login: 'ann',
    name: 'Ann',
    role: 'agent',
    passwordHash: await hashPassword(password),
    mustChange: false,
    disabled: false,
    tokensValidFrom: 0,
    queueIds: ['support'],
    declared: false,
    createdAt: clock.now(),
  };
  await storage.unitOfWork.commit([
    { kind: 'insert', record: 'tenant', values: tenant },
    { kind: 'insert', record: 'account', values: account },
  ]);
  const signals = createSignalBus(log);
  const { accounts, unitOfWork } = storage;
  const shared = { accounts, unitOfWork, signals, clock, ids: systemIds };
  access = createAccessService({ ...shared, log, secret: 'an installation secret of the tests' });
  disable = () => createAccounts(shared).update(tenantId, accountId, { disabled: true });
  authenticated = Promise.withResolvers();
  origins = Promise.withResolvers();
  const unused = () => Promise.reject(new Error('not used'));
  desks = createDeskGateway({
    access,
    accounts: {
      account: (...who) => accounts.account(...who),
      async tenants() {
        authenticated.resolve();
        await origins.promise;
        return accounts.tenants();
      },
    },
    routing: { agent: unused },
    routingService: { connected: async () => undefined, lost: async () => undefined, setState: unused },
    limits: defaultLimits,
    meters: createPersonMeters(defaultLimits.person, () => clock.now()),
    traffic: { underWay: 0, closing: false, refused: 0, handled: 0 },
    clock,
    log,
    patience: 2_000,
    autoIdle: false,
    ownOrigins: [],
  });
  // As `telling` does.
  signals.subscribe((signal) => {
    if (signal.kind === 'revoked') desks.endAccount(signal.tenantId, signal.principal.id, 'signed-out');
  });
  http = createServer();
  io = new Server(http, { transports: ['websocket'], parser: { Encoder: WireEncoder, Decoder: WireDecoder } });
  desks.attach(io.of('/desk'), () => Promise.resolve({ ok: true }));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});
afterEach(async () => {
  client?.disconnect();
  desks.presence.stop();
  await io.close();
  await storage.close();
  await rm(folder, { recursive: true });
});

describe('a desk whose account is disabled while it is being accepted', () => {
  it('is ended by the next look at who is still valid', async () => {
    const { accessToken } = await access.signIn('ann', password, '127.0.0.1');
    client = connectTo(`http://127.0.0.1:${(http.address() as AddressInfo).port}/desk`, {
      transports: ['websocket'],
      reconnection: false,
      auth: { accessToken },
      extraHeaders: { origin: 'https://intranet.example' },
    });
    const heard = (event: string) => new Promise<unknown>((done) => client.once(event, done));
    const connected = heard('connect');
    const revoked = heard('access:revoked');
    const gone = heard('disconnect');
    await authenticated.promise;
    await disable();
    origins.resolve();
    await connected;
    await expect.poll(() => desks.peersOf(tenantId, accountId)).toHaveLength(1);
    desks.endInvalid();
    expect(desks.peersOf(tenantId, accountId)).toEqual([]);
    expect(await revoked).toEqual({ reason: 'signed-out' });
    await gone;
  });
});
