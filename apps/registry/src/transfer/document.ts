import type { JsonObject } from '@lethe/contracts';
import { isObject, parseJson } from '@lethe/mcp';

/** What a document of this form begins with. Another form gets another version. */
export const API_VERSION = 'lethe/v1';

/** Limits of a document. */
export const DOCUMENT_LIMITS = {
  maxBytes: 16 * 1024 * 1024,
  /** Words, values and signs. The most gateways and virtual servers, with five rules each, have 0.9 million. */
  maxTokens: 1_500_000,
  maxGateways: 2_000,
  maxServers: 5_000,
  maxNames: 20_000,
} as const;

/** An object of a document: fields by their names, as JSON. */
export type Exported = JsonObject;

/** The members of these names, without those that say nothing. */
export function picked(view: object, names: readonly string[]): Exported {
  const members = names.map((name) => [name, Reflect.get(view, name) as unknown] as const);
  return asJson(Object.fromEntries(members.filter(([, value]) => value !== undefined && value !== null)));
}

/** As JSON, with the names of all objects in order: the same content always gives the same text. */
export function asJson(value: object): Exported {
  const json = parseJson(JSON.stringify(value, inOrder));
  return isObject(json) ? json : {};
}

function inOrder(_name: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
