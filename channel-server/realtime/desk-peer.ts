import type { Socket } from 'socket.io';
import type { AccountPrincipal } from '../access/principal.ts';
import type { DeskFacts } from '../protocol/desk.ts';
import type { InboxMember } from './inbox.ts';
import type { Meter } from './limits.ts';

/** Most facts held for a desk whose snapshot is being made; beyond it is told to read anew by their gaps. */
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
    return this.held === undefined && !this.ended;
  }

  send<Name extends keyof DeskFacts>(event: Name, payload: DeskFacts[Name]): void {
    if (this.ended) return;
    if (this.held === undefined) this.socket.emit(event, payload);
    else if (this.held.length < mostHeld) this.held.push([event, payload]);
  }

  /** Hold facts back while a snapshot is made: they must not arrive before it. */
  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const held = this.held;
    this.held = undefined;
    for (const [event, payload] of held ?? []) this.socket.emit(event, payload);
  }
}
