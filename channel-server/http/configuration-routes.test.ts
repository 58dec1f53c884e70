import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpHouse, httpHouse } from '../../test/support/http-house.ts';

let house: HttpHouse;
let admin: string;
let agent: string;
beforeAll(async () => {
  house = await httpHouse();
  admin = await house.tokenOf('one-ada');
  agent = await house.tokenOf('one-ann');
});
afterAll(() => house.stop());

const request = (method: string, path: string, body?: unknown, token = admin) =>
  house.request(method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });

describe('channels', () => {
  const secret = 'canary-secret-of-thirty-two-chars!';

  it('never answer their secrets, and keep those a change leaves out', async () => {
    const settings = { allowedOrigins: ['https://shop.example'], identity: { hs256Secret: secret } };
    const made = await request('PUT', '/channels/shop', { type: 'web', name: 'Shop', queue: 'support', settings });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      id: 'shop',
      running: true,
      settings: { allowedOrigins: ['https://shop.example'] },
    });
    const changed = { type: 'web', name: 'Shop 2', queue: 'sales', settings: { ...settings, identity: {} } };
    expect((await request('PUT', '/channels/shop', changed)).status).toBe(200);
    expect(house.dependencies.channelService.running('shop')?.settings).toMatchObject({
      identity: { hs256Secret: secret },
    });
    for (const path of ['/channels', '/channels/shop']) {
      expect((await request('GET', path)).text).not.toMatch(/canary|\$sealed/);
      expect((await request('GET', path, undefined, agent)).text).not.toMatch(/canary|allowedOrigins/);
    }
    expect(JSON.stringify(await house.storage.channels.channel('shop'))).not.toContain('canary');
  });

  it('name the secrets they have', async () => {
    const settings = { identity: { hs256Secret: secret } };
    const body = { type: 'web', name: 'Signed', queue: 'support', settings };
    expect((await request('PUT', '/channels/signed', body)).json.secrets).toEqual(['identity.hs256Secret']);
    const without = { ...body, settings: { identity: { hs256Secret: null } } };
    expect((await request('PUT', '/channels/signed', without)).json.secrets).toEqual([]);
    expect((await request('GET', '/channels/signed', undefined, agent)).json.secrets).toBeUndefined();
  });

  it('whose settings are not valid any more say what is wrong with them', async () => {
    const body = { type: 'web', name: 'Old', queue: 'support', settings: {} };
    await request('PUT', '/channels/old', body);
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'channel', where: { id: 'old' }, set: { settings: { accent: 'red' } } },
    ]);
    // Any change has the channels read again.
    await request('PUT', '/channels/signed', { type: 'web', name: 'Signed', queue: 'support', settings: {} });
    await expect.poll(async () => (await request('GET', '/channels/old')).json.running).toBe(false);
    const { status } = (await request('GET', '/channels/old')).json;
    expect(status).toMatchObject({ state: 'invalid', detail: expect.stringMatching(/^settings\.accent: must be/) });
  });

  it('are refused with the field that is wrong', async () => {
    const body = { type: 'web', name: 'x', queue: 'support', settings: { accent: 'red' } };
    const { status, json } = await request('PUT', '/channels/bad', body);
    expect([status, json.code, json.details.field]).toEqual([422, 'CHANNEL_SETTINGS_INVALID', 'settings.accent']);
    const unknown = { type: 'web', name: 'x', queue: 'support', settings: { path: '/etc' } };
    expect((await request('PUT', '/channels/bad', unknown)).status).toBe(422);
    expect((await request('PUT', '/channels/bad', { ...body, type: 'nope', settings: {} })).status).toBe(422);
    expect((await request('GET', '/channels/bad')).status).toBe(404);
  });

  it('that are declared are changed in the file only', async () => {
    await house.dependencies.channelService.save({
      id: 'fixed',
      tenantId: 'one',
      type: 'web',
      name: 'Fixed',
      queueId: 'support',
      settings: {},
      enabled: true,
      declared: true,
    });
    const { status, json } = await request('PUT', '/channels/fixed', { type: 'web', name: 'x', queue: 'support' });
    expect([status, json.code]).toEqual([409, 'CONFIG_DECLARED']);
  });

  it('have types with capabilities and a settings schema', async () => {
    const { json } = await request('GET', '/channel-types', undefined, agent);
    const web = json.items.find((one: { type: string }) => one.type === 'web');
    expect(web.capabilities).toMatchObject({ presence: 'live', text: { unit: 'utf16' } });
    expect(web.settings.properties.identity.properties.hs256Secret.writeOnly).toBe(true);
    expect(web.webhook).toBe(false);
  });
});

describe('queues', () => {
  it('are made, changed and removed by administrators', async () => {
    const made = await request('PUT', '/queues/vip', { name: 'VIP', ringTime: 5000, skills: { gold: 2 } });
    expect([made.status, made.json]).toEqual([
      201,
      expect.objectContaining({ id: 'vip', ringTime: 5000, graceTime: 60_000, waiting: 0, declared: false }),
    ]);
    expect((await request('PUT', '/queues/vip', { name: 'VIPs' })).status).toBe(200);
    await request('PATCH', '/accounts/acc_one_bo', { queues: ['sales', 'vip'] });
    expect((await request('GET', '/queues/vip', undefined, agent)).json.name).toBe('VIPs');
    expect((await request('DELETE', '/queues/vip')).status).toBe(204);
    expect((await request('GET', '/queues/vip')).status).toBe(404);
    expect((await request('GET', '/accounts/acc_one_bo')).json.queues).toEqual(['sales']);
    expect((await request('PUT', '/queues/bad', { name: 'x', ringTime: 0 })).status).toBe(400);
  });

  it('in use are kept', async () => {
    const { status, json } = await request('DELETE', '/queues/support');
    expect([status, json.code]).toEqual([409, 'REQUEST_CONFLICT']);
  });

  it('that are declared are changed in the file only', async () => {
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'queue', where: { tenantId: 'one', id: 'sales' }, set: { declared: true } },
    ]);
    for (const answer of [
      await request('PUT', '/queues/sales', { name: 'x' }),
      await request('DELETE', '/queues/sales'),
    ]) {
      expect([answer.status, answer.json.code]).toEqual([409, 'CONFIG_DECLARED']);
    }
  });
});

describe('accounts that are declared', () => {
  it('are changed in the file only', async () => {
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'account', where: { tenantId: 'one', id: 'acc_one_sue' }, set: { declared: true } },
    ]);
    const at = '/accounts/acc_one_sue';
    for (const answer of [
      await request('PATCH', at, { name: 'x' }),
      await request('DELETE', at),
      await request('PUT', `${at}/password`, { password: 'lanterns in a cupboard' }),
    ]) {
      expect([answer.status, answer.json.code]).toEqual([409, 'CONFIG_DECLARED']);
    }
  });
});
