/** Whose pages are connected here, as far as `gone` and `back` have told. Lives no longer than the process. */
export interface Attendance {
  arrived(channelId: string, conversations: readonly string[]): void;
  left(channelId: string, conversations: readonly string[]): void;
  here(channelId: string, conversation: string): boolean;
}

export function createAttendance(): Attendance {
  const present = new Map<string, Set<string>>();
  return {
    arrived(channelId, conversations) {
      let channel = present.get(channelId);
      if (channel === undefined) {
        channel = new Set();
        present.set(channelId, channel);
      }
      for (const conversation of conversations) channel.add(conversation);
    },
    left(channelId, conversations) {
      const channel = present.get(channelId);
      for (const conversation of conversations) channel?.delete(conversation);
    },
    here: (channelId, conversation) => present.get(channelId)?.has(conversation) === true,
  };
}
