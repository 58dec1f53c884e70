import type { Plugin } from 'rollup';

const stub = '\0foyer-no-message-ids';

/** @lit/localize without its hashing of messages into ids: every message of ours has an id of its own. */
export function slimLocalize(): Plugin {
  return {
    name: 'foyer-slim-localize',
    resolveId(source, importer) {
      const wanted = importer?.endsWith('@lit/localize/internal/runtime-msg.js') && source === './id-generation.js';
      return wanted ? stub : null;
    },
    load(id) {
      return id === stub ? "export const generateMsgId = () => '';" : null;
    },
  };
}
