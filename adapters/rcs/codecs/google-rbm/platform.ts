/** Names and limits of Google RCS for Business (RBM). Source: developers.google.com/business-communications/rcs-business-messaging. */

/** What comes in, as far as it is used. All of it unchecked. */
export interface RbmUserFile {
  payload?: RbmFile;
  thumbnail?: RbmFile;
}

export interface RbmFile {
  mimeType?: string;
  fileSizeBytes?: number | string;
  fileUri?: string;
  fileName?: string;
}

/** A message or an event on its way: what the client sends, with the agent's id and the access token added. */
export interface RbmRequest {
  method: 'POST' | 'DELETE';
  /** Below `https://<region>-rcsbusinessmessaging.googleapis.com`. */
  path: string;
  /** JSON, with markers where files are uploaded first. */
  body?: unknown;
  /** What the phone must be able to show. */
  needs?: RbmFeature[];
  /** The id of the message we gave it. */
  messageId: string;
}

/** Features a phone may have, as `capabilities` names them. */
export type RbmFeature =
  | 'RICHCARD_STANDALONE'
  | 'RICHCARD_CAROUSEL'
  | 'ACTION_DIAL'
  | 'ACTION_OPEN_URL'
  | 'ACTION_VIEW_LOCATION';

export const scopes = 'https://www.googleapis.com/auth/rcsbusinessmessaging';
export const tokenUrl = 'https://oauth2.googleapis.com/token';

export function originOf(region: 'us' | 'europe' | 'asia'): string {
  return `https://${region}-rcsbusinessmessaging.googleapis.com`;
}

/** Largest file and largest message, bytes. */
export const largestFile = 100_000_000;

export const imageTypes = ['image/jpeg', 'image/jpg', 'image/gif', 'image/png'];
export const audioTypes = [
  'audio/aac',
  'audio/mp3',
  'audio/mpeg',
  'audio/mpg',
  'audio/mp4',
  'audio/mp4-latm',
  'audio/3gpp',
  'audio/ogg',
  'application/ogg',
];
export const videoTypes = ['video/h263', 'video/m4v', 'video/mp4', 'video/mpeg', 'video/mpeg4', 'video/webm'];
