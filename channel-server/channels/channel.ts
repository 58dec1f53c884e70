/** One configured account of a channel type. Its id is unique per installation and public. */
export interface Channel {
  id: string;
  tenantId: string;
  type: string;
  name: string;
  queueId: string;
  /** As the adapter's schema says; secrets are encrypted at rest. */
  settings: Record<string, unknown>;
  enabled: boolean;
  /** Declared in the configuration file: not to be edited by people. */
  declared: boolean;
}
