import type { NewServer, Server } from '../../api/servers.js';
import type { ServerDocument } from '../../api/server-documents.js';
import { type Joins, joinLists } from '../../editing/three-way.js';

/** The fields of a virtual server that are edited; the slug only before it is made. */
export type ServerDraft = Pick<
  Server,
  | ('name' | 'slug' | 'description' | 'instructions' | 'tags' | 'items' | 'include' | 'access' | 'enabled' | 'limits')
  | ('missingCredential' | 'rejectedCredential' | 'eras' | 'maxNameLength' | 'grants' | 'credentials' | 'shortForm')
>;
/** One item of the list, with what is said about it. */
export type ItemPick = Server['items'][number];
/** A rule that takes all items that match. */
export type IncludeRule = Server['include'][number];
/** Who may see and use what. */
export type Grant = NonNullable<Server['grants']>[number];
/** Who may call. */
export type Access = Server['access'];
/** How often calls may be made. */
export type Limits = NonNullable<Server['limits']>;
/** Whose credential calls have. */
export type CredentialUse = NonNullable<Server['credentials']>[number];

/** A virtual server before anything is said of it, with the defaults of the registry. */
export const NEW_SERVER: ServerDraft = {
  name: '',
  slug: '',
  description: null,
  instructions: null,
  tags: [],
  items: [],
  include: [],
  access: 'key',
  enabled: true,
  missingCredential: 'result',
  rejectedCredential: 'error',
  eras: 'auto',
  maxNameLength: 64,
  grants: null,
  limits: null,
  credentials: null,
  shortForm: {},
};

/** The fields of a virtual server that can be edited. */
export function draftOf(server: ServerDraft): ServerDraft {
  const { name, slug, description, instructions, tags, items, include, access, enabled, ...others } = server;
  const { missingCredential, rejectedCredential, eras, maxNameLength, grants, limits, credentials, shortForm } = others;
  const texts = { name, slug, description, instructions, tags };
  const calls = { access, enabled, missingCredential, rejectedCredential, eras, maxNameLength };
  return { ...texts, items, include, ...calls, grants, limits, credentials, shortForm };
}

/** What is sent for a new one: the short form is left to the registry, which gives each header its only gateway. */
export function newServerOf({ shortForm, ...draft }: ServerDraft): NewServer {
  return { ...draft, ...(Object.keys(shortForm).length > 0 && { shortForm }) };
}

/** A virtual server as a document would have it. What is said of deleted gateways is in none. */
export function documentOf(
  draft: ServerDraft,
  names: ServerDocument['names'],
  gone: ReadonlySet<string>,
): ServerDocument {
  const isThere = ({ gateway }: { gateway?: string }): boolean => gateway === undefined || !gone.has(gateway);
  const owners = Object.entries(draft.shortForm).filter(([, owner]) => !gone.has(owner));
  return {
    ...newServerOf({ ...draft, shortForm: Object.fromEntries(owners) }),
    slug: draft.slug,
    items: draft.items.filter(isThere),
    include: draft.include.filter(isThere),
    ...(names && names.length > 0 && { names }),
  };
}

/** What identifies an item in a virtual server. */
export function keyOf({ gateway, kind, name }: Pick<ItemPick, 'gateway' | 'kind' | 'name'>): string {
  return `${gateway} ${kind} ${name}`;
}

/** Two administrators who change different items, rules or tags lose nothing: their lists are joined entry by entry. */
export const JOINS: Joins<ServerDraft> = {
  items: joinLists(keyOf),
  include: joinLists((rule: IncludeRule) => JSON.stringify(rule)),
  tags: joinLists((tag: string) => tag),
};
