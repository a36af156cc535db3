import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Actor } from '../audit/trail/actor.js';

const Schema = defineEntity({
  name: 'KeptCredential',
  tableName: 'kept_credential',
  properties: {
    gatewayId: p.uuid().primary(),
    /** One more with each credential and each deletion; never lower. */
    keptRevision: p.integer(),
    /** Compact JWE that only proxies can open; null once it was deleted. */
    sealed: p.text().nullable(),
    /** The configuration that it was sealed for. */
    configRevision: p.integer(),
    expiresAt: p.datetime(3),
    /** Who kept it, or deleted it. */
    keptBy: p.json<Actor>(),
    keptAt: p.datetime(3),
    /** Authentication code; see `sealKeptRow`. */
    mac: p.string(),
  },
});

/** The credential that is kept for a gateway, as ciphertext. The row stays after a deletion, so that its revisions go on. */
export class KeptCredential extends Schema.class {}
Schema.setClass(KeptCredential);
