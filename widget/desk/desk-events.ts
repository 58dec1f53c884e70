/** The desk's own DOM events: what an agent asked for. Handled by `<foyer-desk>`. */
declare module '../events.ts' {
  interface FoyerEvents {
    'foyer-desk-select': { session: string | undefined };
    'foyer-desk-accept': { session: string };
    'foyer-desk-decline': { session: string };
    'foyer-desk-state': { state: 'idle' | 'busy' | 'away' | 'offline'; reason: string };
    'foyer-desk-ask': { dialog: 'transfer' | 'close' | 'shortcuts' };
    'foyer-desk-details': undefined;
    'foyer-desk-replies': { replies: readonly string[] };
    'foyer-desk-template': undefined;
    'foyer-desk-quote': { message: string };
  }
}

export {};
