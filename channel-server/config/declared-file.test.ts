// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the declared file's own form of a variable.
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDeclared, readDeclaredFile } from './declared-file.ts';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-declared-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const read = async (text: string | Buffer, env: NodeJS.ProcessEnv = {}) => {
  const file = join(folder, `declared-${++count}.yaml`);
  await writeFile(file, text);
  return readDeclaredFile(file, env);
};
/** What a refusal says after the file's name. */
const refusal = async (text: string | Buffer, env: NodeJS.ProcessEnv = {}): Promise<string> => {
  const found = await read(text, env).then(
    () => new Error('nothing was refused'),
    (error: Error) => error,
  );
  expect(found).toMatchObject({ code: 'CONFIG_INVALID' });
  expect(found.message).not.toContain('\n');
  expect(found.message).toMatch(/^\S*declared-\d+\.yaml(: | is )/);
  expect(found.message.length).toBeLessThan(400);
  return found.message.replace(/^\S*declared-\d+\.yaml(: | is )/, '');
};

const whole = `
tenants: [{ id: default, name: Example }]
queues: [{ id: support, name: Support }]
accounts:
  - { login: ann, password: "\${ANN}", role: agent, name: Ann, skills: { billing: 3 }, queues: [support] }
channels:
  - { id: shop, type: web, name: Shop, queue: support,
      settings: { allowedOrigins: ["https://\${HOST}.example:8443", "https://b.example"], identity: { hs256Secret: "\${KEY}" } } }
`;
const env = { ANN: 'a password: with # signs', HOST: 'shop', KEY: 'k'.repeat(40) };

