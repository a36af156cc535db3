import type { JsonValue } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'IdempotentRequest',
  tableName: 'idempotent_request',
  properties: {
    administrator: p.string().primary(),
    key: p.string().primary(),
    /** SHA-256 of method, path and body. It shows when a client uses one key for two different requests. */
    fingerprint: p.string(),
    /** Null while the first request is still running. */
    status: p.integer().nullable(),
    body: p.json<JsonValue>().nullable(),
    createdAt: p.datetime(3),
  },
});

/** A request with an `Idempotency-Key`, and its response. Only of routes whose responses contain no secret. */
export class IdempotentRequest extends Schema.class {}
Schema.setClass(IdempotentRequest);
