import fc from 'fast-check';

/** What a field can be instead of what it should be. */
const wrong: unknown[] = [
  null,
  true,
  0,
  -1,
  1e21,
  '',
  'x',
  '\0',
  'x'.repeat(5_000),
  [],
  [null],
  {},
  { id: {} },
  nested(60),
  Array.from({ length: 2_000 }, () => 'x'),
  '__proto__',
  2 ** 53,
];

function nested(depth: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

/** Payloads that are almost as the platform sends them: fields missing, of another type, doubled, hostile. */
export function mutationsOf(payloads: readonly unknown[]): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(10_000),
    how: fc.constantFrom('replace' as const, 'remove' as const, 'double' as const, 'wrap' as const, 'number' as const),
    by: fc.constantFrom(...wrong),
  });
  return fc
    .tuple(fc.constantFrom(...payloads), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([payload, changes]) => changes.reduce((value, { at, how, by }) => changed(value, at, how, by), payload));
}

interface Place {
  path: (string | number)[];
}

function placesOf(value: unknown, path: (string | number)[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return [{ path }];
  const inner = Array.isArray(value)
    ? value.slice(0, 50).flatMap((one, index) => placesOf(one, [...path, index]))
    : Object.entries(value).flatMap(([key, one]) => placesOf(one, [...path, key]));
  return [{ path }, ...inner];
}

/** A copy with one place changed. */
function changed(
  value: unknown,
  at: number,
  how: 'replace' | 'remove' | 'double' | 'wrap' | 'number',
  by: unknown,
): unknown {
  const places = placesOf(value);
  const path = places[at % places.length]?.path ?? [];
  const edit = (current: unknown, [step, ...rest]: (string | number)[]): unknown => {
    if (step === undefined) {
      if (how === 'double') return [current, current];
      if (how === 'wrap') return { value: current };
      if (how === 'number') return Number(current) || 7;
      return by;
    }
    if (Array.isArray(current)) {
      if (rest.length === 0 && how === 'remove') return current.filter((_, index) => index !== step);
      return current.map((one, index) => (index === step ? edit(one, rest) : one));
    }
    const fields = { ...(current as Record<string, unknown>) };
    if (rest.length === 0 && how === 'remove') delete fields[step];
    else fields[step] = edit(fields[step], rest);
    return fields;
  };
  return edit(value, path);
}
