import type { JsonValue } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'IdempotentRequest',
  tableName: 'idempotent_request',
  properties: {
    administrator: p.string().primary(),
    key: p.string().primary(),
    /** SHA-256 of method, path and body: the same key with another request is a mistake. */
    fingerprint: p.string(),
    /** Null while the first one is still being carried out. */
    status: p.integer().nullable(),
    body: p.json<JsonValue>().nullable(),
    createdAt: p.datetime(3),
  },
});

/** A request that may be sent again, and its answer. Only of routes whose answers hold no secret. */
export class IdempotentRequest extends Schema.class {}
Schema.setClass(IdempotentRequest);
