/** What one can do with a session. `read-staff` adds notes and other `staff` activities. */
export const sessionActions = ['read', 'read-staff', 'write', 'note', 'accept', 'transfer', 'close', 'rate'] as const;
export type SessionAction = (typeof sessionActions)[number];
