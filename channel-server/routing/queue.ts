export const queueTypes = ['multimedia', 'voice', 'video', 'voice-click-to-dial', 'video-click-to-dial'] as const;
export type QueueType = (typeof queueTypes)[number];

/** Where sessions wait. Times in milliseconds. */
export interface Queue {
  id: string;
  tenantId: string;
  name: string;
  type: QueueType;
  /** How long an offer rings before the next agent gets it. */
  ringTime: number;
  /** How long an agent's lost desk keeps its sessions. */
  graceTime: number;
  /** Whether agents may take a waiting session without an offer. */
  picking: boolean;
  /** Skills a session of this queue asks for: skill → least level (1–5). */
  skills: Record<string, number>;
  /** Wait exclusively for the last or preferred agent this long. */
  lastAgentWait: number;
  /** Wrap-up after closing. */
  wrapUpTime: number;
  /** Declared in the configuration file: not to be edited by people. */
  declared: boolean;
}

export const queueDefaults = {
  type: 'multimedia',
  ringTime: 20_000,
  graceTime: 60_000,
  picking: false,
  skills: {},
  lastAgentWait: 0,
  wrapUpTime: 0,
} as const satisfies Partial<Queue>;
