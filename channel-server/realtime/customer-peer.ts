import type { Socket } from 'socket.io';
import type { LiveConnection, LiveFrame } from '../../adapters/contract/index.ts';
import type { InboxMember } from './inbox.ts';
import type { Meter } from './limits.ts';
import { visitorConversations } from './live-host.ts';

/** Most facts held for a page that waits for its greeting or an answer; with more behind it, it catches up by reading. */
const mostHeld = 500;

/** The greeting may hold a whole history: once sent it is let go. */
const sent: LiveFrame = { event: 'hello', payload: undefined };

/** One connected page of a customer. */
export class CustomerPeer implements InboxMember {
  readonly socket: Socket;
  readonly channelId: string;
  connection: LiveConnection | undefined = undefined;
  /** The rooms it is in. */
  rooms: readonly string[] = [];
  /** Has or had a session: its going is worth noting. */
  engaged = false;
  ended = false;
  meter: Meter | undefined = undefined;
  personMeter: Meter | undefined = undefined;
  busy = false;
  waiting: InboxMember['waiting'] = undefined;
  /** Facts that came while the greeting or an answer was being made. */
  private held: LiveFrame[] | undefined = undefined;

  constructor(socket: Socket, channelId: string) {
    this.socket = socket;
    this.channelId = channelId;
  }

  get id(): string {
    return this.socket.id;
  }

  /** Its frames go out at once. */
  get standing(): boolean {
    return this.connection !== undefined && this.socket.connected && !this.busy && !this.ended;
  }

  send(frame: LiveFrame): void {
    if (this.ended) return;
    if (this.standing) {
      this.socket.emit(frame.event, frame.payload);
      return;
    }
    this.held ??= [];
    if (this.held.length < mostHeld) this.held.push(frame);
  }

  /** The greeting, then what was held meanwhile. */
  greet(): void {
    const { connection } = this;
    if (connection === undefined) return;
    this.socket.emit(connection.greeting.event, connection.greeting.payload);
    connection.greeting = sent;
    this.release();
  }

  /** Send what was held back. */
  release(): void {
    const held = this.held;
    if (held === undefined) return;
    this.held = undefined;
    for (const frame of held) this.socket.emit(frame.event, frame.payload);
  }
}

/** The room of a conversation of a channel. */
export function roomOf(channelId: string, conversation: string): string {
  return `${channelId}\n${conversation}`;
}

export function roomsOf(visitor: LiveConnection['visitor']): string[] {
  return visitorConversations(visitor).map((conversation) => roomOf(visitor.channelId, conversation));
}

export function conversationIn(room: string): { channelId: string; conversation: string } {
  const at = room.indexOf('\n');
  return { channelId: room.slice(0, at), conversation: room.slice(at + 1) };
}
