import type { AdapterHost, PartMedia } from '../../contract/index.ts';
import type { RcsSettings } from '../config.ts';
import type { MediaFacts } from './request.ts';

/**
 * Upload a file once, whatever the number of messages, attempts and nodes: what the network calls it is kept with the
 * channel's tokens for `lasts` ms. What `upload` rejects with is handed on, and the next attempt tries again.
 */
export async function once(
  host: Pick<AdapterHost<RcsSettings>, 'tokens' | 'clock' | 'channel'>,
  file: PartMedia,
  lasts: number,
  upload: () => Promise<MediaFacts>,
): Promise<MediaFacts> {
  const { value } = await host.tokens.get(uploadName(file), host.channel.settings.provider, async () => ({
    value: JSON.stringify(await upload()),
    expiresAt: host.clock.now() + lasts,
  }));
  return JSON.parse(value) as MediaFacts;
}

/** Under which name an upload is kept: by file, use and form. */
export function uploadName({ mediaId, use, form }: PartMedia): string {
  return `upload:${mediaId}:${use}${form === undefined ? '' : `:${form.contentType}`}`;
}
