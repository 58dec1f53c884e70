import { extensionOf } from '../phone/file-type.ts';
import { type PhoneAction, PhoneRefusal, type ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import { token } from '../phone/world.ts';
import { conversationId, snowflake, type TwitterAccount } from './account.ts';
import type { TwitterWebhook } from './webhook.ts';

export const menu = [{ id: 'encrypted', title: 'Encrypted chat (XChat)' }] as const;

/** One message of a conversation, for whoever lists events. */
export interface DirectMessage {
  id: string;
  conversation: string;
  sender: string;
  at: number;
  text: string;
  media?: { key: string; file: string };
}

export type TwitterEvents = ReturnType<typeof createTwitterEvents>;

/** What people do in their direct messages. Source: X Developer Platform, "Account Activity API", "Activity API". */
export function createTwitterEvents(ground: Ground, account: TwitterAccount, webhook: TwitterWebhook) {
  const { world, phone, shelf } = ground;
  const log: DirectMessage[] = [];

  function keep(message: DirectMessage): void {
    log.push(message);
    if (log.length > 2_000) log.shift();
  }

  function directMessage(sender: string, recipient: string, { id, at, text, media }: DirectMessage, type?: string) {
    const address = media === undefined ? undefined : mediaAddress(id, media.key, media.file);
    const url = `https://t.co/${media?.key.slice(-10)}`;
    return {
      type: 'message_create',
      id,
      created_timestamp: String(at),
      message_create: {
        target: { recipient_id: recipient },
        sender_id: sender,
        message_data: {
          // A file's own short link ends the text.
          text: address === undefined ? text : `${text} ${url}`.trim(),
          entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] },
          ...(address === undefined || media === undefined
            ? {}
            : {
                attachment: {
                  type: 'media',
                  media: {
                    id: Number(media.key),
                    id_str: media.key,
                    indices: [text.length, text.length + url.length],
                    media_url: address,
                    media_url_https: address,
                    url,
                    display_url: `pic.x.com/${media.key.slice(-10)}`,
                    type,
                    ...(type === 'video'
                      ? { video_info: { variants: [{ content_type: 'video/mp4', bitrate: 832_000, url: address }] } }
                      : {}),
                  },
                },
              }),
        },
      },
    };
  }

  const mediaAddress = (message: string, key: string, file: string) =>
    `https://ton.x.com/1.1/ton/data/dm/${message}/${key}/${file}`;

  function say(
    personId: string,
    shown: Omit<ShownMessage, 'id' | 'by' | 'at'>,
    media?: { key: string; file: string; type: string },
  ): string {
    const person = phone.personOf(personId);
    const id = snowflake(world);
    const message = {
      id,
      conversation: conversationId(personId, account.id),
      sender: personId,
      at: world.now(),
      text: shown.text ?? '',
      ...(media === undefined ? {} : { media: { key: media.key, file: media.file } }),
    };
    keep(message);
    phone.show(personId, { ...shown, id, by: 'customer', at: message.at, state: 'sending' });
    webhook.tell(
      person,
      'dm.received',
      { direct_message_events: [directMessage(personId, account.id, message, media?.type)] },
      (taken) => phone.change(id, { state: taken ? 'sent' : 'failed' }),
    );
    return id;
  }

  function sendFile(personId: string, { as, file, caption }: PhoneAction & { do: 'file' }): string {
    const kept = ground.keep(file);
    const gif = kept.contentType === 'image/gif';
    if (as === 'file') throw new PhoneRefusal('X sends pictures, GIFs and videos only.');
    const type = gif ? 'animated_gif' : as === 'image' || as === 'sticker' ? 'photo' : 'video';
    const key = snowflake(world);
    const name = `${token(world, 8)}.${extensionOf(kept.contentType)}`;
    shelf.put({ ...kept, id: `dm-${key}` });
    return say(
      personId,
      { file: ground.shown(as, kept), ...(caption === undefined ? {} : { text: caption }) },
      { key, file: name, type },
    );
  }

  /** End-to-end encrypted: nobody but the two apps can read it. */
  function encrypted(personId: string): string {
    const person = phone.personOf(personId);
    const id = snowflake(world);
    const text = 'This is between us.';
    phone.show(personId, { id, by: 'customer', at: world.now(), text, tag: 'encrypted', state: 'sending' });
    webhook.tell(
      person,
      'chat.received',
      {
        conversation_id: conversationId(personId, account.id),
        id,
        sender_id: personId,
        created_at_msec: String(world.now()),
        encoded_event: world.bytes(180).toString('base64'),
      },
      (taken) => phone.change(id, { state: taken ? 'sent' : 'failed' }),
    );
    return id;
  }

  function read(personId: string): void {
    const unread = phone.messages(personId).filter(({ by, state }) => by === 'company' && state === 'sent');
    const last = unread.at(-1);
    if (last === undefined) return;
    for (const { id } of unread) phone.change(id, { state: 'read' });
    webhook.tell(phone.personOf(personId), 'dm.read', {
      direct_message_mark_read_events: [
        {
          created_timestamp: String(world.now()),
          sender_id: personId,
          target: { recipient_id: account.id },
          last_read_event_id: last.id,
        },
      ],
    });
  }

  function act(personId: string, action: PhoneAction): string | undefined {
    const person = phone.personOf(personId);
    if (!person.follows && !['follow', 'read'].includes(action.do)) {
      throw new PhoneRefusal('The account is blocked. Unblock it to write.');
    }
    switch (action.do) {
      case 'text':
        return say(personId, { text: action.text });
      case 'file':
        return sendFile(personId, action);
      case 'menu':
        return encrypted(personId);
      case 'typing':
        if (!action.typing) return undefined;
        webhook.tell(person, 'dm.indicate_typing', {
          direct_message_indicate_typing_events: [
            { created_timestamp: String(world.now()), sender_id: personId, target: { recipient_id: account.id } },
          ],
        });
        return undefined;
      case 'read':
        read(personId);
        return undefined;
      case 'follow':
      case 'unfollow':
        phone.changePerson(personId, { follows: action.do === 'follow' });
        return undefined;
      default:
        throw new PhoneRefusal('X does not do this in direct messages.');
    }
  }

  return {
    act,
    log,
    /** The account wrote: shown, told back as every own message is, and read soon. */
    written(
      personId: string,
      text: string,
      shown: ShownMessage,
      media?: { key: string; file: string; type: string },
    ): void {
      const message = {
        id: shown.id,
        conversation: conversationId(personId, account.id),
        sender: account.id,
        at: shown.at,
        text,
        ...(media === undefined ? {} : { media: { key: media.key, file: media.file } }),
      };
      keep(message);
      phone.show(personId, shown);
      webhook.tell(phone.personOf(personId), 'dm.sent', {
        direct_message_events: [directMessage(account.id, personId, message, media?.type)],
      });
      if (ground.reading.automatic) world.after(ground.reading.after, () => read(personId));
    },
  };
}
