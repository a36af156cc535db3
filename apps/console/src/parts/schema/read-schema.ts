import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { flatten } from './flatten-schema.js';

/** Types of JSON Schema (2020-12, validation, section 6.1.1). */
export const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
/** One of `JSON_TYPES`. */
export type JsonType = (typeof JSON_TYPES)[number];

/** Why a schema is not read further: nested too deeply, refers to itself, has too many parts, refers to what is not there. */
export type Cut = 'depth' | 'cycle' | 'size' | 'elsewhere';

/** A member of an object. */
export interface Member {
  name: string;
  isRequired: boolean;
  node: SchemaNode;
}

/** A part of a schema, as far as people read it and forms are made of it. */
export interface SchemaNode {
  /** None: any. */
  types: readonly JsonType[];
  title: string | undefined;
  description: string | undefined;
  /** The values of `enum` or `const`. */
  allowed: readonly JsonValue[] | undefined;
  /** `default`. */
  byDefault: JsonValue | undefined;
  /** Limits such as `minimum`, by their keywords. */
  rules: readonly (readonly [string, string])[];
  members: readonly Member[];
  /** Of an array. */
  items: SchemaNode | undefined;
  /** `oneOf` or `anyOf`. */
  variants: readonly SchemaNode[];
  cut: Cut | undefined;
}

/** How deep a schema is read, and how many parts of it. Upstreams wrote it: it may be of any size. */
export const LIMITS = { depth: 10, parts: 1_500, allowed: 500 } as const;

const RULES = [
  ...['format', 'pattern', 'minLength', 'maxLength', 'minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'],
  ...['multipleOf', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
] as const;
const NOTHING: Omit<SchemaNode, 'cut'> = {
  types: [],
  title: undefined,
  description: undefined,
  allowed: undefined,
  byDefault: undefined,
  rules: [],
  members: [],
  items: undefined,
  variants: [],
};

/**
 * Reads a JSON Schema (2020-12, or draft-07 as many servers have it) of an upstream. References within the document are
 * followed, others are not. It ends for every input, and throws for none.
 */
export function readSchema(schema: unknown): SchemaNode {
  return new Reader(schema).read(schema, 0, []);
}

class Reader {
  private parts = 0;

  constructor(private readonly document: unknown) {}

  read(schema: unknown, depth: number, path: readonly string[]): SchemaNode {
    this.parts += 1;
    if (this.parts > LIMITS.parts) return cut('size');
    if (depth > LIMITS.depth) return cut('depth');
    if (!isObject(schema)) return cut(undefined);
    const flat = flatten(schema, this.document, path);
    if ('cut' in flat) return cut(flat.cut);
    const { schema: whole, followed } = flat;
    const next = (part: unknown): SchemaNode => this.read(part, depth + 1, followed);
    const node = simple(whole);
    return {
      ...node,
      members: this.members(whole, next),
      items: isObject(whole['items']) ? next(whole['items']) : undefined,
      variants: listOf(whole['oneOf'] ?? whole['anyOf']).map(next),
      cut: undefined,
    };
  }

  private members(schema: JsonObject, next: (part: unknown) => SchemaNode): Member[] {
    const { properties } = schema;
    if (!isObject(properties)) return [];
    const required = new Set(listOf(schema['required']));
    const members: Member[] = [];
    for (const [name, part] of Object.entries(properties)) {
      // What is over the limit is one part, and not thousands that say so.
      if (this.parts > LIMITS.parts) break;
      members.push({ name, isRequired: required.has(name), node: next(part) });
    }
    return members;
  }
}

function simple(schema: JsonObject): Omit<SchemaNode, 'cut'> {
  const allowed = 'const' in schema ? [schema['const']] : schema['enum'];
  return {
    ...NOTHING,
    types: typesOf(schema),
    title: textOf(schema['title']),
    description: textOf(schema['description']),
    allowed: Array.isArray(allowed) ? allowed.flatMap(defined).slice(0, LIMITS.allowed) : undefined,
    byDefault: schema['default'],
    rules: RULES.flatMap((name) => ruleOf(name, schema[name])),
  };
}

function typesOf(schema: JsonObject): JsonType[] {
  const { type } = schema;
  const named = Array.isArray(type) ? type : [type];
  const types = JSON_TYPES.filter((each) => named.includes(each));
  if (types.length > 0) return types;
  if (isObject(schema['properties'])) return ['object'];
  return isObject(schema['items']) ? ['array'] : [];
}

function ruleOf(name: string, value: JsonValue | undefined): (readonly [string, string])[] {
  return typeof value === 'string' || typeof value === 'number' || value === true ? [[name, String(value)]] : [];
}

function cut(why: Cut | undefined): SchemaNode {
  return { ...NOTHING, cut: why };
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value.slice(0, LIMITS.allowed) : [];
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function defined(value: JsonValue | undefined): JsonValue[] {
  return value === undefined ? [] : [value];
}
