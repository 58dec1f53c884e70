/** How a channel is, as `/api/v1/channels` says it. Times are ISO 8601. */
export interface ChannelState {
  state:
    | 'off'
    | 'invalid'
    | 'stopped'
    | 'paused'
    | 'starting'
    | 'waiting-for-login'
    | 'disconnected'
    | 'failed'
    | 'connected'
    | 'ready';
  /** What is wrong and what to do, in English. */
  detail?: string;
  /** Text of a QR code to be scanned. */
  qr?: string;
  pausedUntil?: string;
  /** The last thing that went wrong, even if it is over. */
  problem?: string;
  problemAt?: string;
  heardAt?: string;
  sentAt?: string;
  dropped: number;
}

/** A channel as `/api/v1/channels` has it. */
export interface ConfiguredChannel {
  id: string;
  type: string;
  name: string;
  /** The queue's id. */
  queue: string;
  enabled: boolean;
  /** Enabled, and its settings are valid. */
  running: boolean;
  declared: boolean;
  /** Without secrets. */
  settings?: Record<string, unknown>;
  /** Dotted paths of the secrets that are stored. */
  secrets?: string[];
  /** What the platform must call, for types that are called. */
  webhook?: string;
  /** Whether the platform can call it. */
  reachable?: boolean;
  status?: ChannelState;
}
