import { spawn } from 'node:child_process';
import { lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findBrowser } from './browser.ts';
import { clearStaleLocks, profileFolder, touchOwner } from './profile.ts';

const now = Date.UTC(2026, 10, 21, 9, 0, 0);
let folder: string;
let profile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-whatsapp-'));
  profile = profileFolder(folder, 'x1');
  await mkdir(profile, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The links Chromium makes; the first two point nowhere after a crash. */
async function locks(owner: string): Promise<void> {
  await symlink(owner, join(profile, 'SingletonLock'));
  await symlink('/tmp/org.chromium.gone/SingletonSocket', join(profile, 'SingletonSocket'));
  await symlink('1234567890', join(profile, 'SingletonCookie'));
  await writeFile(join(profile, 'Preferences'), '{}');
}

const left = async () => {
  const found: string[] = [];
  for (const name of ['SingletonLock', 'SingletonSocket', 'SingletonCookie', 'Preferences']) {
    await lstat(join(profile, name)).then(
      () => found.push(name),
      () => {},
    );
  }
  return found;
};

/** A process that has ended, so that its number is nobody's. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}

it('a profile nobody marked is free', async () => {
  expect(await clearStaleLocks(profile, folder, now)).toBeUndefined();
});

it('marks of a process that has ended are taken away, and nothing else', async () => {
  await locks(`${hostname()}-${await endedProcess()}`);
  expect(await clearStaleLocks(profile, folder, now)).toBeUndefined();
  expect(await left()).toEqual(['Preferences']);
});

it('marks of a browser that lives stay, and it is named', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', `--user-data-dir=${profile}`]);
  try {
    await locks(`${hostname()}-${child.pid}`);
    expect(await clearStaleLocks(profile, folder, now)).toMatch(new RegExp(`process ${child.pid}`));
    expect(await left()).toHaveLength(4);
  } finally {
    child.kill('SIGKILL');
  }
});

it('a number that another program has by now marks nothing', async () => {
  await locks(`${hostname()}-${process.pid}`);
  expect(await clearStaleLocks(profile, folder, now)).toBeUndefined();
  expect(await left()).toEqual(['Preferences']);
});

it('marks of another machine stay while it gives signs of life', async () => {
  await locks('other-host-17');
  await touchOwner(folder, now - 60_000);
  expect(await clearStaleLocks(profile, folder, now)).toMatch(/other-host/);
  expect(await left()).toHaveLength(4);
});

it.each([
  ['it gives none any more', now - 120_000],
  ['it never gave one', undefined],
])('marks of another machine are taken away when %s, as after a container was made anew', async (_when, touched) => {
  await locks('4f2a7c-container-17');
  if (touched !== undefined) await touchOwner(folder, touched);
  expect(await clearStaleLocks(profile, folder, now)).toBeUndefined();
  expect(await left()).toEqual(['Preferences']);
});

it('the browser set is taken or none; without one the first that can be run', async () => {
  const text = join(folder, 'text');
  await writeFile(text, 'no program');
  expect(await findBrowser(undefined, ['/nowhere/chromium', text, process.execPath])).toBe(process.execPath);
  expect(await findBrowser(undefined, ['/nowhere/chromium'])).toBeUndefined();
  expect(await findBrowser('/nowhere/chromium', [process.execPath])).toBeUndefined();
  expect(await findBrowser(process.execPath, [])).toBe(process.execPath);
});
