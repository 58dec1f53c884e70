import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';

const refusal = (env: NodeJS.ProcessEnv): string => {
  try {
    readEnvironment(env);
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

describe('the environment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({ PATH: '/bin' })).toEqual({
      port: 8080,
      host: '127.0.0.1',
      dataDir: './data',
      configFile: undefined,
      databaseUrl: undefined,
      publicUrl: undefined,
      mediaUrl: undefined,
      secretKey: undefined,
      logLevel: 'info',
      trustedProxies: [],
      unknown: [],
    });
  });

  it('takes empty values for absent ones, and logs less where a person looks on', () => {
    expect(readEnvironment({ FOYER_PORT: '', FOYER_CONFIG: '' })).toMatchObject({ port: 8080, configFile: undefined });
    expect(readEnvironment({}, true).logLevel).toBe('warn');
    expect(readEnvironment({ FOYER_LOG_LEVEL: 'debug' }, true).logLevel).toBe('debug');
  });

  it('reads what is given', () => {
    expect(
      readEnvironment({
        FOYER_PORT: '0',
        FOYER_HOST: '::1',
        FOYER_PUBLIC_URL: 'https://chat.example/',
        FOYER_DATABASE_URL: 'postgresql://foyer@/foyer?host=/run/postgresql',
        FOYER_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1,',
      }),
    ).toMatchObject({
      port: 0,
      host: '::1',
      publicUrl: 'https://chat.example',
      databaseUrl: 'postgresql://foyer@/foyer?host=/run/postgresql',
      trustedProxies: ['10.0.0.0/8', '127.0.0.1'],
    });
  });

  it('names what it does not know, whatever it is called', () => {
    expect(readEnvironment({ FOYER_PROT: '1', FOYER___proto__: '1', FOYER_constructor: '1' }).unknown).toEqual([
      'FOYER_PROT',
      'FOYER___proto__',
      'FOYER_constructor',
    ]);
  });

  it.each([
    ['FOYER_PORT', 'eighty'],
    ['FOYER_PORT', '65536'],
    ['FOYER_PORT', '1e3'],
    ['FOYER_PORT', '-1'],
    ['FOYER_PORT', '80.5'],
    ['FOYER_HOST', 'http://localhost:80'],
    ['FOYER_HOST', 'two words'],
    ['FOYER_PUBLIC_URL', 'www.shop.test'],
    ['FOYER_MEDIA_URL', 'ftp://media.example'],
    ['FOYER_DATABASE_URL', 'mysql://secret@db/foyer'],
    ['FOYER_SECRET_KEY', 'short-secret'],
    ['FOYER_LOG_LEVEL', 'loud'],
    ['FOYER_TRUSTED_PROXIES', '10.0.0.0/8, my-proxy'],
    ['FOYER_REDIS_URL', 'redis://secret@cache'],
    ['FOYER_S3_URL', 's3://secret'],
  ])('refuses %s=%s in one line that names the variable and never its value', (name, value) => {
    const line = refusal({ [name]: value });
    expect(line).toMatch(new RegExp(`^${name} .*(Correct or unset it|Unset it to start)\\.$`));
    expect(line).not.toContain('\n');
    expect(line).not.toContain(value);
  });
});
