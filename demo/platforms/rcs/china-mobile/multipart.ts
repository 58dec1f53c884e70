/** A part of a `multipart/mixed` message body. */
export interface BodyPart {
  contentType: string;
  body: string;
}

/**
 * The parts of a body: each begins after `--boundary` with its headers, `Content-Length` counting bytes. Answers what is
 * wrong with it instead. Lines are written with CRLF, and arrive with LF: XML knows no other.
 */
export function partsOf(contentType: string, bodyText: string): BodyPart[] | { problem: string } {
  const [, boundary] = /;\s*boundary="?([^";]+)"?/i.exec(contentType) ?? [];
  if (boundary === undefined) return { problem: 'boundary' };
  const bytes = Buffer.from(bodyText.replaceAll('\r\n', '\n'), 'utf8');
  const text = bytes.toString('latin1');
  const sections = text.split(`--${boundary}`);
  if (sections.length < 3 || !(sections.at(-1) ?? '').startsWith('--')) return { problem: 'closing boundary' };
  const parts: BodyPart[] = [];
  for (const section of sections.slice(1, -1)) {
    const end = section.indexOf('\n\n');
    if (!section.startsWith('\n') || end < 0 || !section.endsWith('\n')) return { problem: 'line ends' };
    const headers = new Map(
      section
        .slice(1, end)
        .split('\n')
        .map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
        }),
    );
    const body = Buffer.from(section.slice(end + 2, -1), 'latin1');
    if (headers.get('content-length') !== String(body.length)) return { problem: 'Content-Length' };
    const type = headers.get('content-type');
    if (type === undefined) return { problem: 'Content-Type' };
    parts.push({ contentType: type, body: body.toString('utf8') });
  }
  return parts;
}
