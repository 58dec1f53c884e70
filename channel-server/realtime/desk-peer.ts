import type { Socket } from 'socket.io';
import type { AccountPrincipal } from '../access/principal.ts';
import type { DeskFacts } from '../protocol/desk.ts';
import type { InboxMember } from './inbox.ts';
import type { Meter } from './limits.ts';

/** Most facts held for a desk that waits for an answer; it finds what lacks by the gaps. */
const mostHeld = 2_000;

/** One connected desk of one account. */
export class DeskPeer implements InboxMember {
  readonly socket: Socket;
  /** Replaced when the account's queues change. */
  principal: AccountPrincipal;
  /** ms since the epoch. */
  readonly connectedAt: number;
  /** Sessions in its list. */
  readonly sessions = new Set<string>();
  ended = false;
  meter: Meter | undefined = undefined;
  personMeter: Meter | undefined = undefined;
  busy = false;
  waiting: InboxMember['waiting'] = undefined;
  private held: [event: string, payload: unknown][] | undefined = undefined;

  constructor(socket: Socket, principal: AccountPrincipal, connectedAt: number) {
    this.socket = socket;
    this.principal = principal;
    this.connectedAt = connectedAt;
  }

  get id(): string {
    return this.socket.id;
  }

  /** Its facts go out at once. */
  get standing(): boolean {
    return !this.busy && !this.ended;
  }

  send<Name extends keyof DeskFacts>(event: Name, payload: DeskFacts[Name]): void {
    if (this.ended) return;
    if (this.standing) {
      this.socket.emit(event, payload);
      return;
    }
    this.held ??= [];
    if (this.held.length < mostHeld) this.held.push([event, payload]);
  }

  /** Send what was held back while a request was answered: no fact may arrive before the snapshot it changes. */
  release(): void {
    const held = this.held;
    if (held === undefined) return;
    this.held = undefined;
    for (const [event, payload] of held) this.socket.emit(event, payload);
  }
}
