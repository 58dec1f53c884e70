import {
  type FetchedFile,
  FetchFailure,
  type HostFetch,
  type HostFetchOptions,
  type HostResponse,
  MediaFailure,
} from '../contract/index.ts';
import { retryAfterOf } from './api.ts';

/** Larger files are refused whatever the platform would give: bytes. */
export const largestFile = 200_000_000;

/**
 * A customer's file from a platform's address. Rejects with MediaFailure: 404 and 410 are `gone`; 429, 5xx and no
 * answer `later`; everything else `refused`; what `judge` makes of an answer comes first. `now`: ms since the epoch.
 */
export async function fetchFile(
  fetch: HostFetch,
  url: string,
  now: number,
  options: HostFetchOptions = {},
  judge?: (response: HostResponse) => Error | undefined,
): Promise<FetchedFile> {
  let response: HostResponse;
  try {
    response = await fetch(url, { timeout: 60_000, maxBytes: largestFile, ...options });
  } catch (error) {
    throw mediaFailureOf(error);
  }
  const judged = judge?.(response);
  if (judged !== undefined) throw judged;
  const { status, headers } = response;
  if (response.ok) {
    const file: FetchedFile = { stream: response.stream() };
    const contentType = headers['content-type']?.split(';')[0]?.trim();
    if (contentType !== undefined && contentType !== '') file.contentType = contentType;
    return file;
  }
  const words = `The platform answered ${status} for a file.`;
  if (status === 404 || status === 410) throw new MediaFailure('gone', words);
  if (status === 429 || status >= 500 || status === 408) {
    const after = retryAfterOf(headers, now);
    throw new MediaFailure('later', words, after === undefined ? {} : { after });
  }
  throw new MediaFailure('refused', words);
}

/** No answer as a MediaFailure; errors of another kind stay what they are. */
export function mediaFailureOf(error: unknown): unknown {
  if (!(error instanceof FetchFailure)) return error;
  const later = error.kind === 'not-sent' || error.kind === 'no-answer';
  return new MediaFailure(later ? 'later' : 'refused', error.message, { cause: error });
}
