import {
  type AdapterHost,
  type Attempt,
  type ChannelClient,
  type FetchedFile,
  type HostFile,
  MediaFailure,
  type Part,
  type Person,
  SendFailure,
  type Sent,
  type TestResult,
} from '../contract/index.ts';
import { asString, recordOf } from '../kit/inbound.ts';
import { findBrowser, installHint } from './browser.ts';
import type { WhatsappWebSettings } from './config.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { loadLibrary, reasonOf } from './library.ts';
import type { Address, Doing, Library, WebClient } from './platform.ts';
import { idOf } from './snapshot.ts';
import { within } from './within.ts';

/** To send one message, media included; ms. The attempt's own end comes first when it is sooner. */
const sendTime = 120_000;
const fetchTime = 120_000;

/** `load` brings the library: replaced in tests. */
export function createClient(
  host: AdapterHost<WhatsappWebSettings>,
  options: Partial<ConnectionOptions> = {},
): ChannelClient {
  const { load = loadLibrary, find = findBrowser, isRoot = process.getuid?.() === 0 } = options;
  const connection = new Connection(host, { load, find, isRoot });
  return {
    start: () => connection.start(),
    stop: () => connection.stop(),

    async send({ part, signal }: Attempt): Promise<Sent> {
      const { client, library } = readyOr(connection);
      const doing = part.request as Doing;
      const media = 'as' in doing ? await mediaOf(host, library, part, doing) : undefined;
      // Opening a file takes time: the connection may be gone meanwhile.
      if (connection.ready?.client !== client) readyOr(connection);
      try {
        const externalIds = await connection.intake.sending(() =>
          within(host, sendTime, () => carryOut(client, library, doing, media), signal),
        );
        return { externalIds };
      } catch (error) {
        throw failureOf(error);
      }
    },

    async fetch(reference: unknown): Promise<FetchedFile> {
      const messageId = asString(recordOf(reference).messageId) ?? '';
      const { ready } = connection;
      if (ready === undefined) {
        throw new MediaFailure('later', 'WhatsApp Web is not connected, and only it has the file.', { after: 60_000 });
      }
      const file = await within(host, fetchTime, () => download(ready.client, messageId)).catch((error: unknown) => {
        if (error instanceof MediaFailure) throw error;
        throw new MediaFailure(
          'gone',
          `WhatsApp Web could not fetch the file (${reasonOf(error)}). Look on the phone.`,
          {
            cause: error,
          },
        );
      });
      return file;
    },

    async profile({ id }): Promise<Partial<Person> | undefined> {
      const client = connection.ready?.client;
      if (client === undefined) return undefined;
      const contact = recordOf(await client.getContactById(id));
      const person: Partial<Person> = {};
      const name = asString(contact.pushname) ?? asString(contact.verifiedName) ?? asString(contact.name);
      if (name !== undefined) person.name = name;
      const digits = await numberOf(client, id);
      if (digits !== undefined) person.phone = `+${digits}`;
      const picture = await client.getProfilePicUrl?.(id).catch(() => undefined);
      if (picture?.startsWith('https://') === true) person.pictureUrl = picture;
      return Object.keys(person).length === 0 ? undefined : person;
    },

    async typing(conversation, typing): Promise<void> {
      const client = connection.ready?.client;
      if (client === undefined) return;
      const chat = await client.getChatById((conversation.address as Address).chatId);
      await (typing ? chat.sendStateTyping() : chat.clearState());
    },

    async read(conversation): Promise<void> {
      await connection.ready?.client.sendSeen((conversation.address as Address).chatId);
    },

    test: () => testChannel(host, connection, load, find),
  };
}

function readyOr(connection: Connection): { client: WebClient; library: Library } {
  const { ready } = connection;
  if (ready !== undefined) return ready;
  const why = connection.lastReport?.detail ?? 'It is not started.';
  throw new SendFailure('unreachable', `WhatsApp Web is not connected: ${why}`);
}

/** Do it and answer the ids of what it made. */
async function carryOut(
  client: WebClient,
  library: Library,
  doing: Doing,
  media: object | undefined,
): Promise<string[]> {
  if (doing.do === 'react') {
    await client.sendReaction(doing.messageId, doing.emoji);
    return [];
  }
  if (doing.do === 'delete') {
    const message = await client.getMessageById(doing.messageId);
    if (message === null || message === undefined) {
      throw new SendFailure('refused', 'WhatsApp Web no longer has the message, so it cannot take it back.');
    }
    await message.delete(true);
    return [];
  }
  const [content, options] = contentOf(library, doing, media);
  const sent = await client.sendMessage(doing.chatId, content, {
    // Marking as read while sending fails with today's WhatsApp Web (whatsapp-web.js #5718).
    sendSeen: false,
    // Out, not merely in the browser's own queue.
    waitUntilMsgSent: true,
    // A text that happens to be a vCard stays a text.
    parseVCards: 'vcard' in doing,
    ...(doing.quote === undefined ? {} : { quotedMessageId: doing.quote }),
    ...options,
  });
  if (sent === null) throw new SendFailure('refused', 'WhatsApp Web does not send this to such a conversation.');
  // Without a message nobody can say whether there is one.
  const id = idOf(sent?.id);
  if (id === undefined) throw new SendFailure('unknown', 'WhatsApp Web did not say what became of the message.');
  return [id];
}

