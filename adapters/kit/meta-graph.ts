import type { AdapterHost, HostFetchOptions } from '../contract/index.ts';
import { type ApiAnswer, callApi } from './api.ts';
import { appUsageOf, type GraphMeanings, graphFailureOf } from './meta-errors.ts';
import { hmac } from './signature.ts';

export const graphOrigin = 'https://graph.facebook.com';

/** One request to the Graph API, without credentials. */
export interface GraphRequest extends Pick<HostFetchOptions, 'headers' | 'timeout' | 'maxBytes' | 'signal'> {
  method: 'GET' | 'POST' | 'DELETE';
  /** With the version and, where there is one, the query: `/v25.0/102/messages`. */
  path: string;
  /** JSON text, unless the headers say otherwise. */
  body?: NonNullable<HostFetchOptions['body']>;
}

/** Calls the Graph API with a channel's token. Rejects with SendFailure, by Meta's code and subcode. */
export interface Graph {
  /** `attempt` counts from 1, for errors that mean something else when they stay. */
  call(request: GraphRequest, attempt?: number): Promise<ApiAnswer>;
}

/** From this percentage of the app's hourly calls on, calls are made one second later. Meta refuses all at 100. */
const nearlyUsed = 90;

/**
 * The token goes in the header, never in an address. `appsecret_proof` (HMAC-SHA256 of the token under the app's
 * secret) shows Meta that a stolen token is used by its app; it is worth nothing without the token.
 * Source: developers.facebook.com, Securing Graph API requests.
 */
export function createGraph(
  host: Pick<AdapterHost, 'fetch' | 'clock'>,
  { accessToken, appSecret }: { accessToken: string; appSecret: string },
  meanings?: GraphMeanings,
): Graph {
  const proof = hmac('sha256', appSecret, accessToken, 'hex');
  let usage = 0;
  return {
    async call({ path, ...request }, attempt = 1) {
      if (usage >= nearlyUsed) await new Promise<void>((resolve) => host.clock.after(1_000, resolve));
      const url = `${graphOrigin}${path}${path.includes('?') ? '&' : '?'}appsecret_proof=${proof}`;
      const headers = {
        authorization: `Bearer ${accessToken}`,
        ...(typeof request.body === 'string' ? { 'content-type': 'application/json' } : {}),
        ...request.headers,
      };
      return callApi(host.fetch, { ...request, url, headers, redirect: 'refuse' }, (answer) => {
        usage = appUsageOf(answer.headers);
        return graphFailureOf(answer, host.clock.now(), meanings, attempt);
      });
    },
  };
}
