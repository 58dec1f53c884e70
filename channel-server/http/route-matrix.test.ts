import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpHouse, httpHouse } from '../../test/support/http-house.ts';
import type { Delivery } from '../channels/delivery.ts';
import type { RouteAccess } from './guard.ts';

interface Sample {
  body?: Record<string, unknown>;
  /** An id of tenant two for the path; `null` where ids are each tenant's own choice. */
  foreign?: (house: Foreign) => string | null;
}
interface Foreign {
  session: string;
  media: string;
  delivery: string;
}

/** A valid body, and a foreign id, for every API route: a route that is not here fails the first test. */
const samples: Record<string, Sample> = {
  'POST /api/v1/tokens': { body: { login: 'one-ann', password: 'x' } },
  'POST /api/v1/tokens/refresh': { body: {} },
  'DELETE /api/v1/tokens/current': {},
  'GET /api/v1/me': {},
  'PUT /api/v1/me/password': { body: { current: 'x', next: 'y' } },
  'GET /api/v1/sessions': {},
  'GET /api/v1/sessions/:id': { foreign: (f) => f.session },
  'GET /api/v1/sessions/:id/activities': { foreign: (f) => f.session },
  'POST /api/v1/sessions/:id/activities': {
    foreign: (f) => f.session,
    body: { type: 'message', text: 'x', textFormat: 'plain', audience: 'all', clientId: 'x' },
  },
  'POST /api/v1/sessions/:id/preview': {
    foreign: (f) => f.session,
    body: { type: 'message', text: 'x', textFormat: 'plain', replyToId: 'x' },
  },
  'POST /api/v1/sessions/:id/accept': { foreign: (f) => f.session, body: {} },
  'POST /api/v1/sessions/:id/decline': { foreign: (f) => f.session, body: { reason: 'x' } },
  'POST /api/v1/sessions/:id/transfer': { foreign: (f) => f.session, body: { queue: 'sales', note: 'x' } },
  'POST /api/v1/sessions/:id/close': { foreign: (f) => f.session, body: { reason: 'resolved' } },
  'GET /api/v1/agents': {},
  'PUT /api/v1/agents/me/state': { body: { state: 'busy', reason: 'x' } },
  'GET /api/v1/queues': {},
  'GET /api/v1/queues/:id': { foreign: () => 'only-two' },
  'PUT /api/v1/queues/:id': {
    foreign: () => null,
    body: {
      name: 'x',
      type: 'multimedia',
      ringTime: 5000,
      graceTime: 0,
      picking: true,
      lastAgentWait: 0,
      wrapUpTime: 0,
    },
  },
  'DELETE /api/v1/queues/:id': { foreign: () => 'only-two' },
  'GET /api/v1/accounts': {},
  'GET /api/v1/accounts/:id': { foreign: () => 'acc_two_ann' },
  'POST /api/v1/accounts': {
    body: { login: 'x', name: 'x', role: 'agent', password: 'lanterns in a cupboard', capacity: 1 },
  },
  'PATCH /api/v1/accounts/:id': {
    foreign: () => 'acc_two_ann',
    body: { name: 'x', role: 'agent', capacity: 1, disabled: false },
  },
  'DELETE /api/v1/accounts/:id': { foreign: () => 'acc_two_ann' },
  'PUT /api/v1/accounts/:id/password': {
    foreign: () => 'acc_two_ann',
    body: { password: 'lanterns in a cupboard' },
  },
  'GET /api/v1/channel-types': {},
  'GET /api/v1/channels': {},
  'GET /api/v1/channels/:id': { foreign: () => 'two-web' },
  'PUT /api/v1/channels/:id': {
    foreign: () => 'two-web',
    body: { type: 'web', name: 'x', queue: 'support', enabled: true },
  },
  'POST /api/v1/channels/:id/test': { foreign: () => 'two-web' },
  'GET /api/v1/channels/:id/templates': { foreign: () => 'two-web' },
  'GET /api/v1/deliveries': {},
  'POST /api/v1/deliveries/:id/replay': { foreign: (f) => f.delivery, body: { confirm: true } },
  'GET /api/v1/media/:id': { foreign: (f) => f.media },
  'GET /api/openapi.json': {},
};

/** Uploads check their own tokens and answer tus; they have their own tests. */
const uploads = /^(POST|HEAD|PATCH|DELETE|OPTIONS) \/api\/v1\/media(\/:id)?$/;

let house: HttpHouse;
let routes: { name: string; method: string; url: string; access: RouteAccess }[];
const tokens: Record<string, string> = {};
const foreign: Foreign = { session: '', media: '', delivery: '' };

