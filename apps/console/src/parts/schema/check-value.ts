import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';

/** What a value breaks. */
export interface Broken {
  /** JSON pointer (RFC 6901) into the value. */
  pointer: string;
  /** The keyword of JSON Schema, such as `minimum`. */
  keyword: string;
}

/** What a check found. `isChecked` is false for a schema that is too large or refers to something elsewhere. */
export interface Check {
  isChecked: boolean;
  broken: readonly Broken[];
}

const MOST_PARTS = 20_000;
const MOST_DEPTH = 60;
/** Comparisons of a part of a schema with a part of a value: references can double their number with each step. */
const MOST_STEPS = 100_000;
/** So many values of an `enum`, or pairs of values under `uniqueItems`, take as long as one step. */
const IN_A_STEP = { values: 50, pairs: 4_000 } as const;
const UNCHECKED: Check = { isChecked: false, broken: [] };
/** They only repeat what is broken further inside. */
const AROUND = new Set([
  'properties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
  'additionalProperties',
  'additionalItems',
]);
const EXPRESSIONS = new Set(['pattern', 'patternProperties']);
/** Values, not schemas: `const: { pattern: 'x' }` stays as it is. */
const DATA = new Set(['const', 'enum', 'default', 'examples']);
/** Their members are names of schemas. */
const NAMES_OF = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);

/**
 * Checks a value by a schema of an upstream, in the page and without `eval`. `pattern` is not checked: the expression of a
 * stranger could keep the page busy for ever. The upstream checks everything again.
 */
export function checkValue(schema: unknown, value: JsonValue): Check {
  const copier = new Copier(partsOf(value));
  const copied = copier.copy(schema, 0, false);
  if (copier.isTooLarge || !isSchema(copied)) return UNCHECKED;
  try {
    const draft = copied.$schema?.includes('draft-07') ? '7' : '2020-12';
    const { errors } = new Validator(copied, draft, false).validate(bare(value));
    return { isChecked: true, broken: brokenOf(errors) };
  } catch {
    // It refers to what is not in the document, or to itself without end, or the check would take too long.
    return UNCHECKED;
  }
}

function brokenOf(errors: readonly OutputUnit[]): Broken[] {
  const all = errors.map(({ instanceLocation, keyword }) => ({ pointer: instanceLocation.slice(1), keyword }));
  const inner = all.filter(({ keyword }) => !AROUND.has(keyword));
  const distinct = new Map((inner.length > 0 ? inner : all).map((each) => [`${each.pointer} ${each.keyword}`, each]));
  return [...distinct.values()];
}

/** Copies a schema within limits, without regular expressions. To check by the copy takes a limited number of steps. */
class Copier {
  private parts = 0;
  private steps = 0;
  isTooLarge = false;

  constructor(private readonly valueParts: number) {}

  copy(value: unknown, depth: number, areNames: boolean): unknown {
    this.parts += 1;
    if (this.parts > MOST_PARTS || depth > MOST_DEPTH) this.isTooLarge = true;
    if (this.isTooLarge) return true;
    if (Array.isArray(value)) return value.map((each: unknown) => this.copy(each, depth + 1, false));
    if (!isObject(value)) return value;
    const copied: Record<string, unknown> = {};
    for (const [name, part] of Object.entries(value)) {
      if (!areNames && EXPRESSIONS.has(name)) continue;
      const isData = !areNames && DATA.has(name);
      const copy = isData ? part : this.copy(part, depth + 1, !areNames && NAMES_OF.has(name));
      Object.defineProperty(copied, name, { value: copy, enumerable: true, configurable: true, writable: true });
    }
    if (!areNames) this.countUses(copied);
    return copied;
  }

  /** The validator reads `$ref` of a schema each time that it compares something with it. */
  private countUses(schema: Record<string, unknown>): void {
    const { $ref, enum: values, uniqueItems } = schema;
    const compared = Array.isArray(values) ? values.length / IN_A_STEP.values : 0;
    const paired = uniqueItems === true ? this.valueParts ** 2 / IN_A_STEP.pairs : 0;
    const get = (): unknown => {
      this.steps += 1 + compared + paired;
      if (this.steps > MOST_STEPS) throw new Error('The check takes too long');
      return $ref;
    };
    Object.defineProperty(schema, '$ref', { get, enumerable: $ref !== undefined });
  }
}

/** How many parts a value has, itself among them. */
function partsOf(value: JsonValue | undefined): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, part) => sum + partsOf(part), 1);
}

/** The value without prototypes, so that no name is there that nobody has typed. */
function bare(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  const object: JsonObject = {};
  Object.setPrototypeOf(object, null);
  for (const [name, member] of Object.entries(value)) object[name] = bare(member);
  return object;
}

function isSchema(value: unknown): value is Schema {
  return isObject(value);
}
