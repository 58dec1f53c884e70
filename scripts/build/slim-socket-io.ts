import type { Plugin } from 'rollup';

const stub = '\0foyer-no-transport';

/**
 * socket.io's client without long polling and WebTransport: the widget speaks WebSocket only.
 * engine.io-client ships no such build, so its other transports are replaced by nothing.
 */
export function slimSocketIo(): Plugin {
  return {
    name: 'foyer-slim-socket-io',
    resolveId(source, importer) {
      if (importer === undefined || !/engine\.io-client\/build\/esm\/(?:transports\/)?index\.js$/.test(importer)) {
        return null;
      }
      return /(?:polling-(?:xhr|fetch)|webtransport)(?:\.node)?\.js$/.test(source) ? stub : null;
    },
    load(id) {
      return id === stub ? 'export const XHR = undefined, WT = undefined, Fetch = undefined;' : null;
    },
  };
}
