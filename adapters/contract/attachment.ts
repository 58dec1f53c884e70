/** A file, picture, voice note, place, card … of an activity. */
export interface Attachment {
  /** MIME type: of a file as found from its bytes by the media cache; of anything else one of {@link factTypes}. */
  contentType: string;
  /** `media:<id>` in the log and on sockets; a signed, short-lived address in REST answers. Absent where `content` says all. */
  contentUrl?: string;
  /** Sanitised file name. */
  name?: string;
  /** As contentUrl: `media:<id>/thumbnail`, when there is a thumbnail. */
  thumbnailUrl?: string;
  /** Of a file {@link FileFacts}; of anything else what its type says. */
  content?: FileFacts | Location | Contact | Link | Card | TemplateUse;
}

/** How a sender names an uploaded file; everything else about it is the media cache's to say. */
export interface MediaLink {
  /** `media:<id>`. */
  contentUrl: string;
}

/** What is known of a file beside its bytes. */
export type FileFacts = {
  /** Bytes. */
  size?: number;
  /** Pixels. */
  width?: number;
  height?: number;
  /** Milliseconds, of audio and video. */
  duration?: number;
  /** Recorded to be listened to in the conversation, not sent as a file. */
  voice?: boolean;
  /** A platform's sticker: a small picture without frame. */
  sticker?: boolean;
  /** What a platform heard in a voice note. */
  transcript?: string;
  [key: string]: unknown;
};

/** Types of attachments that are facts, not files. A card is the Bot Framework's hero card; several make a carousel. */
export const factTypes = {
  location: 'application/vnd.foyer.location+json',
  contact: 'application/vnd.foyer.contact+json',
  link: 'application/vnd.foyer.link+json',
  card: 'application/vnd.microsoft.card.hero',
  template: 'application/vnd.foyer.template+json',
} as const;
export type FactType = (typeof factTypes)[keyof typeof factTypes];

/** A place. Degrees in WGS 84; adapters of platforms with other datums say so in `datum`. */
export type Location = {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
  datum?: 'gcj02';
};

/** A contact card. */
export type Contact = {
  name: string;
  phones?: string[];
  emails?: string[];
  organization?: string;
};

/** A link with what is shown of it. */
export type Link = {
  url: string;
  title?: string;
  description?: string;
};

/** A card: picture, title, text and buttons. */
export type Card = {
  title?: string;
  subtitle?: string;
  text?: string;
  /** `media:<id>` of its picture. */
  images?: { url: string }[];
  buttons?: CardAction[];
};

/** A button, as the Bot Framework names them. */
export type CardAction = {
  /** `imBack` says `value` as the customer's words, `postBack` sends it unseen, the others open or dial it. */
  type: 'imBack' | 'postBack' | 'openUrl' | 'call';
  title: string;
  value: string;
};

/** A message whose form the platform approved beforehand, with its blanks filled in. */
export type TemplateUse = {
  /** The platform's name or id of it. */
  name: string;
  /** As the platform writes it: `en_US`, `zh_CN`. */
  language?: string;
  /** Values by the blanks' names, or `"1"`, `"2"` … where they are numbered. */
  values: Record<string, string>;
  /** What a reader of the log sees. */
  text?: string;
};

/** The address scheme by which the log names cached media. */
export const mediaScheme = 'media:';

/** The media id in a `media:<id>` address, or undefined for any other address. */
export function mediaIdOf(contentUrl: string | undefined): string | undefined {
  const match = /^media:(med_[0-9a-f]{32})(?:\/thumbnail)?$/.exec(contentUrl ?? '');
  return match?.[1];
}
