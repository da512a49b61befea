/** A JSON schema as the API document has it: only what the generator reads. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A generator of numbers from 0 to 1 that follows from its seed alone (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Texts that have broken something somewhere. */
const NASTY: readonly unknown[] = [
  '',
  ' ',
  'x'.repeat(5_000),
  'a\u0000b',
  '\ud800',
  "' or 1=1 --",
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '%00',
  '%zz',
  '\u202e😀',
  '{"a":1}',
  '-1',
  '1e999',
  'null',
  '2025-02-30T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '275760-09-13T00:00:00Z',
  -1,
  0,
  1e300,
  9_007_199_254_740_991,
  null,
  true,
  [],
  {},
  [[[]]],
  { __proto__x: 1, constructor: { prototype: {} } },
];

export type Random = () => number;

export function pick<T>(random: Random, items: readonly T[]): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** A value that mostly fits the schema; one in four is something else altogether. */
export function valueFor(random: Random, schema: Schema, known: readonly string[]): unknown {
  if (random() < 0.25) return pick(random, NASTY);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(random, schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return valueFor(random, pick(random, options) ?? {}, known);
  switch (schema.type) {
    case 'object':
      return objectFor(random, schema, known);
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () => valueFor(random, schema.items ?? {}, known));
    case 'integer':
    case 'number':
      return Math.floor(random() * 200);
    case 'boolean':
      return random() < 0.5;
    default:
      return random() < 0.7 ? pick(random, known) : `text ${Math.floor(random() * 1_000)}`;
  }
}

function objectFor(random: Random, { properties = {}, required = [] }: Schema, known: readonly string[]): unknown {
  const kept = Object.entries(properties).filter(([name]) => (required.includes(name) ? random() < 0.95 : random() < 0.4));
  return Object.fromEntries(kept.map(([name, schema]) => [name, valueFor(random, schema, known)]));
}
