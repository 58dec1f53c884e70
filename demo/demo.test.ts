import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { App } from '../channel-server/app.ts';
import { checkDeclared } from '../channel-server/config/declared-file.ts';
import { readEnvironment } from '../channel-server/config/environment.ts';
import { loopbackOf, startDemo, withChannels } from './demo.ts';
import { createSimulators } from './platforms/simulators.ts';

let dataDir: string;
let app: App | undefined;
let written: string[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'foyer-demo-'));
  written = [];
  const take = (text: string | Uint8Array) => written.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await app?.stop(1_000);
  app = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

const start = async (env: NodeJS.ProcessEnv = {}) => {
  app = await startDemo(readEnvironment({ FOYER_PORT: '0', FOYER_DATA_DIR: dataDir, FOYER_LOG_LEVEL: 'warn', ...env }));
  return app;
};

describe('the demo', () => {
  it('has every platform connected to a channel, and says where the phones are', async () => {
    const { url } = await start();
    const text = written.join('');
    expect(text).toContain(`Phones           ${url}/simulators\n`);
    expect(text).not.toContain('could not use');
    expect((await fetch(`${url}/simulators`)).status).toBe(200);
    const { phones } = (await (await fetch(`${url}/simulators/phones.json`)).json()) as {
      phones: { key: string; connection: { state: string; webhook: string } }[];
    };
    expect(phones.map(({ connection }) => connection.state)).toEqual(phones.map(() => 'connected'));
    expect(phones.map(({ key }) => key)).toEqual([
      'wechat',
      'line',
      'whatsapp',
      'facebook',
      'instagram',
      'twitter',
      'rcs',
      'rcs-china-mobile',
    ]);
  });

  it('starts again on what it kept, with secrets made anew', async () => {
    await (await start()).stop(1_000);
    written = [];
    await start();
    expect(written.join('')).not.toContain('could not use');
  });

  it('does without phones where they cannot be reached by loopback, and says so', async () => {
    for (const host of ['192.168.1.5', 'fe80::1', 'foyer.example']) expect(loopbackOf(host)).toBeUndefined();
    for (const host of ['127.0.0.1', '127.0.0.2', '0.0.0.0', 'localhost']) expect(loopbackOf(host)).toMatch(/^127\./);
    expect(loopbackOf('::')).toBe('[::1]');
    expect(withChannels(undefined).channels?.map(({ type }) => type)).toEqual(['web']);
  });

  it('declares valid channels, with secrets of their own at every start', () => {
    const make = () => {
      const simulators = createSimulators({
        origin: 'http://127.0.0.1:8080',
        deliverTo: (channelId) => `http://127.0.0.1:8080/webhooks/${channelId}`,
      });
      return checkDeclared(withChannels(simulators), 'the demo');
    };
    const [first, second] = [make(), make()];
    expect(first.channels.length).toBe(9);
    for (const [index, { id, settings }] of first.channels.entries()) {
      if (id === 'demo-web') continue;
      expect(settings, id).toMatchObject({ apiBaseUrl: expect.stringContaining('http://127.0.0.1:8080/simulators/') });
      expect(settings, id).not.toEqual(second.channels[index]?.settings);
    }
  });
});
