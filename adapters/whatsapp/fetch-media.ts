import { type AdapterHost, type FetchedFile, MediaFailure, SendFailure } from '../contract/index.ts';
import { asRecord, asString } from '../kit/inbound.ts';
import { fetchFile } from '../kit/media.ts';
import type { Graph } from '../kit/meta-graph.ts';
import type { WhatsappSettings } from './config.ts';

/** Hosts of Meta's that the access token may be shown to. */
const ownHosts = /(^|\.)(facebook\.com|fbsbx\.com|whatsapp\.net)$/;

/**
 * A customer's file in two steps: its id gives an address that lives five minutes and wants the token, too. An address
 * that is gone is asked for once more. Rejects with MediaFailure; ids are gone after seven days.
 */
export async function fetchMedia(
  host: AdapterHost<WhatsappSettings>,
  graph: Graph,
  reference: unknown,
): Promise<FetchedFile> {
  const id = asString(asRecord(reference)?.id);
  if (id === undefined || !/^[\w.-]{1,200}$/.test(id)) throw new MediaFailure('gone', 'The file has no id.');
  try {
    return await fetchOnce(host, graph, id);
  } catch (error) {
    if (!(error instanceof MediaFailure) || error.kind !== 'gone') throw error;
    return fetchOnce(host, graph, id);
  }
}

async function fetchOnce(host: AdapterHost<WhatsappSettings>, graph: Graph, id: string): Promise<FetchedFile> {
  const { graphVersion, phoneNumberId, accessToken, apiBaseUrl } = host.channel.settings;
  let told: Readonly<Record<string, unknown>>;
  try {
    const path = `/${graphVersion}/${id}?phone_number_id=${phoneNumberId}`;
    const { body } = await graph.call({ method: 'GET', path });
    told = asRecord(body) ?? {};
  } catch (error) {
    throw mediaFailureOf(error);
  }
  const url = asString(told.url);
  if (url === undefined || !URL.canParse(url)) throw new MediaFailure('later', 'Meta told no address of the file.');
  const headers = isOwn(new URL(url), apiBaseUrl) ? { authorization: `Bearer ${accessToken}` } : {};
  const file = await fetchFile(host.fetch, url, host.clock.now(), { headers });
  const type = asString(told.mime_type)?.split(';')[0]?.trim();
  return type === undefined ? file : { ...file, contentType: type };
}

function isOwn(url: URL, apiBaseUrl: string | undefined): boolean {
  if (apiBaseUrl !== undefined && url.origin === new URL(apiBaseUrl).origin) return true;
  return url.protocol === 'https:' && ownHosts.test(url.hostname);
}

/** The id is unknown or too old: gone. Everything about the channel may be better later. */
function mediaFailureOf(error: unknown): unknown {
  if (!(error instanceof SendFailure)) return error;
  const kind = error.kind === 'refused' ? 'gone' : 'later';
  return new MediaFailure(kind, error.message, {
    cause: error,
    ...(error.after === undefined ? {} : { after: error.after }),
  });
}
