import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject, visibleLine, withoutSquareBrackets } from '@lethe/mcp';

/** The members of a form's schema that clients show to a person. */
const SHOWN = new Set(['title', 'description']);
const SHOWN_LIST = 'enumNames';
/** Members whose values are data: they come back to the upstream as they are. */
const DATA = new Set(['const', 'default', 'enum']);
/** A form has properties, and lists of choices in them; nothing deeper is shown. */
const MAX_DEPTH = 8;

/** Text of an upstream for a person: one visible line. Square brackets become round: only Lethe names gateways in them. */
export function personText(text: string): string {
  return withoutSquareBrackets(visibleLine(text));
}

/** The schema of a form with all texts that a person reads as `personText`; the same object if nothing changed. */
export function schemaForPerson(schema: JsonObject): JsonObject {
  const shown = forPerson(schema, 0);
  return isObject(shown) ? shown : schema;
}

function forPerson(value: JsonValue, depth: number): JsonValue {
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => forPerson(item, depth + 1));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, memberForPerson(name, member, depth)] as const);
  return entries.some(([name, member]) => member !== value[name]) ? Object.fromEntries(entries) : value;
}

function memberForPerson(name: string, member: JsonValue, depth: number): JsonValue {
  if (typeof member === 'string') return SHOWN.has(name) ? personText(member) : member;
  if (name === SHOWN_LIST && Array.isArray(member)) {
    const names = member.map((each) => (typeof each === 'string' ? personText(each) : each));
    return names.some((each, at) => each !== member[at]) ? names : member;
  }
  return DATA.has(name) ? member : forPerson(member, depth + 1);
}
