import type { JsonValue } from '@lethe/contracts';
import type { Formats } from '../../text/text.js';
import type { Broken } from './check-value.js';
import type { SchemaNode } from './read-schema.js';
import { SCHEMA } from './texts.js';

type Text = Formats['text'];

/** The type of a value in words: `list of string`, `integer or null`. */
export function typeWords(node: SchemaNode, text: Text): string {
  const words = node.types.map((type) => (type === 'array' ? listWords(node, text) : type));
  const last = words.pop();
  if (last === undefined) {
    return node.variants.length > 0 ? variantWords(node, text) : text(SCHEMA.any);
  }
  return words.length === 0 ? last : text(SCHEMA.or, { types: words.join(', '), last });
}

function listWords({ items }: SchemaNode, text: Text): string {
  return items && items.types.length > 0 ? text(SCHEMA.listOf, { of: typeWords(items, text) }) : text(SCHEMA.list);
}

function variantWords({ variants }: SchemaNode, text: Text): string {
  const simple = variants.every(({ types, members }) => types.length > 0 && members.length === 0);
  if (!simple || variants.length > 4) return text(SCHEMA.variants, { count: variants.length });
  const words = variants.map((each) => typeWords(each, text));
  const last = words.pop() ?? '';
  return words.length === 0 ? last : text(SCHEMA.or, { types: words.join(', '), last });
}

/** What is wrong with a value, as a sentence. */
export function brokenWords({ keyword }: Broken, node: SchemaNode, text: Text): string {
  if (keyword === 'type') return text(SCHEMA.type);
  if (keyword === 'enum' || keyword === 'const') return text(SCHEMA.enum);
  const limit = node.rules.find(([name]) => name === keyword)?.[1];
  return text(SCHEMA.broken, { rule: limit === undefined ? keyword : `${keyword} ${limit}` });
}

/** A value as people write it: texts without quotes, everything else as JSON. */
export function valueWords(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const CUTS = {
  depth: SCHEMA.cutDepth,
  cycle: SCHEMA.cutCycle,
  size: SCHEMA.cutSize,
  elsewhere: SCHEMA.cutElsewhere,
} as const;

/** Why a schema is not shown further. */
export function cutWords({ cut }: SchemaNode, text: Text): string | undefined {
  return cut && text(CUTS[cut]);
}

/** A JSON pointer (RFC 6901) to a member or entry. */
export function pointerTo(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
