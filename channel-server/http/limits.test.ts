import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpHouse, httpHouse } from '../../test/support/http-house.ts';

let house: HttpHouse;
beforeAll(async () => {
  house = await httpHouse({
    publicUrl: 'https://chat.example',
    trustedProxies: ['127.0.0.1'],
    limits: { requestsPerMinute: 30, tokensPerMinute: 5 },
  });
});
afterAll(() => house.stop());

const from = (address: string) => ({ 'x-forwarded-for': address, 'x-forwarded-proto': 'https' });

describe('requests behind a trusted proxy', () => {
  it('are counted by the address it names, and refused as problem+json', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) {
      const answer = await house.request('GET', '/api/v1/me', { headers: from('192.0.2.1') });
      statuses.push(answer.status);
      if (answer.status !== 429) continue;
      expect(answer.json).toMatchObject({ status: 429, code: 'ACCESS_THROTTLED' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    expect((await house.request('GET', '/api/v1/me', { headers: from('192.0.2.2') })).status).toBe(401);
    expect((await house.request('GET', '/healthz', { headers: from('192.0.2.1') })).status).toBe(200);
  });

  it('for tokens are counted more strictly', async () => {
    const body = { login: 'nobody', password: 'x' };
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) {
      statuses.push((await house.request('POST', '/api/v1/tokens', { body, headers: from('192.0.2.3') })).status);
    }
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
  });

  it('get a cookie for TLS only, and may come from the public address', async () => {
    const body = { login: 'one-ann', password: 'correct horse battery staple' };
    const headers = { ...from('192.0.2.4'), origin: 'https://chat.example' };
    const answer = await house.request('POST', '/api/v1/tokens', { body, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toContain('Secure');
    expect(answer.headers.get('strict-transport-security')).toContain('max-age');
  });
});

it('from an untrusted hop cannot name another address', async () => {
  const plain = await httpHouse({ limits: { requestsPerMinute: 5 } });
  const statuses: number[] = [];
  for (let i = 0; i < 8; i++) {
    const headers = { 'x-forwarded-for': `192.0.2.${i}`, forwarded: `for=192.0.2.${i}` };
    statuses.push((await plain.request('GET', '/api/v1/me', { headers })).status);
  }
  expect(statuses.slice(5)).toEqual([429, 429, 429]);
  await plain.stop();
});
