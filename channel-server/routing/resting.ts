/**
 * Who declined or released a session a moment ago, so that it does not ring there again at once. Kept in memory: it is
 * a courtesy between people, and forgetting it in a restart costs one ring.
 */
export interface Resting {
  rest(sessionId: string, agentId: string, until: number): void;
  /** Who rests for this session now, and until when the first of them does. */
  of(sessionId: string, now: number): { agents: ReadonlySet<string>; until?: number };
}

const nobody: ReadonlySet<string> = new Set();
/** Forgotten sessions are swept out when more than this many are known. */
const many = 1_000;

export function createResting(): Resting {
  const sessions = new Map<string, Map<string, number>>();
  return {
    rest(sessionId, agentId, until) {
      const agents = sessions.get(sessionId) ?? new Map<string, number>();
      sessions.set(sessionId, agents.set(agentId, until));
    },
    of(sessionId, now) {
      if (sessions.size > many) sweep(sessions, now);
      const agents = sessions.get(sessionId);
      if (agents === undefined) return { agents: nobody };
      for (const [agentId, until] of agents) if (until <= now) agents.delete(agentId);
      if (agents.size === 0) {
        sessions.delete(sessionId);
        return { agents: nobody };
      }
      return { agents: new Set(agents.keys()), until: Math.min(...agents.values()) };
    },
  };
}

function sweep(sessions: Map<string, Map<string, number>>, now: number): void {
  for (const [sessionId, agents] of sessions) {
    if (Math.max(...agents.values()) <= now) sessions.delete(sessionId);
  }
}
