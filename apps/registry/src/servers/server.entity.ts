import type {
  CredentialUse,
  Grant,
  ItemKind,
  MissingCredential,
  RejectedCredential,
  ServerAccess,
  ServerEras,
  ServerLimits,
} from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ToolHints } from './tool-hints.js';

/** One item to expose; `gateway` is an id. */
export interface ItemPick {
  gateway: string;
  kind: ItemKind;
  name: string;
  as?: string;
  description?: string;
  enabled?: boolean;
  readOnly?: boolean;
  /** Instead of those that its gateway gives it. */
  tags?: string[];
}

/** Exposes all items that match. */
export interface IncludeRule {
  /** Absent: every gateway that carries one of `gatewayTags`. With both, it also has to carry one. */
  gateway?: string;
  gatewayTags?: string[];
  kinds?: ItemKind[];
  /** Globs for the upstream's own names. */
  names?: string[];
  /** Any of them. */
  tags?: string[];
  /** All of them. */
  annotations?: ToolHints;
}

/** Whose credential the calls to one gateway have; `gateway` is an id. */
export interface GatewayCredentialUse {
  gateway: string;
  use: CredentialUse;
}

/** A gateway or item that was left out of the manifest, and why. */
export interface LeftOut {
  gateway: string;
  kind?: ItemKind;
  own?: string;
  reason: LeftOutReason;
}
/** Why a gateway or an item was left out. */
export const LEFT_OUT_REASONS = [
  'gateway_unverified',
  'gateway_waits_for_review',
  'gateway_deleted',
  'gateway_tampered',
  'too_many_gateways',
  'too_many_sessionful',
  'session_token_too_large',
  'header_clash',
  'item_unknown',
  'uri_clash',
  'name_clash',
] as const;
/** One of `LEFT_OUT_REASONS`. */
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

const Schema = defineEntity({
  name: 'VirtualServer',
  tableName: 'virtual_server',
  indexes: [{ name: 'virtual_server_deleted_at_created_at_id_index', properties: ['deletedAt', 'createdAt', 'id'] }],
  uniques: [{ name: 'virtual_server_live_slug_unique', properties: ['liveSlug'] }],
  properties: {
    id: p.uuid().primary(),
    slug: p.string(),
    /** The slug; null once the server is deleted, so that another server can have the slug. */
    liveSlug: p.string().nullable(),
    name: p.string(),
    description: p.text().nullable(),
    instructions: p.text().nullable(),
    tags: p.json<string[]>(),
    access: p.json<ServerAccess>(),
    /** Whether its callers are answered. */
    enabled: p.boolean(),
    missingCredential: p.enum(['error', 'result']).$type<MissingCredential>(),
    rejectedCredential: p.enum(['error', 'http']).$type<RejectedCredential>(),
    eras: p.enum(['auto', 'both', 'legacy']).$type<ServerEras>(),
    /** Longest name that is made for a tool or prompt. */
    maxNameLength: p.integer(),
    /** Maps an upstream header to the id of the gateway that owns its short form. */
    shortForm: p.json<Record<string, string>>(),
    items: p.json<ItemPick[]>(),
    include: p.json<IncludeRule[]>(),
    /** Who may see and use what, with gateways by id; null: everybody everything. */
    grants: p.json<Grant[]>().nullable(),
    limits: p.json<ServerLimits>().nullable(),
    /** Whose credential calls have, for gateways where it is not that of callers alone; null: nowhere. */
    credentials: p.json<GatewayCredentialUse[]>().nullable(),
    leftOut: p.json<LeftOut[]>(),
    /** What the tools of the last published manifest take, as a model gets them; null if it was published before that was known. */
    toolBytes: p.integer().nullable(),
    /** Revision of the last published manifest. */
    revision: p.bigint('number'),
    version: p.integer(),
    /** Authentication code over everything that decides where a credential goes and who may call; see `sealServer`. */
    mac: p.string(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    deletedAt: p.datetime(3).nullable(),
  },
});

/** A curated bundle of catalogue items, served at one MCP endpoint. */
export class VirtualServer extends Schema.class {}
Schema.setClass(VirtualServer);
