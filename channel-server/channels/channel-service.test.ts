import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Capabilities, defineAdapter } from '../../adapters/contract/index.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import type { Change, CommitResult } from '../session/changes.ts';
import { createSignalBus } from '../session/signal-bus.ts';
import type { Channel } from './channel.ts';
import { createChannelService } from './channel-service.ts';

const capabilities = {
  presence: 'live',
  lifecycle: { parkAfter: 1, closeAfter: 2, reopenWithin: 3, abandonAfter: null },
} as Capabilities;
const door = defineAdapter({
  type: 'door',
  title: 'Door',
  settings: z.strictObject({
    size: z.number().default(1),
    secret: z.string().min(3).optional().meta({ writeOnly: true }),
  }),
  capabilities: () => capabilities,
});

/** Rows in memory behind the ports; what is stored is seen by the test. */
function setting(rows: Channel[] = []) {
  const log = silentLog();
  const signals = createSignalBus(log);
  const stored = new Map(rows.map((row) => [row.id, row]));
  const commit = async (changes: readonly Change[]): Promise<CommitResult> => {
    for (const change of changes) {
      if (change.kind === 'insert' && change.record === 'channel') stored.set(change.values.id, change.values);
      if (change.kind === 'update' && change.record === 'channel') {
        const before = stored.get(change.where.id ?? '');
        if (before === undefined) return { outcome: 'refused', refusal: change.refusal ?? '' };
        stored.set(before.id, { ...before, ...(change.set as Partial<Channel>) });
      }
    }
    return { outcome: 'applied', appended: [] };
  };
  const make = (secretKey = 'installation secret') =>
    createChannelService({
      channels: { channels: async () => [...stored.values()], channel: async (id) => stored.get(id) },
      unitOfWork: { commit },
      signals,
      adapters: { door },
      secretKey,
      log,
    });
  return { make, stored, signals, log };
}

const channel = (settings: Record<string, unknown> = {}, more: Partial<Channel> = {}): Channel => ({
  id: 'front',
  tenantId: 'default',
  type: 'door',
  name: 'Front door',
  queueId: 'support',
  settings,
  enabled: true,
  declared: false,
  ...more,
});

describe('a channel', () => {
  it('is checked, stored with its secrets encrypted, and running at once and after a restart', async () => {
    const { make, stored } = setting();
    const channels = make();
    await channels.start();
    const saved = await channels.save(channel({ secret: 'canary' }));
    expect(saved.settings).toEqual({ size: 1, secret: 'canary' });
    expect(JSON.stringify([...stored.values()])).not.toContain('canary');
    expect(JSON.stringify(saved.record)).not.toContain('canary');
    const restarted = make();
    await restarted.start();
    expect(restarted.running('front')?.settings).toEqual({ size: 1, secret: 'canary' });
  });

  it('is refused with the field that is wrong', async () => {
    const channels = setting().make();
    await channels.start();
    const refused = (field: string) => ({ code: 'CHANNEL_SETTINGS_INVALID', details: { field } });
    await expect(channels.save(channel({ size: 'big' }))).rejects.toMatchObject(refused('settings.size'));
    await expect(channels.save(channel({ sise: 1 }))).rejects.toMatchObject(refused('settings.sise'));
    await expect(channels.save(channel({ secret: 'x' }))).rejects.toMatchObject(refused('settings.secret'));
    await expect(channels.save(channel({}, { type: 'gate' }))).rejects.toMatchObject(refused('type'));
  });

  it('keeps a secret that a later save does not name', async () => {
    const channels = setting().make();
    await channels.start();
    await channels.save(channel({ secret: 'canary' }));
    const saved = await channels.save(channel({ size: 2 }));
    expect(saved.settings).toEqual({ size: 2, secret: 'canary' });
  });

  it('does not run while disabled, yet its sessions still rest and end', async () => {
    const channels = setting().make();
    await channels.start();
    await channels.save(channel({}, { enabled: false }));
    expect(channels.running('front')).toBeUndefined();
    expect(channels.lifecycle('front')).toEqual({ presence: 'live', queueId: 'support', ...capabilities.lifecycle });
    expect(channels.lifecycle('back')).toBeUndefined();
  });

  it('of another tenant or type is not overwritten', async () => {
    const channels = setting([channel({}, { tenantId: 'other' })]).make();
    await channels.start();
    await expect(channels.save(channel())).rejects.toMatchObject({ code: 'REQUEST_CONFLICT' });
    const typed = setting([channel({}, { type: 'gate' })]).make();
    await expect(typed.save(channel())).rejects.toMatchObject({ code: 'REQUEST_CONFLICT' });
  });

  it('declared without a secret has none', async () => {
    const channels = setting().make();
    await channels.start();
    await channels.save(channel({ secret: 'canary' }, { declared: true }));
    const saved = await channels.save(channel({ size: 2 }, { declared: true }));
    expect(saved.settings).toEqual({ size: 2 });
  });

  it('whose secrets cannot be read does not run, is said once, and takes new ones', async () => {
    const { make, log } = setting();
    const first = make();
    await first.start();
    await first.save(channel({ secret: 'canary' }));
    const other = make('another installation');
    await other.start();
    await other.start();
    expect(other.running('front')).toBeUndefined();
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(JSON.stringify(log.lines)).not.toContain('canary');
    await expect(other.save(channel({}))).rejects.toMatchObject({ code: 'CHANNEL_SETTINGS_INVALID' });
    await other.save(channel({ secret: 'again' }));
    expect(other.running('front')?.settings).toMatchObject({ secret: 'again' });
  });

  it('changed elsewhere is read again when configuration changes', async () => {
    const { make, stored, signals } = setting();
    const channels = make();
    await channels.start();
    stored.set('front', channel({ size: 9 }));
    signals.publish({ kind: 'configuration', tenantId: 'default' });
    await expect.poll(() => channels.running('front')?.settings).toEqual({ size: 9 });
    const running = channels.running('front');
    signals.publish({ kind: 'configuration', tenantId: 'default' });
    await new Promise((done) => setTimeout(done, 10));
    expect(channels.running('front')).toBe(running);
  });
});
