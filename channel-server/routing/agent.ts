export const agentStates = ['offline', 'idle', 'busy', 'away', 'wrap-up'] as const;
export type AgentState = (typeof agentStates)[number];

/** An account as routing sees it: who can take work. One row per account that serves queues. */
export interface Agent {
  /** The account's id. */
  id: string;
  tenantId: string;
  name: string;
  state: AgentState;
  /** Why: free text chosen by the agent, or `missed`, `lost`, `signed-out`. */
  reason: string | null;
  /** ms since the epoch. */
  stateSince: number;
  /** Chats at once; 0 means the tenant's default. */
  capacity: number;
  /** Slots in use: ringing offers and active sessions. */
  load: number;
  /** When the load last became what it is: longest idle is served first. */
  loadSince: number;
  /** Skill → level 1–5. */
  skills: Record<string, number>;
  /** Queues it serves. */
  queueIds: string[];
  /** Since when no desk of this agent is connected; null while one is. */
  lostSince: number | null;
}

/** Chats at once when neither agent nor tenant says otherwise. */
export const defaultCapacity = 5;
