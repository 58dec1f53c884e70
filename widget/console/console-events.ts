/** The console's own DOM events: what an administrator asked for. */
declare module '../events.ts' {
  interface FoyerEvents {
    /** A setting was changed; undefined takes the change back. */
    'foyer-setting': { path: string; value: unknown };
    /** Name, id, queue or switch of a channel were changed. */
    'foyer-basics': { id?: string; name?: string; queue?: string; enabled?: boolean };
    /** A type for a new channel was chosen. */
    'foyer-type-chosen': { type: string };
    /** Something is to be done with a channel. */
    'foyer-channel-asked': { id: string; what: 'edit' | 'test' | 'login' | 'dead-letters' | 'switch' };
    /** Something was changed: what is shown is to be read anew. */
    'foyer-console-changed': undefined;
  }
}

export {};
