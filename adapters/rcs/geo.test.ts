import { describe, expect, it } from 'vitest';
import { readGeo, toGcj02, toWgs84, writeGeo } from './geo.ts';

describe('a place in a text', () => {
  it('is read with label and datum', () => {
    expect(readGeo('geo:50.7311865,7.0914591;crs=gcj02;u=10;rcs-l=Qingfeng%20Steamed%20%F0%9F%8D%9A')).toEqual({
      latitude: 50.7311865,
      longitude: 7.0914591,
      gcj02: true,
      name: 'Qingfeng Steamed 🍚',
    });
    expect(readGeo(' GEO:-33.5, 151.2,40 ')).toEqual({ latitude: -33.5, longitude: 151.2 });
  });

  it('keeps a label that is not escaped as it should be', () => {
    expect(readGeo('geo:1,2;rcs-l=100%')).toEqual({ latitude: 1, longitude: 2, name: '100%' });
  });

  it.each(['geo:', 'geo:1', 'geo:91,0', 'geo:0,181', 'geo:a,b', 'see geo:1,2', 'geo:1,2\nand more', 'geology'])(
    'is not in %j',
    (text) => {
      expect(readGeo(text)).toBeUndefined();
    },
  );

  it('is found or not in bounded time', () => {
    const started = performance.now();
    for (const text of [
      `geo:1,2${';'.repeat(1_000_000)}`,
      `${' '.repeat(1_000_000)}x`,
      `geo:${'1'.repeat(1_000_000)}`,
    ]) {
      readGeo(text);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is written as it is read', () => {
    const place = { latitude: 31.2304, longitude: 121.4737, name: "People's Square; 人民广场" };
    expect(readGeo(writeGeo(place))).toEqual({ ...place, gcj02: true });
  });
});

describe('the datum of Chinese maps', () => {
  // Published pairs of other converters, to four digits (some ten metres).
  it.each([
    ['Beijing', 39.9087, 116.3975, 39.9101, 116.4037],
    ['Shanghai', 31.2304, 121.4737, 31.2285, 121.4782],
  ])('shifts %s by what is known', (_, latitude, longitude, north, east) => {
    const there = toGcj02(latitude, longitude);
    expect(there.latitude).toBeCloseTo(north, 3);
    expect(there.longitude).toBeCloseTo(east, 3);
  });

  it('shifts nothing outside China', () => {
    expect(toGcj02(52.52, 13.405)).toEqual({ latitude: 52.52, longitude: 13.405 });
  });

  it('is undone to within two metres', () => {
    for (const [latitude, longitude] of [
      [39.9087, 116.3975],
      [22.5431, 114.0579],
      [43.8256, 87.6168],
    ] as const) {
      const there = toGcj02(latitude, longitude);
      const back = toWgs84(there.latitude, there.longitude);
      expect(Math.abs(back.latitude - latitude)).toBeLessThan(2e-5);
      expect(Math.abs(back.longitude - longitude)).toBeLessThan(2e-5);
    }
  });
});
