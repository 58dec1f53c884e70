import type { Socket } from 'socket.io';
import type { Sequenced } from '../../adapters/contract/index.ts';
import type { AccountPrincipal } from '../access/principal.ts';
import type { DeskFacts } from '../protocol/desk.ts';
import type { InboxMember } from './inbox.ts';
import type { Meter } from './limits.ts';

/** Most facts held for a desk that waits for an answer; it finds what lacks by the gaps. */
const mostHeld = 2_000;

/** Most activities of one frame. */
const mostInFrame = 500;

/** Facts that are sent one by one; activities are gathered. */
export type SingleFact = Exclude<keyof DeskFacts, 'activities:added'>;

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
  /** Activities of this turn of the event loop, told before anything in `held`. */
  private gathered: Sequenced[] | undefined = undefined;
  private held: [event: keyof DeskFacts, payload: unknown][] | undefined = undefined;
  /** Facts in `held`, each activity counted. */
  private heldFacts = 0;
  /** The activities that `held` ends with: the next one joins them. */
  private heldActivities: Sequenced[] | undefined = undefined;

  constructor(socket: Socket, principal: AccountPrincipal, connectedAt: number) {
    this.socket = socket;
    this.principal = principal;
    this.connectedAt = connectedAt;
  }

  get id(): string {
    return this.socket.id;
  }

  /** Its facts go out without waiting for an answer. */
  get standing(): boolean {
    return !this.busy && !this.ended;
  }

  send<Name extends SingleFact>(event: Name, payload: DeskFacts[Name]): void {
    if (this.ended) return;
    if (this.standing) {
      this.flush();
      this.socket.emit(event, payload);
      return;
    }
    if (this.heldFacts >= mostHeld) return;
    this.heldFacts += 1;
    this.heldActivities = undefined;
    this.held ??= [];
    this.held.push([event, payload]);
  }

  /** Take in an activity for the next frame of activities. Answers whether `flush` has to be called for it. */
  gather(sequenced: Sequenced): boolean {
    if (this.ended) return false;
    if (this.busy) {
      this.hold(sequenced);
      return false;
    }
    if (this.gathered === undefined) {
      this.gathered = [sequenced];
      return true;
    }
    if (this.gathered.push(sequenced) === mostInFrame) this.flush();
    return false;
  }

  /** Send the activities gathered so far: before anything else that is sent to this desk, and at the end of the turn. */
  flush(): void {
    const items = this.gathered;
    if (items === undefined) return;
    this.gathered = undefined;
    if (!this.ended) this.socket.emit('activities:added', { items });
  }

  /** Send what was held back while a request was answered: no fact may arrive before the snapshot it changes. */
  release(): void {
    this.flush();
    const held = this.held;
    if (held === undefined) return;
    this.held = undefined;
    this.heldFacts = 0;
    this.heldActivities = undefined;
    for (const [event, payload] of held) this.socket.emit(event, payload);
  }

  private hold(sequenced: Sequenced): void {
    if (this.heldFacts >= mostHeld) return;
    this.heldFacts += 1;
    if (this.heldActivities !== undefined && this.heldActivities.length < mostInFrame) {
      this.heldActivities.push(sequenced);
      return;
    }
    const items = [sequenced];
    this.heldActivities = items;
    this.held ??= [];
    this.held.push(['activities:added', { items }]);
  }
}
