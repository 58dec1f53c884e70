import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Capabilities, Limit } from '../../../adapters/contract/index.ts';
import { type AdapterSample, settingsOf } from './sample.ts';

interface JsonSchema {
  title?: string;
  description?: string;
  writeOnly?: boolean;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

const soundsSecret = /secret|token|password|private|credential|aeskey|appkey|apikey/i;
const mimeType = /^(\*|[a-z]+\/(\*|[\w.+-]+))$/;

/** Settings, what may be told of them, and what they say the channel can carry. */
export function settingsSuite<Settings>(sample: AdapterSample<Settings>): void {
  const { adapter } = sample;

  describe('settings', () => {
    it('are those of the sample, and refuse what they do not have', () => {
      expect(adapter.settings.safeParse(sample.settings).error).toBeUndefined();
      const more = { ...(sample.settings as object), somethingUnknown: 1 };
      expect(adapter.settings.safeParse(more).success).toBe(false);
    });

    it('become a JSON Schema whose fields are explained and whose secrets are write-only', () => {
      const schema = z.toJSONSchema(adapter.settings, { io: 'input' }) as JsonSchema;
      const fields = fieldsOf(schema);
      expect(fields.length).toBeGreaterThan(0);
      for (const { path, field } of fields) {
        expect(field.title, `title of ${path}`).toMatch(/\S/);
        expect(field.description, `description of ${path}`).toMatch(/\S/);
        const name = path.split('.').at(-1) ?? '';
        const secret = soundsSecret.test(name) && sample.notSecret?.includes(name) !== true;
        if (secret) expect(field.writeOnly, `${path} is a secret`).toBe(true);
      }
    });

    it('of each variant are valid', () => {
      for (const { title, settings } of adapter.variants ?? []) {
        expect(adapter.settings.safeParse(settings).error, title).toBeUndefined();
      }
    });
  });

  describe('capabilities', () => {
    const all = () => [settingsOf(sample), ...(adapter.variants ?? []).map(({ settings }) => settings)];

    it('are the same for the same settings, and plain JSON', () => {
      for (const settings of all()) {
        const found = adapter.capabilities(settings);
        expect(adapter.capabilities(settings)).toEqual(found);
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      }
    });

    it('make sense', () => {
      for (const settings of all()) expectSensible(adapter.capabilities(settings), adapter.live !== undefined);
    });
  });

  it('names itself, and is either connected to or written to', () => {
    expect(adapter.type).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(adapter.title.trim()).toBe(adapter.title);
    expect(adapter.title).not.toBe('');
    if (adapter.live === undefined) {
      expect(adapter.prepare).toBeTypeOf('function');
      expect(adapter.create).toBeTypeOf('function');
    }
  });
}

/** Every property at any depth, with its path. */
function fieldsOf(schema: JsonSchema, path = ''): { path: string; field: JsonSchema }[] {
  const inner = [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
  ];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [{ path: at, field }, ...fieldsOf(field, at)];
    }),
    ...inner.flatMap((one) => fieldsOf(one, path)),
  ];
}

function expectLimit(limit: Limit | undefined, what: string): void {
  if (limit === undefined) return;
  expect(Number.isInteger(limit.max) && limit.max > 0, what).toBe(true);
  expect(['bytes', 'utf16', 'graphemes'], what).toContain(limit.unit);
}

function expectSensible(found: Capabilities, live: boolean): void {
  expectLimit(found.text, 'text');
  expect(found.text.max, 'a text worth the name').toBeGreaterThanOrEqual(100);
  expect(found.presence).toBe(live ? 'live' : 'none');
  expect(found.attachments.max).toBeGreaterThanOrEqual(0);
  expect(found.attachments.max).toBeLessThanOrEqual(10);
  for (const type of found.attachments.types) expect(type).toMatch(mimeType);
  for (const [kind, file] of Object.entries(found.files ?? {})) {
    expect(file.maxBytes, `${kind} within what goes at all`).toBeLessThanOrEqual(found.attachments.maxBytes);
    expect(file.types.length, kind).toBeGreaterThan(0);
    for (const type of file.types) expect(type, kind).toMatch(mimeType);
    expectLimit(file.caption, `caption of ${kind}`);
    if (file.by === 'link') expect(found.linkLifetime, 'how long a link must live').toBeGreaterThan(0);
  }
  for (const [what, taps] of Object.entries({
    quickReplies: found.quickReplies,
    buttons: found.buttons,
    cards: found.cards,
  })) {
    if (taps === undefined) continue;
    expect(taps.max, what).toBeGreaterThan(0);
    expectLimit(taps.title, `${what}.title`);
    if ('text' in taps) expectLimit(taps.text, `${what}.text`);
  }
  if (!live) expect(found.idempotency, 'whether repeats are known').toMatch(/^(key|none)$/);
  if (found.window !== undefined) expect(found.window.duration).toBeGreaterThan(0);
  const { parkAfter, closeAfter, reopenWithin, abandonAfter } = found.lifecycle;
  for (const time of [parkAfter, closeAfter, abandonAfter]) if (time !== null) expect(time).toBeGreaterThan(0);
  expect(reopenWithin).toBeGreaterThanOrEqual(0);
  if (!live) expect(abandonAfter, 'nobody is ever gone').toBeNull();
}
