/** Hosts of the machine itself. `localhost` names are loopback by RFC 6761. */
function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

interface Origin {
  /** As browsers write it: scheme, host, and the port unless it is the scheme's own. */
  text: string;
  loopback: boolean;
}

/**
 * An origin in the one form browsers send, or undefined for anything else: no path, no user, no trailing
 * dot, no wildcard, no `null`; http only for loopback.
 */
export function originOf(value: string): Origin | undefined {
  const match = /^(https?):\/\/([^/?#@\\\s*]+)$/i.exec(value);
  if (match === null) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.hostname === '' || url.hostname.endsWith('.')) return undefined;
  const loopback = isLoopbackHost(url.hostname);
  if (url.protocol === 'http:' && !loopback) return undefined;
  return { text: url.origin, loopback };
}

/**
 * Whether a page of this origin may use the channel: exact by scheme, host and port. A browser's page always
 * sends one, so a missing origin is refused.
 */
export function originAllowed(
  origin: string | undefined,
  settings: { allowedOrigins: readonly string[]; anyLoopbackOrigin: boolean },
): boolean {
  if (origin === undefined || origin.length > 300) return false;
  const asked = originOf(origin);
  if (asked === undefined || asked.text !== origin) return false;
  if (settings.anyLoopbackOrigin && asked.loopback) return true;
  return settings.allowedOrigins.some((allowed) => originOf(allowed)?.text === asked.text);
}
