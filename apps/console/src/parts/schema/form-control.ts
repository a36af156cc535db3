import type { JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { JsonType, SchemaNode } from './read-schema.js';

/** With what a value is typed. `json`: as JSON, where nothing else fits. */
export type Control = 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'list' | 'group' | 'variants' | 'json';

const BY_TYPE: Record<JsonType, Control> = {
  string: 'text',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  array: 'list',
  object: 'group',
  null: 'json',
};

/** The schema without the variant `null`, by which generators say that a value is optional. */
export function withoutNull(node: SchemaNode): SchemaNode {
  const real = node.variants.filter(({ types }) => !(types.length === 1 && types[0] === 'null'));
  const [only] = real;
  if (only === undefined || real.length !== 1 || node.members.length > 0) return node;
  return {
    ...only,
    title: node.title ?? only.title,
    description: node.description ?? only.description,
    byDefault: node.byDefault ?? only.byDefault,
  };
}

/** What fits the schema. */
export function controlOf(node: SchemaNode): Control {
  if (node.cut !== undefined) return 'json';
  if (node.allowed !== undefined) return node.allowed.length > 0 ? 'choice' : 'json';
  const types = node.types.filter((type) => type !== 'null');
  const [type] = types;
  if (type === undefined || types.length > 1) return node.variants.length > 1 ? 'variants' : 'json';
  if (type === 'object' && node.members.length === 0) return node.variants.length > 1 ? 'variants' : 'json';
  if (type === 'array' && node.items === undefined) return 'json';
  return BY_TYPE[type];
}

/** What fits the schema and the value that is there: a value that a control can't show is edited as JSON. */
export function controlFor(node: SchemaNode, value: JsonValue | undefined): Control {
  const control = controlOf(node);
  return value === undefined || shows(control, node, value) ? control : 'json';
}

function shows(control: Control, node: SchemaNode, value: JsonValue): boolean {
  switch (control) {
    case 'text':
      return typeof value === 'string';
    case 'number':
    case 'integer':
      // A text that is no number stays in the field, and the check says what is wrong.
      return typeof value === 'number' || typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return node.allowed?.some((each) => JSON.stringify(each) === JSON.stringify(value)) ?? false;
    case 'list':
      return Array.isArray(value);
    case 'group':
      return isObject(value);
    default:
      return true;
  }
}

/** What a form begins with: what is required and has a default or only one value. Everything else is left out. */
export function firstValue(node: SchemaNode): JsonValue | undefined {
  if (node.byDefault !== undefined) return node.byDefault;
  if (node.allowed?.length === 1) return node.allowed[0];
  if (controlOf(node) !== 'group') return undefined;
  let value: JsonValue = {};
  for (const { name, isRequired, node: member } of node.members) {
    if (isRequired) value = withMember(value, name, firstValue(withoutNull(member)));
  }
  return value;
}

/** The object with a member, or without it if the value is undefined. Also for a name such as `__proto__`. */
export function withMember(object: JsonValue | undefined, name: string, value: JsonValue | undefined): JsonValue {
  const { [name]: _before, ...others } = isObject(object) ? object : {};
  if (value === undefined) return others;
  // Where it was, a member stays in its place.
  return isObject(object) && Object.hasOwn(object, name) ? { ...object, [name]: value } : { ...others, [name]: value };
}

/** A member of an object, if it is its own. */
export function memberOf(object: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** What a field for numbers holds: the number that was typed, or the text if it is none that JSON and JavaScript keep. */
export function typedNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  const isKept = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isKept && /^-?\d/.test(trimmed) ? number : text;
}

/** What a new entry of a list begins with: what its schema says, or else the emptiest value of its type. */
export function emptyOf(node: SchemaNode): JsonValue {
  const first = firstValue(node) ?? node.allowed?.[0];
  if (first !== undefined) return first;
  const empty: Partial<Record<Control, JsonValue>> = { text: '', number: 0, integer: 0, boolean: false, list: [] };
  return empty[controlOf(node)] ?? null;
}

/** Whether a value may be of a variant: by its type, and for an object by the members that have to be there. */
export function fitsRoughly(node: SchemaNode, value: JsonValue): boolean {
  if (node.allowed) return shows('choice', node, value);
  if (isObject(value) && node.members.length > 0) {
    return node.members.every(({ name, isRequired, node: member }) => {
      const own = memberOf(value, name);
      return own === undefined ? !isRequired : member.allowed === undefined || shows('choice', member, own);
    });
  }
  return (
    node.types.length === 0 ||
    node.types.includes(typeOf(value)) ||
    (typeof value === 'number' && node.types.includes('number'))
  );
}

function typeOf(value: JsonValue): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'string') return 'string';
  return typeof value === 'boolean' ? 'boolean' : 'object';
}
