import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeChannel } from './make-channel.ts';
import { namesOf } from './names.ts';

const project = resolve(import.meta.dirname, '../..');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'foyer-channel-'));
  const needed = [
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
    'adapters/contract',
    'adapters/kit',
    'adapters/example',
    'adapters/index.ts',
    'test/contracts/adapter',
    'test/imports/rules.ts',
    'test/support',
    'test/tsconfig.json',
  ];
  for (const path of needed) await cp(join(project, path), join(root, path), { recursive: true });
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'), 'dir');
});

afterEach(() => rm(root, { recursive: true, force: true }));

const read = (path: string) => readFile(join(root, path), 'utf8');
const run = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(join(project, 'node_modules/.bin', command), args, {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
};

describe('a new channel', () => {
  it('is of the types, keeps the contract and passes its tests as it is made', { timeout: 120_000 }, async () => {
    const files = await makeChannel(root, 'my-app2');
    expect(files).toEqual(
      expect.arrayContaining([
        'adapters/my-app2/index.ts',
        'adapters/my-app2/fixtures/events.ts',
        'adapters/my-app2/client.test.ts',
        'test/contracts/adapter/my-app2.test.ts',
        'docs/channels/my-app2.md',
      ]),
    );
    const index = await read('adapters/my-app2/index.ts');
    expect(index).toContain(
      "export const myApp2 = defineAdapter<MyApp2Settings>({\n  type: 'my-app2',\n  title: 'My App2',",
    );
    for (const file of files.filter((one) => one.includes('my-app2'))) {
      expect(await read(file), file).not.toMatch(/WebhookSettings|'webhook:|adapters\/example\//);
    }

    const tests = run(
      'vitest',
      'run',
      '--reporter',
      'dot',
      'adapters/my-app2',
      'test/contracts/adapter/my-app2.test.ts',
    );
    expect(tests.output).toMatch(/passed/);
    expect(tests.status, tests.output).toBe(0);
    const options = ['--allowImportingTsExtensions', '--noEmit', '--skipLibCheck', '--strict', '--target', 'es2025'];
    const nodes = ['--module', 'nodenext', '--types', 'node', '--ignoreConfig'];
    const types = run(
      'tsc',
      ...options,
      ...nodes,
      'adapters/my-app2/index.ts',
      'test/contracts/adapter/my-app2.test.ts',
    );
    expect(types, types.output).toMatchObject({ status: 0 });
  });

  it('has a line in the registry, in order, and a place in the import rules', async () => {
    await makeChannel(root, 'kiosk');
    const lines = (await read('adapters/index.ts')).split('\n').filter((line) => line.startsWith('export'));
    expect(lines).toContain("export { kiosk } from './kiosk/index.ts';");
    const types = lines.map((line) => line.split('/')[1] ?? '');
    expect(types).toEqual([...types].sort());
    const { allowed } = (await import(join(root, 'test/imports/rules.ts'))) as { allowed: Record<string, string[]> };
    expect(allowed['adapters/kiosk']).toEqual(allowed['adapters/example']);
  });

  it('does not take the place of one that is there, nor leave half of itself', async () => {
    await makeChannel(root, 'kiosk');
    const before = await read('adapters/index.ts');
    await expect(makeChannel(root, 'kiosk')).rejects.toThrow('adapters/kiosk/');
    expect(await read('adapters/index.ts')).toBe(before);
    await rm(join(root, 'adapters/kiosk'), { recursive: true });
    await expect(makeChannel(root, 'kiosk')).rejects.toThrow('test/contracts/adapter/kiosk.test.ts');
    await expect(read('adapters/kiosk/index.ts')).rejects.toThrow(/ENOENT/);
  });
});

describe('the name of a channel', () => {
  it('becomes names in code', () => {
    expect(namesOf('my-app')).toEqual({ type: 'my-app', constant: 'myApp', pascal: 'MyApp', title: 'My App' });
    expect(namesOf('new').constant).toBe('newChannel');
    expect(namesOf('a--b-').constant).toBe('aB');
  });

  it.each([undefined, '', 'Kiosk', '1kiosk', 'my_app', '../evil', 'kit', 'example', 'x'.repeat(41)])(
    'cannot be %j, and says why',
    (name) => {
      expect(() => namesOf(name)).toThrow(/npm run new:channel NAME|cannot be a channel type|choose another/);
    },
  );
});
