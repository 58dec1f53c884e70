import { type ApiAnswer, ApiRefusal, type ApiRequest } from '../phone/api.ts';
import { isObject, jsonOf } from '../phone/checks.ts';
import { same } from '../phone/same.ts';
import { hex, token, type World } from '../phone/world.ts';
import { appSecretProof } from './signing.ts';

/** Credentials of one app and one account of it. */
export interface MetaApp {
  appId: string;
  appSecret: string;
  /** Told to Meta in the dashboard, asked for when the webhook is verified. */
  verifyToken: string;
  /** Page token or system user token: does not end by itself. */
  accessToken: string;
}

export interface GraphProblem {
  message: string;
  code: number;
  /** HTTP status; 400 unless said. */
  status?: number;
  type?: string;
  subcode?: number;
  /** `error_data.details`. */
  details?: string;
}

/** Refuse as the Graph API does. */
export function graphRefusal(world: World, problem: GraphProblem, product?: 'whatsapp'): ApiAnswer {
  const { message, code, status = 400, type = 'OAuthException', subcode, details } = problem;
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...(code === 190 ? authenticate : {}) },
    body: {
      error: {
        message,
        type,
        code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...(details === undefined
          ? {}
          : { error_data: product === undefined ? { details } : { messaging_product: product, details } }),
        fbtrace_id: `A${token(world, 16)}`,
      },
    },
  };
}

const authenticate = { 'www-authenticate': 'OAuth "Facebook Platform" "invalid_token"' };

/** What all calls of the Graph API have in common. */
export interface Graph {
  /** Throw a refusal. */
  refuse(problem: GraphProblem): never;
  /** Check version, token and proof. */
  authorize(request: ApiRequest): void;
  /** The body as an object, from JSON or a form. */
  body(request: ApiRequest): Record<string, unknown>;
}

export function createGraph(world: World, app: MetaApp, product?: 'whatsapp'): Graph {
  const refuse = (problem: GraphProblem): never => {
    throw new ApiRefusal(graphRefusal(world, problem, product));
  };
  return {
    refuse,
    authorize({ params, path, headers, query }) {
      if (!/^v\d{2}\.0$/.test(params.version ?? '')) {
        refuse({ message: `Unknown path components: ${path}`, code: 2500 });
      }
      const [, bearer] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
      const given = bearer ?? query.get('access_token') ?? undefined;
      if (given === undefined) {
        refuse({ message: 'An access token is required to request this resource.', code: 104, status: 401 });
      } else if (!same(given, app.accessToken)) {
        refuse(invalidToken);
      }
      const proof = query.get('appsecret_proof');
      if (proof !== null && !same(proof, appSecretProof(app.appSecret, app.accessToken))) {
        refuse({
          message: 'Invalid appsecret_proof provided in the API argument',
          type: 'GraphMethodException',
          code: 100,
        });
      }
    },
    body(request) {
      const type = request.headers['content-type'] ?? '';
      if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
        return Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
      }
      const body = /^application\/json\b/i.test(type) ? jsonOf(request.body) : undefined;
      if (isObject(body)) return body;
      return refuse({ message: '(#100) The request body is not valid JSON', code: 100 });
    },
  };
}

export const invalidToken: GraphProblem = {
  message: 'Invalid OAuth access token - Cannot parse access token',
  code: 190,
  status: 401,
};

export const expiredToken: GraphProblem = {
  message: 'Error validating access token: The session has been invalidated because the user changed their password.',
  code: 190,
  subcode: 460,
  status: 401,
};

export function createMetaApp(world: World, digitsOf: (count: number) => string): MetaApp {
  return {
    appId: digitsOf(16),
    appSecret: hex(world, 16),
    verifyToken: token(world, 18),
    accessToken: `EAA${token(world, 120).replaceAll('-', 'Z').replaceAll('_', 'D')}`,
  };
}