beforeAll(async () => {
  house = await httpHouse();
  routes = house.server.apiRoutes.flatMap(({ methods, url, access }) =>
    methods
      .map((method) => ({ name: `${method} ${url}`, method, url, access: access ?? 'public' }))
      .filter(({ name, method }) => !uploads.test(name) && method !== 'HEAD'),
  );
  for (const name of ['ann', 'sue', 'ada']) tokens[name] = await house.tokenOf(`one-${name}`);
  const theirs = await house.tokenOf('two-ada');
  foreign.session = (await house.visitorSays('two', 'vis_two', 'hello')).id;
  const made = await house.request('PUT', '/api/v1/queues/only-two', { token: theirs, body: { name: 'Two' } });
  expect(made.status).toBe(201);
  foreign.media = await upload(theirs);
  foreign.delivery = await deadLetter(foreign.session);
});
afterAll(() => house.stop());

/** A message of tenant two that its platform refused. */
async function deadLetter(sessionId: string): Promise<string> {
  const values: Delivery = {
    id: `${sessionId}.9`,
    tenantId: 'two',
    channelId: 'two-line',
    conversation: 'user:U1',
    sessionId,
    seq: 9,
    state: 'failed',
    settled: true,
    reason: { kind: 'refused', text: 'The platform refused it.' },
    failures: 1,
    failingSince: null,
    createdAt: Date.now(),
    replacedBy: null,
  };
  const result = await house.storage.unitOfWork.commit([{ kind: 'insert', record: 'delivery', values }]);
  expect(result.outcome).toBe('applied');
  return values.id;
}

async function upload(token: string): Promise<string> {
  const response = await fetch(`${house.url}/api/v1/media`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-length': '5',
      'upload-metadata': `filename ${btoa('a.txt')}`,
      'content-type': 'application/offset+octet-stream',
    },
    body: 'hello',
  });
  expect(response.status).toBe(201);
  return response.headers.get('location')?.split('/').pop() ?? '';
}

const fill = (url: string, id: string) => url.replace(':id', id);
/** A request as valid as it gets, by the person given. */
const ask = (
  route: { name: string; method: string; url: string },
  token: string | undefined,
  id: string,
  body?: unknown,
) =>
  house.request(route.method, fill(route.url, id), {
    token,
    ...(route.method === 'GET' ? {} : { body: body ?? samples[route.name]?.body }),
  });
const isProblem = (answer: { status: number; headers: Headers; json: { status?: number; code?: string } }) => {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.json).toMatchObject({ status: answer.status, code: expect.stringMatching(/^[A-Z_]+$/) });
};

