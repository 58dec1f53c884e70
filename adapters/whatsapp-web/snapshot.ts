import { asArray, asNumber, asRecord, asString, recordOf, type UnknownRecord } from '../kit/inbound.ts';

/** An id of the library as text: `{_serialized}`, or text already. */
export function idOf(value: unknown): string | undefined {
  return asString(value) ?? asString(asRecord(value)?._serialized);
}

/**
 * What is of use of a message object of the library, as plain JSON. Its class holds the client and the browser, and its
 * `_data` all that WhatsApp Web knows, keys included.
 */
export function snapshotOf(message: unknown): UnknownRecord {
  const source = recordOf(message);
  const data = recordOf(source._data);
  const key = recordOf(source.protocolMessageKey);
  const found: Record<string, unknown> = {
    id: idOf(source.id),
    original: idOf(key),
    from: idOf(source.from),
    to: idOf(source.to),
    author: idOf(source.author),
    fromMe: source.fromMe === true,
    type: asString(source.type),
    body: asString(source.body),
    timestamp: asNumber(source.timestamp),
    isStatus: source.isStatus === true ? true : undefined,
    hasMedia: source.hasMedia === true ? true : undefined,
    isGif: source.isGif === true ? true : undefined,
    forwarded: source.isForwarded === true ? true : undefined,
    duration: asNumber(source.duration),
    location: locationOf(source.location),
    vCards: asArray(source.vCards).flatMap((card) => asString(card) ?? []),
    selected: asString(source.selectedButtonId) ?? asString(source.selectedRowId),
    pollOptions: asArray(source.pollOptions).flatMap((option) => asString(recordOf(option).name) ?? []),
    editedAt: asNumber(source.latestEditSenderTimestampMs),
    name: asString(data.notifyName),
    mimetype: asString(data.mimetype),
    filename: asString(data.filename),
    size: asNumber(data.size),
    width: asNumber(data.width),
    height: asNumber(data.height),
    quotedStanza: asString(data.quotedStanzaID),
    quotedAuthor: idOf(data.quotedParticipant),
  };
  for (const [field, value] of Object.entries(found)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) delete found[field];
  }
  return found;
}

function locationOf(value: unknown): UnknownRecord | undefined {
  const location = asRecord(value);
  if (location === undefined) return undefined;
  const { latitude, longitude, name, address } = location;
  const found: Record<string, unknown> = {
    latitude: asNumber(latitude),
    longitude: asNumber(longitude),
    name: asString(name),
    address: asString(address),
  };
  for (const [field, one] of Object.entries(found)) if (one === undefined) delete found[field];
  return found;
}
