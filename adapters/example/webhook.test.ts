import { describe, expect, it } from 'vitest';
import { hmac } from '../kit/index.ts';
import { verify } from './webhook.ts';

const secret = 'correct horse battery staple 0123456789';
const now = 1_790_000_000_000;

function judge(time: string, body = '{"events":[]}', signed = `${time}.${body}`) {
  const headers = {
    'foyer-timestamp': time,
    'foyer-signature': `sha256=${hmac('sha256', secret, signed, 'hex')}`,
  };
  const settings = { address: 'https://chat.example/foyer', secret };
  const request = { method: 'POST', path: '', query: new URLSearchParams(), headers, body: Buffer.from(body) };
  return verify(request, settings, now);
}

describe('a signed request', () => {
  it('is good for five minutes, and as long before its time', () => {
    expect(judge(String(now - 300_000))).toMatchObject({ kind: 'delivery', payload: { events: [] } });
    expect(judge(String(now + 300_000))).toMatchObject({ kind: 'delivery' });
    expect(judge(String(now - 300_001))).toMatchObject({ kind: 'refused', status: 401 });
    expect(judge(String(now + 300_001))).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('signs its time: another time in the header does not fit', () => {
    expect(judge(String(now), '{}', `${now - 1}.{}`)).toMatchObject({ reason: 'the signature does not fit the body' });
    expect(judge('soon')).toMatchObject({ kind: 'refused', reason: expect.stringContaining('timestamp') });
  });

  it('whose body is no JSON is refused as such', () => {
    expect(judge(String(now), '{"events":')).toMatchObject({ kind: 'refused', status: 400 });
  });
});
