import type { Change, Outgoing } from '../session/ports.ts';
import type { ChannelService } from './channel-service.ts';
import { type Previews, throwIfBlocked } from './preview.ts';

/** What a message of the company's people adds to its commit, so that its platform gets it. */
export function createOutboxEntry(channelService: Pick<ChannelService, 'sends'>, previews: Previews): Outgoing {
  return {
    entry(session, content, from) {
      if (!channelService.sends(session.channelType)) return undefined;
      return (async () => {
        const door = await previews.door(session);
        if (door === undefined) return () => [];
        throwIfBlocked(await previews.preview(session, door, content, from));
        const { id: sessionId, tenantId, channelId, conversation } = session;
        return (at: number): Change[] => [
          {
            kind: 'insert',
            record: 'delivery',
            // Its id and seq are the activity's.
            appended: true,
            values: {
              id: '',
              tenantId,
              channelId,
              conversation,
              sessionId,
              seq: 0,
              state: 'queued',
              settled: false,
              reason: null,
              failures: 0,
              failingSince: null,
              createdAt: at,
              replacedBy: null,
            },
          },
          {
            kind: 'update',
            record: 'conversation',
            where: { channelId, id: conversation },
            set: { dueAt: at },
            refusal: 'CONVERSATION_GONE',
          },
        ];
      })();
    },
  };
}
