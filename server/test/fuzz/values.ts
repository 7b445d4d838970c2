import type { Random } from './random.js';

/** As much of a JSON Schema as the API's document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly format?: string;
  readonly example?: unknown;
  readonly default?: unknown;
}

/** What has broken other servers: each must be refused or be taken as the plain text that it is. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\u200b\ufeff',
  '\r\nSet-Cookie: a=b',
  "' OR '1'='1' --",
  "'; DROP TABLE runs; --",
  '%',
  '_%\\',
  '%00',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  'C:\\CON',
  '/dev/stdin',
  '<script>alert(1)</script>',
  '${7*7}{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '-0',
  '1e309',
  '99999999999999999999',
  '-9223372036854775809',
  '0x7f000001',
  '2026-02-30T25:61:61Z',
  '9999999-01-01T00:00:00Z',
  '0000-00-00',
  'http://127.0.0.2:9/',
  '(a+)+$',
  '💥'.repeat(300),
  'x'.repeat(70_000),
];

const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.1,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  [],
  {},
  [[[[]]]],
  [null],
  { $ne: null },
  { length: 1e9 },
  { toString: 'x' },
  { constructor: { prototype: { admin: true } } },
  JSON.parse('{"__proto__":{"admin":true}}') as unknown,
  Array.from({ length: 2000 }, () => 0),
];

export const hostileText = (random: Random): string => random.pick(HOSTILE_TEXTS);
export const hostileValue = (random: Random): unknown =>
  random.chance(0.6) ? hostileText(random) : random.pick(HOSTILE_VALUES);

export type Resolve = (schema: Schema) => Schema;

/** A value that the schema allows, often at one of its bounds. */
export function validValue(schema: Schema, random: Random, resolve: Resolve, depth = 0): unknown {
  const found = resolve(schema);
  const options = found.anyOf ?? found.oneOf;
  if (options !== undefined) return validValue(random.pick(options), random, resolve, depth);
  if (found.allOf !== undefined) return validValue(found.allOf[0] ?? {}, random, resolve, depth);
  if (found.example !== undefined && random.chance(0.5)) return found.example;
  if (found.enum !== undefined) return random.pick(found.enum);
  const type = typeof found.type === 'object' ? random.pick(found.type) : found.type;
  if (type === 'object' || found.properties !== undefined) return validObject(found, random, resolve, depth);
  if (type === 'array') {
    const length = depth > 4 ? 0 : random.integer(0, Math.min(found.maxItems ?? 3, 3));
    return Array.from({ length }, () => validValue(found.items ?? {}, random, resolve, depth + 1));
  }
  return validScalar(type, found, random);
}

function validScalar(type: string | undefined, schema: Schema, random: Random): unknown {
  if (type === 'null') return null;
  if (type === 'boolean') return random.chance(0.5);
  if (type === 'integer' || type === 'number') return validNumber(schema, random);
  if (schema.format === 'date-time') return random.pick(['2026-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z']);
  const lengths = [schema.minLength ?? 0, Math.min(schema.maxLength ?? 40, 5000), 1, 8];
  return 'q'.repeat(random.pick(lengths));
}

function validNumber({ minimum, maximum }: Schema, random: Random): number {
  return random.pick([minimum ?? 0, maximum ?? 2 ** 31 - 1, Math.max(minimum ?? 0, 1)]);
}

function validObject(schema: Schema, random: Random, resolve: Resolve, depth: number): unknown {
  const required = new Set(schema.required ?? []);
  const entries = Object.entries(schema.properties ?? {})
    .filter(([name]) => required.has(name) || random.chance(depth > 3 ? 0.1 : 0.5))
    .map(([name, property]) => [name, validValue(property, random, resolve, depth + 1)] as const);
  return Object.fromEntries(entries);
}

/** A valid value in which one place, at any depth, is hostile, missing or too many. */
export function spoil(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.8)) {
    const at = random.integer(0, value.length - 1);
    return value.map((item: unknown, index) => (index === at ? spoil(item, random) : item));
  }
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return hostileValue(random);
  const record = value as Readonly<Record<string, unknown>>;
  const name = random.pick([...Object.keys(record), hostileText(random)]);
  if (random.chance(0.15)) return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  return { ...record, [name]: spoil(record[name], random) };
}
