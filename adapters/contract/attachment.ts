/** A file, picture, voice note … of an activity. */
export interface Attachment {
  /** MIME type, found from the bytes by the media cache, never trusted from the sender. */
  contentType: string;
  /** `media:<id>` in the log and on sockets; a signed, short-lived address in REST answers. */
  contentUrl: string;
  /** Sanitised file name. */
  name?: string;
  /** As contentUrl: `media:<id>/thumbnail`, when there is a thumbnail. */
  thumbnailUrl?: string;
  /** Size in bytes, and for pictures pixels; further facts by content type. */
  content?: { size?: number; width?: number; height?: number; [key: string]: unknown };
}

/** The address scheme by which the log names cached media. */
export const mediaScheme = 'media:';

/** The media id in a `media:<id>` address, or undefined for any other address. */
export function mediaIdOf(contentUrl: string): string | undefined {
  const match = /^media:(med_[0-9a-f]{32})(?:\/thumbnail)?$/.exec(contentUrl);
  return match?.[1];
}