describe('every API route', () => {
  it('is known to this test', () => {
    expect(routes.map(({ name }) => name).sort()).toEqual(Object.keys(samples).sort());
  });

  it('is described by OpenAPI', async () => {
    const { json } = await house.request('GET', '/api/openapi.json');
    const described = Object.entries(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path.replaceAll('{id}', ':id')}`),
    );
    const expected = Object.keys(samples).filter((name) => name !== 'GET /api/openapi.json');
    expect(described.filter((name) => !uploads.test(name)).sort()).toEqual(expected.sort());
  });

  it('answers 401 without a token, and with one that is none, before looking at anything else', async () => {
    for (const route of routes.filter(({ access }) => access !== 'public')) {
      for (const token of [undefined, 'nonsense', `${tokens.ann}x`]) {
        const answer = await ask(route, token, 'x', { nonsense: true });
        expect(answer.status, route.name).toBe(401);
        expect(answer.json.code, route.name).toBe('ACCESS_NOT_SIGNED_IN');
        isProblem(answer);
      }
      const visitor = await house.visitorToken('one', 'vis_1');
      if (route.access !== 'visitor') expect((await ask(route, visitor, 'x')).status, route.name).toBe(401);
    }
  });

  it('answers HEAD no more than GET', async () => {
    for (const route of routes.filter(({ method, access }) => method === 'GET' && access !== 'public')) {
      if (route.url === '/api/v1/media/:id') continue;
      const { status } = await house.request('HEAD', fill(route.url, 'x'));
      expect(status, route.name).toBe(401);
    }
  });

  it('for administrators answers 403 to agents and supervisors', async () => {
    const own = routes.filter(({ access }) => access === 'administrator');
    expect(own.length).toBeGreaterThan(8);
    for (const route of own) {
      for (const token of [tokens.ann, tokens.sue]) {
        const answer = await ask(route, token, 'x');
        expect(answer.status, route.name).toBe(403);
        expect(answer.json.code).toBe('ACCESS_DENIED');
        isProblem(answer);
      }
    }
  });

  it("answers 404 to another tenant's ids, unknown ids and ids that cannot be", async () => {
    for (const route of routes.filter(({ url }) => url.includes(':id'))) {
      const theirs = samples[route.name]?.foreign?.(foreign);
      expect(theirs, `${route.name} needs a foreign id`).not.toBeUndefined();
      if (theirs === null || theirs === undefined) continue;
      const asked = [
        theirs,
        ...(route.name === 'PUT /api/v1/channels/:id' ? [] : ['ses_nope', "x'--", '%00', 'a%2Fb']),
      ];
      for (const id of asked) {
        const answer = await ask(route, tokens.ada, id);
        expect(answer.status, `${route.name} ${id}`).toBe(404);
        isProblem(answer);
      }
    }
  });

  it('refuses unknown fields and objects or lists for scalars', async () => {
    for (const route of routes) {
      const { body } = samples[route.name] ?? {};
      if (body === undefined) continue;
      const id = 'support';
      const spoilt: unknown[] = [
        { ...body, tenantId: 'two' },
        { ...body, role2: 'administrator' },
        [body],
        'a string',
        7,
        ...Object.keys(body).flatMap((field) => [
          { ...body, [field]: { $ne: null } },
          { ...body, [field]: [body[field]] },
        ]),
      ];
      for (const wrong of spoilt) {
        const answer = await ask(route, tokens.ada, id, typeof wrong === 'string' ? JSON.stringify(wrong) : wrong);
        expect(answer.status, `${route.name} ${JSON.stringify(wrong)}`).toBe(400);
        expect(answer.json.code).toBe('REQUEST_INVALID');
        isProblem(answer);
      }
    }
  });

  it('refuses unknown, repeated and nested query parameters', async () => {
    for (const query of [
      'x=1',
      'limit=1&limit=2',
      'limit[$gt]=1',
      'limit=',
      'limit=1e9',
      'cursor[]=a',
      'state=open,nope',
    ]) {
      const answer = await house.request('GET', `/api/v1/sessions?${query}`, { token: tokens.ada });
      expect(answer.status, query).toBe(400);
      isProblem(answer);
    }
  });

  it('answers 405 with what it allows to other methods', async () => {
    for (const url of new Set(routes.map((route) => route.url))) {
      const answer = await house.request('PROPFIND', fill(url, 'x'), { token: tokens.ada });
      expect(answer.status, url).toBe(405);
      expect(answer.headers.get('allow')).toContain(routes.find((route) => route.url === url)?.method);
      isProblem(answer);
    }
  });

  it('forbids shared caches to keep its answers', async () => {
    for (const route of routes.filter(({ method, access }) => method === 'GET' && access !== 'public')) {
      const answer = await ask(route, tokens.ada, 'x');
      expect(answer.headers.get('cache-control'), route.name).toMatch(/no-store/);
    }
  });
});

describe("another tenant's ids", () => {
  it('in bodies are answered as not found', async () => {
    const session = await house.visitorSays('one', 'vis_body', 'hello');
    const at = `/api/v1/sessions/${session.id}`;
    const token = tokens.ada;
    for (const [method, path, body] of [
      ['POST', `${at}/transfer`, { queue: 'only-two' }],
      ['POST', '/api/v1/accounts', { ...samples['POST /api/v1/accounts']?.body, queues: ['only-two'] }],
      ['PATCH', '/api/v1/accounts/acc_one_ann', { queues: ['only-two'] }],
      ['PUT', '/api/v1/channels/new', { type: 'web', name: 'x', queue: 'only-two' }],
    ] as const) {
      const answer = await house.request(method, path, { token, body });
      expect(answer.status, `${method} ${path}`).toBe(404);
    }
    const active = await house.assign(session, 'one-ann');
    const toStranger = { token, body: { agent: 'acc_two_ann' } };
    expect((await house.request('POST', `/api/v1/sessions/${active.id}/transfer`, toStranger)).status).toBe(404);
    const withMedia = { token: tokens.ann, body: { attachments: [{ contentUrl: `media:${foreign.media}` }] } };
    expect((await house.request('POST', `${at}/activities`, withMedia)).status).toBe(404);
  });

  it('in queries and cursors find nothing', async () => {
    const token = tokens.ada;
    for (const query of ['channel=two-web', `customer=cus_of_two`]) {
      expect((await house.request('GET', `/api/v1/sessions?${query}`, { token })).json.items).toEqual([]);
    }
    const { json } = await house.request('GET', `/api/v1/sessions?cursor=${foreign.session}`, { token });
    expect(json.items.every((one: { channel: { id: string } }) => one.channel.id === 'one-web')).toBe(true);
  });
});
