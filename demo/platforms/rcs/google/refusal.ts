import { type ApiAnswer, ApiRefusal } from '../../phone/api.ts';
import type { Problem } from '../../phone/checks.ts';

const statuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** Refuse as Google's APIs do. Source: Google Cloud APIs, "Errors". */
export function refused(code: number, message: string, problems: readonly Problem[] = []): ApiAnswer {
  const details =
    problems.length === 0
      ? {}
      : {
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.BadRequest',
              fieldViolations: problems.map(({ property, message: description }) => ({ field: property, description })),
            },
          ],
        };
  return { status: code, body: { error: { code, message, status: statuses[code] ?? 'UNKNOWN', ...details } } };
}

export const unauthenticated: ApiAnswer = {
  ...refused(
    401,
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  ),
  headers: {
    'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
  },
};

/** @throws ApiRefusal always: the first problem stands in the message, all of them in the details. */
export function refuse(code: number, message: string, problems: readonly Problem[] = []): never {
  throw new ApiRefusal(refused(code, message, problems));
}
