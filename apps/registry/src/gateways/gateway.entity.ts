import { DRIFT_SIGNS, type DriftSign, type GatewayLimits, type OAuthClient } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ItemTags } from './item-tags.js';

const Schema = defineEntity({
  name: 'Gateway',
  tableName: 'gateway',
  indexes: [{ name: 'gateway_deleted_at_created_at_id_index', properties: ['deletedAt', 'createdAt', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    /** Never used again once callers could use it: the rows of gateways that were verified, or in a server, stay. */
    slug: p.string().unique(),
    name: p.string(),
    description: p.text().nullable(),
    tags: p.json<string[]>(),
    /** Authentication code over the tags; see `gateway-tags.ts`. */
    tagsMac: p.string().nullable(),
    itemTags: p.json<ItemTags[]>(),
    listing: p.enum(['catalogue', 'live']),
    drift: p.enum(['auto', 'review']),
    enabled: p.boolean(),
    /** Whether its tools' hints about themselves are believed. */
    trustHints: p.boolean(),
    limits: p.json<GatewayLimits>().nullable(),
    /** By which people log in for it; null where each registers their own. */
    oauthClient: p.json<OAuthClient>().nullable(),
    /** Configuration that serves; null before the first successful verification. */
    currentRevision: p.integer().nullable(),
    /** Configuration that has not been verified yet. */
    pendingRevision: p.integer().nullable(),
    /** Verification whose receipt covers the current configuration. */
    servingVid: p.uuid().nullable(),
    /** The newest result, if changes of it wait for a review or were rejected. */
    reviewVid: p.uuid().nullable(),
    /** Since when a proxy saw that its items may have changed; null after the next result. */
    driftSuspectedAt: p.datetime(3).nullable(),
    driftSuspectedBy: p.enum(DRIFT_SIGNS).$type<DriftSign>().nullable(),
    lastAttempt: p.integer(),
    lastAppliedAttempt: p.integer(),
    /** Digests of its catalogue blocks, in order. */
    blocks: p.json<string[]>(),
    version: p.integer(),
    /** Authentication code over everything that decides where a credential goes; see `sealGateway`. */
    mac: p.string(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    deletedAt: p.datetime(3).nullable(),
  },
});

/** A registered upstream MCP server. Metadata only. */
export class Gateway extends Schema.class {}
Schema.setClass(Gateway);
