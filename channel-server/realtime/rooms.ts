/**
 * Who listens to what on this node: room name → members. Membership is replaced, never changed in place,
 * so that a walk over a room is not disturbed by someone leaving.
 */
export class Rooms<Member> {
  private readonly rooms = new Map<string, readonly Member[]>();

  /** Whether the member is the room's first. */
  join(room: string, member: Member): boolean {
    const members = this.rooms.get(room);
    if (members === undefined) {
      this.rooms.set(room, [member]);
      return true;
    }
    if (!members.includes(member)) this.rooms.set(room, [...members, member]);
    return false;
  }

  /** Whether the room is empty now because of it. */
  leave(room: string, member: Member): boolean {
    const members = this.rooms.get(room);
    if (members?.includes(member) !== true) return false;
    if (members.length === 1) {
      this.rooms.delete(room);
      return true;
    }
    this.rooms.set(
      room,
      members.filter((other) => other !== member),
    );
    return false;
  }

  members(room: string): readonly Member[] {
    return this.rooms.get(room) ?? none;
  }

  get size(): number {
    return this.rooms.size;
  }
}

const none: readonly never[] = [];