describe('a declared file', () => {
  it('is YAML or JSON, with values of the environment anywhere in its texts', async () => {
    const declared = await read(whole, env);
    expect(declared.accounts[0]).toMatchObject({ login: 'ann', password: env.ANN, capacity: 0, tenant: 'default' });
    expect(declared.channels[0]?.settings).toEqual({
      allowedOrigins: ['https://shop.example:8443', 'https://b.example'],
      identity: { hs256Secret: env.KEY },
    });
    const { source: _, ...content } = declared;
    expect(await read(JSON.stringify(content), {})).toMatchObject(content);
  });

  it('may be a pipe, may begin with a byte order mark, and may be empty', async () => {
    expect((await read('\uFEFFtenants: [{id: a, name: A}]')).tenants[0]?.id).toBe('a');
    expect((await read('')).tenants).toEqual([expect.objectContaining({ id: 'default' })]);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reading = readDeclaredFile(pipe, {});
    await writeFile(pipe, 'queues: [{id: q, name: Q}]');
    expect((await reading).queues[0]?.id).toBe('q');
  });

  it('takes "$${" for "${" itself', async () => {
    const declared = await read('tenants: [{id: a, name: "costs $5 $${HOME} $$ $x"}]');
    expect(declared.tenants[0]?.name).toBe('costs $5 ${HOME} $$ $x');
  });

  it.each([
    [
      'an environment that lacks a name',
      'tenants: [{id: a, name: "${NOPE}"}]',
      'tenants[0].name: the environment has no NOPE',
    ],
    ['a name every object has', 'tenants: [{id: a, name: "${constructor}"}]', 'the environment has no constructor'],
    ['a name that is none', 'tenants: [{id: a, name: "${my-name}"}]', 'tenants[0].name: "${" begins the name'],
    ['a name without an end', 'tenants: [{id: a, name: "${NAME"}]', 'tenants[0].name: "${" begins the name'],
    ['a list', '[1, 2]', 'the file: must be a mapping'],
    ['a text', 'hello', 'the file: must be a mapping'],
    ['an unknown part', 'queue: []', 'the file: there is no setting "queue" here; is it misspelt?'],
    ['an unknown setting', 'queues: [{id: q, name: Q, ring: 3}]', 'queues[0]: there is no setting "ring" here'],
    ['something missing', 'queues: [{id: q}]', 'queues[0].name: is missing'],
    [
      'a number for a text',
      'accounts: [{login: a, password: 12345678, role: agent, name: A}]',
      'accounts[0].password: must be text; put it in quotes',
    ],
    [
      'an unknown role',
      'accounts: [{login: a, password: p, role: boss, name: A}]',
      'accounts[0].role: must be one of administrator, supervisor, agent',
    ],
    ['an unknown kind of queue', 'queues: [{id: q, name: Q, type: fax}]', 'queues[0].type: must be one of '],
    ['an id with odd characters', 'queues: [{id: "a b", name: Q}]', 'queues[0].id: use 1–64 letters'],
    [
      'a skill beyond its levels',
      'queues: [{id: q, name: Q, skills: {a: 9}}]',
      'queues[0].skills.a: must be at most 5',
    ],
    [
      'a ring time below none',
      'queues: [{id: q, name: Q, ringSeconds: -1}]',
      'queues[0].ringSeconds: must be at least 0',
    ],
    ['no tenant at all', 'tenants: []', 'tenants: needs at least 1'],
    [
      'a tenant that is not there',
      'tenants: [{id: a, name: A}]\nqueues: [{id: q, name: Q}]',
      'queues[0].tenant: there is no tenant "default"; declare it',
    ],
    [
      'a queue that is not there',
      'channels: [{id: c, type: web, name: C, queue: q}]',
      'channels[0].queue: there is no queue "q" in tenant "default"; declare it',
    ],
    [
      'a queue of another tenant',
      'tenants: [{id: a, name: A}, {id: b, name: B}]\nqueues: [{tenant: a, id: q, name: Q}]\naccounts: [{tenant: b, login: x, password: p, role: agent, name: X, queues: [q]}]',
      'accounts[0].queues[0]: there is no queue "q" in tenant "b"',
    ],
    [
      'a queue with a name every object has',
      'channels: [{id: c, type: web, name: C, queue: constructor}]',
      'there is no queue "constructor"',
    ],
    [
      'a queue twice',
      'queues: [{id: q, name: Q}, {id: q, name: R}]',
      'queues[1].id: "default/q" is declared twice; keep one',
    ],
    [
      'a login twice, in other letters',
      'accounts: [{login: Ann, password: p, role: agent, name: A}, {login: ann, password: p, role: agent, name: B}]',
      'accounts[1].login: "ann" is declared twice',
    ],
    [
      'a channel twice, in two tenants',
      'tenants: [{id: a, name: A}, {id: b, name: B}]\nqueues: [{tenant: a, id: q, name: Q}, {tenant: b, id: q, name: Q}]\nchannels: [{tenant: a, id: c, type: web, name: C, queue: q}, {tenant: b, id: c, type: web, name: C, queue: q}]',
      'channels[1].id: "c" is declared twice',
    ],
    [
      '"__proto__" as a skill',
      'queues: [{id: q, name: Q, skills: {__proto__: 3}}]',
      'queues[0].skills: nothing can be named "__proto__"',
    ],
    ['"__proto__" in JSON', '{"__proto__": {"tenants": []}}', 'the file: nothing can be named "__proto__"'],
    ['broken YAML', 'tenants: [{', 'not valid YAML or JSON: the indentation is not right'],
    [
      'broken JSON',
      '{"tenants": [{"id": "a" "name": "A"}]}',
      'not valid YAML or JSON: something stands where it cannot; put text with special characters in quotes (line 1)',
    ],
    [
      'one name twice in a mapping',
      'tenants: []\ntenants: []',
      'not valid YAML or JSON: a name stands twice in one mapping (line 2)',
    ],
    ['two documents', 'a: 1\n---\nb: 2', 'not valid YAML or JSON: it holds several documents'],
    ['a tag', 'tenants: !!python/object {}', 'not valid YAML or JSON: tags'],
    ['an unquoted secret with a star', 'password: *hunter2', 'not valid YAML or JSON: an alias names no anchor'],
    ['a loop', 'tenants: &a [*a]', 'it is nested too deeply'],
    ['bytes that are no text', Buffer.from([0x74, 0x3a, 0xff, 0xfe]), 'not text in UTF-8'],
  ])('refuses %s, naming the place and what to do', async (_what, text, expected) => {
    const said = await refusal(text);
    expect(said).toContain(expected);
    expect(said).not.toContain('hunter2');
  });

  it('never shows a value it refuses', async () => {
    for (const text of [
      'accounts: [{login: a, password: [hunter2], role: agent, name: A}]',
      'accounts: [{login: a, password: p, role: hunter2, name: A}]',
      'queues: [{id: "hun ter hunter2", name: Q}]',
      'accounts:\n  - password: "hunter2\n    role: x',
      'accounts: {password: hunter2',
      'password: hunter2: hunter2',
      'password: @hunter2',
      'password: `hunter2`',
      '\tpassword: hunter2',
    ]) {
      expect(await refusal(text), text).not.toContain('hunter2');
    }
  });

  it('refuses what is huge, deep or multiplies itself, and quickly', async () => {
    const letters = 'abcdefghij';
    const bomb = [...letters].map(
      (letter, n) => `${letter}: &${letter} [${n === 0 ? 'x' : Array(9).fill(`*${letters[n - 1]}`)}]`,
    );
    const hostile: [string, string][] = [
      [bomb.join('\n'), 'too many aliases'],
      ['['.repeat(100_000), 'nested too deeply'],
      [Array.from({ length: 1_500 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), 'nested too deeply'],
      [`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`, 'nested too deeply'],
      [`tenants: "${'x'.repeat(2_100_000)}"`, 'larger than 2 MB'],
    ];
    for (const [text, expected] of hostile) {
      const from = performance.now();
      expect(await refusal(text)).toContain(expected);
      expect(performance.now() - from).toBeLessThan(3_000);
    }
  });

  it('refuses a path that cannot be read, saying why', async () => {
    const missing = join(folder, 'no-such-file.yaml');
    await expect(readDeclaredFile(missing, {})).rejects.toThrow(
      `FOYER_CONFIG names ${missing}, which cannot be read (ENOENT)`,
    );
    await expect(readDeclaredFile(folder, {})).rejects.toThrow('cannot be read (EISDIR)');
    await expect(readDeclaredFile('/dev/zero', {})).rejects.toThrow('larger than 2 MB');
    if (process.getuid?.() === 0) return;
    const locked = join(folder, 'locked.yaml');
    await writeFile(locked, '');
    await chmod(locked, 0);
    await expect(readDeclaredFile(locked, {})).rejects.toThrow('cannot be read (EACCES)');
  });

  it('reads a company of 3,000 accounts in no time worth mentioning', async () => {
    const accounts = Array.from(
      { length: 3_000 },
      (_, n) => `  - {login: user${n}, password: "${'p'.repeat(40)}", role: agent, name: U${n}}`,
    );
    const from = performance.now();
    expect((await read(`accounts:\n${accounts.join('\n')}`)).accounts).toHaveLength(3_000);
    expect(performance.now() - from).toBeLessThan(3_000);
  });

  it('names the source when data is checked that stands in no file', () => {
    expect(() => checkDeclared({ queues: 3 }, 'the demo')).toThrow('the demo: queues: must be a list.');
  });
});
