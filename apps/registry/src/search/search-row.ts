import { createHash } from 'node:crypto';
import type { CatalogueItem, ItemKind, JsonObject, JsonValue } from '@lethe/contracts';
import { nameWordsOf, vectorOf, wordsOf } from './words.js';

/** What the index has of each item at most. */
const MAX = { joined: 6, key: 100, shown: 400, nameWords: 60, titleWords: 60, words: 300 };

/** A row of the search index. */
export interface SearchRow {
  id: string;
  gateway_id: string;
  kind: ItemKind;
  own: string;
  key: string;
  title: string | null;
  description: string | null;
  stale: boolean;
  tags: readonly string[];
  words: string;
  digest: string;
}

/** What an item is found by, besides its definition. */
export interface ItemPlace {
  gateway: { id: string; slug: string };
  stale: boolean;
  tags: readonly string[];
}

/** The row of an item: names count most, then titles, then descriptions, then the slug of its gateway. */
export function searchRow(item: CatalogueItem, { gateway, stale, tags }: ItemPlace): SearchRow {
  const { kind, own, definition, legacyDefinition } = item;
  const title = textOf(definition, 'title') ?? textOf(objectOf(definition['annotations']), 'title');
  const description = textOf(definition, 'description');
  const legacyText = legacyDefinition && textOf(legacyDefinition, 'description');
  const name = textOf(definition, 'name') ?? '';
  const words = vectorOf([
    ['A', namesOf(own).slice(0, MAX.nameWords)],
    [
      'B',
      [...namesOf(kind === 'tool' || kind === 'prompt' ? '' : name), ...wordsOf(title ?? '')].slice(0, MAX.titleWords),
    ],
    ['C', [...wordsOf(description ?? ''), ...wordsOf(legacyText ?? '')].slice(0, MAX.words)],
    ['D', [...nameWordsOf(gateway.slug), ...tags.flatMap(wordsOf)].slice(0, MAX.titleWords)],
  ]);
  const row = {
    id: idOf(gateway.id, item),
    gateway_id: gateway.id,
    ...{ kind, own, key: keyOf(own), stale, tags, words },
    title: title === undefined ? null : beginning(title, MAX.shown),
    description: description === undefined ? null : beginning(description, MAX.shown),
  };
  return { ...row, digest: createHash('sha256').update(JSON.stringify(row)).digest('hex') };
}

/** What the names of items are ordered by. */
export function keyOf(name: string): string {
  return name.toLowerCase().slice(0, MAX.key).toWellFormed();
}

/** The words of a name, and as one word what begins at each: `pullrequest` and `createpull` find `create_pull_request`. */
function namesOf(name: string): string[] {
  const parts = nameWordsOf(name);
  const joined = parts
    .slice(0, -1)
    .slice(0, MAX.joined)
    .map((_, from) => parts.slice(from).join(''));
  return [...parts, ...joined.flatMap(wordsOf)];
}

function idOf(gatewayId: string, { kind, own }: CatalogueItem): string {
  const digits = createHash('sha256').update(`${gatewayId} ${kind} ${own}`).digest('hex');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-');
}

function textOf(object: JsonObject, member: string): string | undefined {
  const value = object[member];
  // PostgreSQL stores no NUL.
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : undefined;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function beginning(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}…`;
}
