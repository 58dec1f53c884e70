import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { requireSameOrigin } from './same-origin.ts';

const asked = (host: string, origin: string | undefined, publicUrl?: string) => () =>
  requireSameOrigin({ host, headers: origin === undefined ? {} : { origin } } as FastifyRequest, publicUrl);

describe('a page that signs in', () => {
  it('is one of this server, by the name it was asked for', () => {
    for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080', '192.168.1.7:8080', 'foyer.localhost']) {
      expect(asked(host, `http://${host}`), host).not.toThrow();
    }
    expect(asked('chat.example', 'https://chat.example', 'https://chat.example')).not.toThrow();
    expect(asked('127.0.0.1:8080', 'https://chat.example', 'https://chat.example')).not.toThrow();
    expect(asked('127.0.0.1:8080', undefined)).not.toThrow();
  });

  it('is not one of another site', () => {
    expect(asked('127.0.0.1:8080', 'http://evil.example')).toThrow('another site');
    expect(asked('127.0.0.1:8080', 'http://127.0.0.1:9090')).toThrow('another site');
    expect(asked('chat.example', 'https://chat.example.evil.example', 'https://chat.example')).toThrow('another site');
  });

  it('is not a site whose name was pointed at this machine', () => {
    for (const host of ['evil.example:8080', 'localhost.evil.example:8080', '127.0.0.1.evil.example']) {
      expect(asked(host, `http://${host}`), host).toThrow('FOYER_PUBLIC_URL');
    }
    expect(asked('evil.example', 'http://evil.example', 'https://chat.example')).toThrow('another site');
  });
});
