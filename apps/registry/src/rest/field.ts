import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';

/** The parts of a JSON Schema that rules decide. */
interface RuleSchema {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  uniqueItems?: boolean;
}

interface Rule {
  name?: string;
  type: string;
  constraints?: unknown[];
  each: boolean;
}

/** PostgreSQL stores no NUL, so no text has one. */
const STORABLE = '^[^\\u0000]*$';

/** Rules whose only constraint is a limit, and the keyword that tells it. */
const LIMITS: Record<string, { keyword: string; type?: string }> = {
  minLength: { keyword: 'minLength' },
  maxLength: { keyword: 'maxLength', type: 'string' },
  min: { keyword: 'minimum' },
  max: { keyword: 'maximum' },
  arrayMinSize: { keyword: 'minItems', type: 'array' },
  arrayMaxSize: { keyword: 'maxItems', type: 'array' },
};
const TYPES: Record<string, RuleSchema> = {
  isString: { type: 'string' },
  isBoolean: { type: 'boolean' },
  isInt: { type: 'integer' },
  isArray: { type: 'array' },
  isDateTime: { type: 'string', format: 'date-time' },
  arrayUnique: { type: 'array', uniqueItems: true },
};

/**
 * A member of a request. Its schema in the OpenAPI document is made from the class-validator rules that follow this
 * decorator, so a limit stands in one place. Options add what no rule says: a description, a default, the class of nested
 * objects, the schema of a rule of our own.
 */
export function Field(options: ApiPropertyOptions = {}): PropertyDecorator {
  return (target, name) => {
    const schema: ApiPropertyOptions = Object.assign({}, memberSchema(target, String(name)), describedDefault(options));
    ApiProperty(schema)(target, name);
  };
}

/**
 * A default is told in words: as a keyword it would also stand in the schema of a change, which sets nothing that is absent, and
 * generators of clients take such a member for one that is always there.
 */
function describedDefault(options: { default?: unknown; description?: string }): object {
  const { default: initial, description = '', ...others } = options;
  if (initial === undefined) return options;
  const told = `${JSON.stringify(initial)} unless it was ever given`;
  return { ...others, description: description === '' ? told : `${description}; ${told}` };
}

function memberSchema(target: object, name: string): object {
  const rules = rulesOf(target, name);
  const own = merged(rules.filter(({ each }) => !each));
  const items = merged(rules.filter(({ each }) => each));
  const isList = own.type === 'array';
  const schema = isList ? { ...own, ...(Object.keys(items).length > 0 && { items }) } : own;
  const { isOptional, isNullable } = presence(rules, name);
  return { ...schema, required: !isOptional, ...(isNullable && { nullable: true }) };
}

function rulesOf(target: object, name: string): Rule[] {
  const all: (Rule & { propertyName: string })[] = getMetadataStorage().getTargetValidationMetadatas(
    target.constructor,
    '',
    false,
    false,
  );
  return all.filter(({ propertyName }) => propertyName === name);
}

function merged(rules: Rule[]): RuleSchema {
  const schema = rules.map(schemaOf).reduce<RuleSchema>((all, part) => ({ ...all, ...part }), {});
  const isFreeText = schema.type === 'string' && !schema.pattern && !schema.enum && !schema.format;
  return isFreeText ? { ...schema, pattern: STORABLE } : schema;
}

function schemaOf({ name = '', constraints }: Rule): RuleSchema {
  const limit = LIMITS[name];
  const constraint: unknown = constraints?.[0];
  if (limit) return { ...(limit.type !== undefined && { type: limit.type }), [limit.keyword]: constraint };
  if (name === 'matches' && constraint instanceof RegExp) return { type: 'string', pattern: constraint.source };
  if (name === 'isIn' && Array.isArray(constraint)) return { type: typeof constraint[0], enum: constraint };
  return TYPES[name] ?? {};
}

/** Whether the rules let a member be absent, or null: they are asked, because a condition is a function. */
function presence(rules: Rule[], name: string): { isOptional: boolean; isNullable: boolean } {
  const conditions = rules
    .filter(({ type }) => type === 'conditionalValidation')
    .flatMap(({ constraints = [] }) => constraints.filter(isCondition));
  const skips = (value: unknown): boolean => conditions.some((isWanted) => !isWanted({ [name]: value }, value));
  return { isOptional: skips(undefined), isNullable: skips(null) };
}

function isCondition(value: unknown): value is (object: object, value: unknown) => boolean {
  return typeof value === 'function';
}
