import { CATALOGUE_LIMITS, type Era, type ItemKind, type JsonValue, type SkippedItem } from '@lethe/contracts';
import { isObject, valueNestsDeeperThan } from '@lethe/mcp';
import { isCanonicalJson } from '@lethe/sealing';
import { specTypeSchemas } from '@modelcontextprotocol/client';
import { PromptSchema, ResourceSchema, ResourceTemplateSchema, ToolSchema } from '@modelcontextprotocol/sdk/types.js';

type Rule = SkippedItem['reason'];

/**
 * An item is well-formed if the official schema of its era accepts it: strict clients reject a whole list because of
 * one invalid item. The schemas only decide; the item is kept as it was received.
 */
const IS_WELL_FORMED: Record<Era, Record<ItemKind, (item: unknown) => boolean>> = {
  legacy: {
    tool: (item) => ToolSchema.safeParse(item).success,
    resource: (item) => ResourceSchema.safeParse(item).success,
    resourceTemplate: (item) => ResourceTemplateSchema.safeParse(item).success,
    prompt: (item) => PromptSchema.safeParse(item).success,
  },
  modern: {
    tool: (item) => accepts(specTypeSchemas.Tool, item),
    resource: (item) => accepts(specTypeSchemas.Resource, item),
    resourceTemplate: (item) => accepts(specTypeSchemas.ResourceTemplate, item),
    prompt: (item) => accepts(specTypeSchemas.Prompt, item),
  },
};

/** The rule that an item breaks on its own; `undefined` if it may be kept. */
export function brokenRule(era: Era, kind: ItemKind, own: JsonValue | undefined, item: JsonValue): Rule | undefined {
  if (!isObject(item) || typeof own !== 'string') return 'malformed';
  if (valueNestsDeeperThan(item, CATALOGUE_LIMITS.maxDepth)) return 'too_deep';
  if (bytesOf(item) > CATALOGUE_LIMITS.maxItemBytes) return 'too_large';
  // What has no canonical form (a number out of range, half a surrogate pair) cannot be signed.
  if (!isCanonicalJson(item) || !IS_WELL_FORMED[era][kind](item)) return 'malformed';
  return LEGAL_OWN[kind].test(own) ? undefined : 'name_illegal';
}

/** Length of the JSON text in UTF-8 bytes. */
export function bytesOf(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Names are shown to people and sent in headers, so control characters and line ends are illegal. */
const NAME = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,256}$/u;
const URI = /^[^\p{Cc}\p{Z}]{1,2048}$/u;
const LEGAL_OWN: Record<ItemKind, RegExp> = { tool: NAME, prompt: NAME, resource: URI, resourceTemplate: URI };

interface SyncSchema {
  '~standard': { validate: (value: unknown) => { issues?: unknown } | PromiseLike<unknown> };
}

function accepts(schema: SyncSchema, item: unknown): boolean {
  const result = schema['~standard'].validate(item);
  return !('then' in result) && result.issues === undefined;
}
