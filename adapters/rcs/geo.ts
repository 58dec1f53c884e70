import { asNumber } from '../kit/inbound.ts';

/** A place in a message's text. Degrees. */
export interface GeoText {
  latitude: number;
  longitude: number;
  name?: string;
  /** In the datum of Chinese maps, which lies some hundred metres off. */
  gcj02?: boolean;
}

/**
 * `geo:31.23,121.47;crs=gcj02;u=10;rcs-l=People%27s%20Square` (RFC 5870 with RCS's label): how phones send a place as
 * text. Undefined for any other text. Some networks write `rcsl` for the label (3p).
 */
export function readGeo(text: string): GeoText | undefined {
  const match = /^\s*geo:\s*(-?[\d.]{1,20})\s*,\s*(-?[\d.]{1,20})(?:,-?[\d.]{1,20})?((?:;[^\r\n]{0,2000})?)\s*$/i.exec(
    text,
  );
  const latitude = asNumber(match?.[1]);
  const longitude = asNumber(match?.[2]);
  if (latitude === undefined || longitude === undefined || !isPlace(latitude, longitude)) return undefined;
  const found: GeoText = { latitude, longitude };
  for (const parameter of (match?.[3] ?? '').split(';')) {
    const [, key = '', value = ''] = /^\s*([\w-]+)\s*=(.*)$/s.exec(parameter) ?? [];
    if (/^crs$/i.test(key) && /^gcj-?02$/i.test(value.trim())) found.gcj02 = true;
    if (/^rcs-?l$/i.test(key) && value !== '') found.name = decoded(value).slice(0, 200);
  }
  return found;
}

/** Whether these degrees are on Earth. */
export function isPlace(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

/** A place as text that phones show as a map; degrees of the Chinese datum, as China's networks expect them. */
export function writeGeo({ latitude, longitude, name }: GeoText): string {
  const label = name === undefined || name === '' ? '' : `;rcs-l=${encodeURIComponent(name.toWellFormed())}`;
  return `geo:${latitude},${longitude};crs=gcj02;u=10${label}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Degrees of the world's datum in the one of Chinese maps (GCJ-02), to within a metre or so; outside China they are the
 * same. The formula is the widely published one: a shift by sums of sines over the Krasovsky ellipsoid.
 */
export function toGcj02(latitude: number, longitude: number): { latitude: number; longitude: number } {
  if (latitude < 0.8293 || latitude > 55.8271 || longitude < 72.004 || longitude > 137.8347)
    return { latitude, longitude };
  const x = longitude - 105;
  const y = latitude - 35;
  const radius = 6_378_245;
  const eccentricity = 0.006_693_421_622_965_943;
  const radians = (latitude / 180) * Math.PI;
  const curve = 1 - eccentricity * Math.sin(radians) ** 2;
  const north = (waves(x, y, 'north') * 180) / (((radius * (1 - eccentricity)) / curve ** 1.5) * Math.PI);
  const east = (waves(x, y, 'east') * 180) / ((radius / Math.sqrt(curve)) * Math.cos(radians) * Math.PI);
  return { latitude: rounded(latitude + north), longitude: rounded(longitude + east) };
}

/** The other way round, by what the shift is thereabouts: to within a metre or so. */
export function toWgs84(latitude: number, longitude: number): { latitude: number; longitude: number } {
  const there = toGcj02(latitude, longitude);
  const nearer = { latitude: 2 * latitude - there.latitude, longitude: 2 * longitude - there.longitude };
  const again = toGcj02(nearer.latitude, nearer.longitude);
  return {
    latitude: rounded(nearer.latitude + latitude - again.latitude),
    longitude: rounded(nearer.longitude + longitude - again.longitude),
  };
}

/** The shift in metres; `x` and `y` are degrees from the middle of the country. */
function waves(x: number, y: number, towards: 'north' | 'east'): number {
  const sine = (value: number) => Math.sin(value * Math.PI);
  const root = Math.sqrt(Math.abs(x));
  const shared = (20 * sine(6 * x) + 20 * sine(2 * x)) * (2 / 3);
  if (towards === 'north') {
    const plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    const short = (20 * sine(y) + 40 * sine(y / 3)) * (2 / 3);
    return plain + shared + short + (160 * sine(y / 12) + 320 * sine(y / 30)) * (2 / 3);
  }
  const plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
  const short = (20 * sine(x) + 40 * sine(x / 3)) * (2 / 3);
  return plain + shared + short + (150 * sine(x / 12) + 300 * sine(x / 30)) * (2 / 3);
}

/** To about a decimetre. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