function contentOf(
  library: Library,
  doing: Extract<Doing, { do: 'send' }>,
  media: object | undefined,
): [unknown, object] {
  if ('text' in doing) return [doing.text, {}];
  if ('vcard' in doing) return [doing.vcard, {}];
  if ('location' in doing) {
    const { latitude, longitude, name, address } = doing.location;
    const labels = { ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }) };
    return [new library.Location(latitude, longitude, labels), {}];
  }
  const caption = doing.caption === undefined ? {} : { caption: doing.caption };
  const forms = {
    media: {},
    voice: { sendAudioAsVoice: true },
    document: { sendMediaAsDocument: true },
    sticker: { sendMediaAsSticker: true },
  };
  return [media, { ...forms[doing.as], ...caption }];
}

/** The file of a part as the library wants it: whole, as base64. */
async function mediaOf(
  host: AdapterHost<WhatsappWebSettings>,
  library: Library,
  part: Part,
  doing: { name: string },
): Promise<object> {
  const [wanted] = part.media ?? [];
  if (wanted === undefined) throw new SendFailure('refused', 'The file of this message is not named.');
  let file: HostFile;
  let data: string;
  try {
    file = await host.media.open(wanted.mediaId, wanted.form);
    const pieces: Uint8Array[] = [];
    for await (const piece of file.stream()) pieces.push(piece);
    data = Buffer.concat(pieces).toString('base64');
  } catch (error) {
    throw new SendFailure('refused', 'The file is no longer here, or could not be made into what WhatsApp takes.', {
      cause: error,
    });
  }
  return new library.MessageMedia(file.contentType, data, doing.name || file.name, file.size);
}

async function download(client: WebClient, messageId: string): Promise<FetchedFile> {
  const message = await client.getMessageById(messageId);
  if (message === null || message === undefined) {
    throw new MediaFailure('gone', 'WhatsApp Web no longer has the message. Look on the phone.');
  }
  const media = await message.downloadMedia();
  const data = media?.data;
  if (media === null || media === undefined || typeof data !== 'string' || data === '') {
    const why = 'WhatsApp Web did not hand over the file, as happens with its newer versions. Look on the phone.';
    throw new MediaFailure('gone', why);
  }
  const file: FetchedFile = { stream: one(Buffer.from(data, 'base64')) };
  const contentType = asString(media.mimetype)?.split(';')[0]?.trim();
  if (contentType !== undefined && contentType !== '') file.contentType = contentType;
  const name = asString(media.filename);
  if (name !== undefined) file.name = name;
  return file;
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Digits of a person's number; for one who hides it, what WhatsApp Web knows, if anything. */
async function numberOf(client: WebClient, id: string): Promise<string | undefined> {
  const digits = /^(\d{5,20})@c\.us$/.exec(id)?.[1];
  if (digits !== undefined || !id.endsWith('@lid')) return digits;
  const known = await client.getContactLidAndPhone?.([id]).catch(() => undefined);
  return /^(\d{5,20})@/.exec(known?.[0]?.pn ?? '')?.[1];
}

/** The page was not there, or not far enough to send anything. */
const notThere = /WWebJS|reading '(getChat|sendMessage|evaluate)'|detached Frame|page has been closed!?$/i;

/** What a failure of the library means. Its texts are all there is; what is not known to be unsent is unknown. */
function failureOf(error: unknown): unknown {
  if (error instanceof SendFailure) return error;
  const reason = reasonOf(error);
  if (/No LID for user|invalid wid|wid error/i.test(reason)) {
    return new SendFailure('blocked', `WhatsApp knows no such person (${reason}).`, { cause: error });
  }
  if (/Could not get the quoted message/i.test(reason)) {
    return new SendFailure('refused', 'The quoted message is no longer there.', { cause: error });
  }
  if (notThere.test(reason))
    return new SendFailure('unreachable', `WhatsApp Web was not ready (${reason}).`, { cause: error });
  return new SendFailure('unknown', `WhatsApp Web failed while sending (${reason}).`, { cause: error });
}

async function testChannel(
  host: AdapterHost<WhatsappWebSettings>,
  connection: Connection,
  load: () => Promise<unknown>,
  find: typeof findBrowser,
): Promise<TestResult[]> {
  const library = await load().then(
    () => ({ ok: true, what: 'Library', detail: 'whatsapp-web.js is installed.' }),
    (error: unknown) => ({ ok: false, what: 'Library', detail: reasonOf(error) }),
  );
  const configured = host.channel.settings.executablePath;
  const path = await find(configured);
  const missing = configured === undefined ? 'None was found' : `${configured} cannot be run`;
  const browser =
    path === undefined
      ? { ok: false, what: 'Browser', detail: `${missing}. ${installHint}` }
      : { ok: true, what: 'Browser', detail: path };
  const report = connection.lastReport;
  const login = {
    ok: report?.state === 'connected',
    what: 'WhatsApp Web',
    detail:
      report?.detail ??
      (report?.state === 'connected' ? 'Connected.' : 'Not started: switch the channel on, then scan the code.'),
  };
  return [library, browser, login];
}
