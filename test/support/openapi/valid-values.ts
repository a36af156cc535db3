import fc from 'fast-check';
import { type Document, resolved, type Schema } from './document.js';

/** Values for a member of this name, beside those that its schema allows: names of what exists, URLs that may be registered. */
export type KnownValues = Record<string, fc.Arbitrary<unknown>>;

const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;
const MAX_GENERATED = 6;
/** Several longer texts would not fit into one body. */
const LONGEST = 20_000;
/** Members that have no other values than known ones: any other would delete all that there is. */
const ALWAYS = new Set(['prune']);

/** Patterns that fast-check can't read, and texts that they match. */
const BY_PATTERN: Record<string, fc.Arbitrary<string>> = {
  '^(?=.{1,24}$)[a-z0-9]+(-[a-z0-9]+)*$': fc
    .stringMatching(/^[a-z0-9]{1,12}(-[a-z0-9]{1,11})?$/)
    .map((slug) => slug.slice(0, 24).replace(/-$/, '')),
};

/** Makes values of a schema, its limits included. */
export class ValidValues {
  constructor(
    private readonly document: Document,
    readonly known: KnownValues,
  ) {}

  of(given: Schema, name = ''): fc.Arbitrary<unknown> {
    const known = this.known[name];
    const schema = resolved(this.document, given);
    if (known && ALWAYS.has(name)) return known;
    // A member of this name, and not a list of the things themselves.
    const isNamed = known && schema.items?.$ref === undefined;
    return isNamed ? fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: this.bySchema(schema) }) : this.bySchema(schema); // prettier-ignore
  }

  private bySchema(schema: Schema): fc.Arbitrary<unknown> {
    // A reference with a description is the only member of `allOf`.
    const alternatives = schema.oneOf ?? schema.anyOf ?? schema.allOf;
    if (alternatives) return fc.oneof(...alternatives.map((each) => this.of(each)));
    if (schema.enum) return fc.constantFrom(...schema.enum);
    return fc.oneof(...[schema.type ?? 'object'].flat().map((type) => this.ofType(type, schema)));
  }

  private ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
    switch (type) {
      case 'string':
        return text(schema);
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000 });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return this.list(schema);
      case 'object':
        return this.object(schema);
      default:
        throw new Error(`no values of the type ${type} are made yet`);
    }
  }

  private list({ items = {}, minItems = 0, maxItems = MAX_GENERATED, uniqueItems }: Schema): fc.Arbitrary<unknown> {
    const limits = { minLength: minItems, maxLength: Math.min(maxItems, MAX_GENERATED) };
    return uniqueItems ? fc.uniqueArray(this.of(items), limits) : fc.array(this.of(items), limits);
  }

  private object({ properties, required = [], propertyNames, additionalProperties }: Schema): fc.Arbitrary<unknown> {
    if (properties) {
      // Sent as it was read, or not at all.
      const changeable = Object.entries(properties).filter(([, { readOnly }]) => readOnly !== true);
      const members = changeable.map(([name, schema]) => [name, this.of(schema, name)] as const);
      const model: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(members);
      return fc.record(model, { requiredKeys: required });
    }
    const values = typeof additionalProperties === 'object' ? this.of(additionalProperties) : fc.jsonValue();
    return fc.dictionary(text(propertyNames ?? {}), values, { maxKeys: MAX_GENERATED });
  }
}

/** Texts of a schema: of any characters but NUL, of the longest and the shortest length too. */
function text({ pattern, format, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return futureDates();
  if (format === 'uuid') return fc.uuid();
  if (format === 'uri') return fc.webUrl();
  if (pattern !== undefined && pattern !== '^[^\\u0000]*$') return BY_PATTERN[pattern] ?? matching(pattern, maxLength);
  const limits = { unit: 'binary', minLength, maxLength: Math.min(maxLength, 60) } as const;
  return fc.oneof(
    { weight: 8, arbitrary: fc.string(limits).map((any) => any.replaceAll('\0', '\u0001')) },
    { weight: 1, arbitrary: fc.constant('é'.repeat(Math.min(maxLength, LONGEST))) },
    { weight: 1, arbitrary: fc.constant('𝄞'.repeat(minLength)) },
  );
}

function matching(pattern: string, maxLength: number): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(pattern)).filter((any) => any.length <= maxLength || maxLength === 60);
}

function futureDates(): fc.Arbitrary<string> {
  const now = Date.now();
  const dates = fc.date({ min: new Date(now + YEAR_MS), max: new Date(now + 50 * YEAR_MS), noInvalidDate: true });
  return dates.map((date) => date.toISOString());
}
