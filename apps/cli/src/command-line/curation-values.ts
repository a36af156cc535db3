import { CREDENTIAL_USES, type CredentialUse, type ItemKind } from '@lethe/contracts';
import { GLOB_LIMITS, hasFewStars, TAG, type ToolHint } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';

/** An item by the name that its upstream uses. */
export interface ItemName {
  gateway: string;
  kind: ItemKind;
  name: string;
}

/** Items of a gateway by a glob. */
export interface ItemGlob {
  kind: ItemKind;
  name: string;
}

/** A rule of `include` for one gateway. */
export interface IncludeValue {
  gateway: string;
  kinds?: ItemKind[];
  names?: string[];
}

/** What `--with-hint` takes, and the annotation that it means. */
export const HINTS: Readonly<Record<string, readonly [ToolHint, boolean]>> = {
  'read-only': ['readOnlyHint', true],
  'non-destructive': ['destructiveHint', false],
  idempotent: ['idempotentHint', true],
  'closed-world': ['openWorldHint', false],
};

const KINDS: Readonly<Record<string, ItemKind>> = {
  tool: 'tool',
  prompt: 'prompt',
  resource: 'resource',
  'resource-template': 'resourceTemplate',
};
const ITEM = /^([a-z0-9-]{1,24})\/(?:(tool|prompt|resource|resource-template):)?(.+)$/s;
const GATEWAY = /^[a-z0-9-]{1,24}$/;
/** What means every kind. */
const ALL_KINDS: ReadonlySet<string> = new Set(['', '*']);
const MAX_GLOBS = 50;

/**
 * Reads `<gateway>/<name>`, which is a tool, or `<gateway>/<kind>:<name>`.
 * @throws CliError `item_illegal`
 */
export function itemName(text: string): ItemName {
  const [, gateway = '', kind = 'tool', name = ''] = ITEM.exec(text) ?? [];
  const known = KINDS[kind];
  if (gateway !== '' && known) return { gateway, kind: known, name };
  throw new CliError('usage', 'item_illegal', 'An item is written as <gateway>/<name>, such as github/create_issue', [
    `Others than tools have their kind before the name: <gateway>/<kind>:<name>, with ${Object.keys(KINDS).join(', ')}.`,
  ]);
}

/** Whose credential calls of a gateway have. */
export interface CredentialUseValue {
  gateway: string;
  use: CredentialUse;
}

/**
 * Reads `<gateway>=<use>`.
 * @throws CliError `item_illegal`
 */
export function credentialUse(text: string): CredentialUseValue {
  const [gateway = '', wanted] = text.split('=');
  const use = CREDENTIAL_USES.find((each) => each === wanted);
  if (GATEWAY.test(gateway) && use) return { gateway, use };
  const rule = `--credentials takes <gateway>=<use>, with one of ${CREDENTIAL_USES.join(', ')}`;
  throw new CliError('usage', 'item_illegal', rule);
}

/**
 * Splits `<what>=<value>`. The name of an item may have `=` in it, and so may a text, but not both.
 * @param last whether the value has none
 * @throws CliError `item_illegal`
 */
export function withValue(text: string, last: boolean): [what: string, value: string] {
  const at = last ? text.lastIndexOf('=') : text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CliError('usage', 'item_illegal', 'This flag takes an item and what it gets: <item>=<value>');
}

/**
 * Reads `<kind>:<glob>` for items of one gateway.
 * @throws CliError `item_illegal`
 */
export function itemGlob(text: string): ItemGlob {
  const [word = '', ...rest] = text.split(':');
  const kind = kindOf(word);
  const name = rest.join(':');
  if (kind && isGlob(name)) return { kind, name };
  throw new CliError(
    'usage',
    'item_illegal',
    'Items of a gateway are written as <kind>:<names>, such as tool:repo_*, with * and ?',
  );
}

/**
 * Reads `<gateway>`, `<gateway>:<kinds>` or `<gateway>:<kinds>:<names>`, with commas between kinds and between globs.
 * @throws CliError `include_illegal`
 */
export function includeValue(text: string): IncludeValue {
  const [gateway = '', words = '', ...rest] = text.split(':');
  const kinds = ALL_KINDS.has(words) ? undefined : words.split(',').map(kindOf);
  const names = rest.length === 0 ? undefined : rest.join(':').split(',');
  if (GATEWAY.test(gateway) && areKnown(kinds) && areGlobs(names)) {
    return { gateway, ...(kinds && { kinds }), ...(names && { names }) };
  }
  throw new CliError(
    'usage',
    'include_illegal',
    'What is included is written as <gateway>, <gateway>:<kinds> or <gateway>:<kinds>:<names>, such as github:tools:repo_*',
    ['Kinds are tools, prompts, resources and resource-templates, or * for all; names may have * and ?.'],
  );
}

function areKnown(kinds: (ItemKind | undefined)[] | undefined): kinds is ItemKind[] | undefined {
  return kinds?.includes(undefined) !== true;
}

function areGlobs(names: readonly string[] | undefined): boolean {
  return names === undefined || (names.length <= MAX_GLOBS && names.every(isGlob));
}

/**
 * Checks a tag.
 * @throws CliError `tag_illegal`
 */
export function tagName(text: string): string {
  if (TAG.test(text)) return text;
  throw new CliError('usage', 'tag_illegal', 'A tag has 1 to 64 of a-z, 0-9 and ._:/-, first a letter or digit');
}

/**
 * Checks a word for annotations.
 * @throws CliError `hint_illegal`
 */
export function hintName(text: string): string {
  if (text in HINTS) return text;
  throw new CliError('usage', 'hint_illegal', `--with-hint takes one of: ${Object.keys(HINTS).join(', ')}`);
}

/** Checks tags with commas between them; none takes all away. @throws CliError `tag_illegal` */
export function tagNames(text: string): string[] {
  return text === '' ? [] : text.split(',').map(tagName);
}

function kindOf(word: string): ItemKind | undefined {
  return KINDS[word] ?? KINDS[word.replace(/s$/, '')];
}

function isGlob(text: string): boolean {
  return text !== '' && text.length <= GLOB_LIMITS.length && hasFewStars(text);
}
