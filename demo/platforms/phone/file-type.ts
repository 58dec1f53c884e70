/** What a file is by its first bytes: platforms look, and refuse what is not what it says. Undefined: not one of these. */
export function typeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(head)) return 'image/gif';
  if (/^RIFF.{4}WEBP/s.test(head)) return 'image/webp';
  if (/^RIFF.{4}WAVE/s.test(head)) return 'audio/wav';
  if (head.startsWith('#!AMR')) return 'audio/amr';
  if (head.startsWith('OggS')) return 'audio/ogg';
  if (head.startsWith('%PDF-')) return 'application/pdf';
  if (head.startsWith('\x1aE\xdf\xa3')) return 'video/webm';
  if (head.startsWith('ID3') || /^\xff[\xf2\xf3\xfb\xfa]/.test(head)) return 'audio/mpeg';
  if (/^\xff[\xf1\xf9]/.test(head)) return 'audio/aac';
  if (head.slice(4, 8) !== 'ftyp') return undefined;
  const brand = head.slice(8, 12);
  if (brand.startsWith('3gp')) return 'video/3gpp';
  return brand === 'M4A ' ? 'audio/mp4' : 'video/mp4';
}

/** Without parameters, in lower case: `audio/ogg; codecs=opus` is `audio/ogg`. */
export function bareType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** File name extension that goes with a type. */
export function extensionOf(contentType: string): string {
  return extensions[bareType(contentType)] ?? 'bin';
}

const extensions: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/wav': 'wav',
  'audio/amr': 'amr',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/mp4': 'm4a',
  'audio/webm': 'webm',
  'video/webm': 'webm',
  'video/mp4': 'mp4',
  'video/3gpp': '3gp',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
};
