import type { JsonValue } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'KeyedRequest',
  tableName: 'keyed_request',
  properties: {
    administrator: p.string().primary(),
    /** SHA-256 of the `Idempotency-Key`: clients may put anything into it. */
    keyDigest: p.string().primary(),
    /** SHA-256 of method, path and body. It shows when a client uses one key for two different requests. */
    fingerprint: p.string(),
    /** Null while the first request is still running. */
    status: p.integer().nullable(),
    body: p.json<JsonValue>().nullable(),
    /** `ETag` and `Location` of the response. */
    headers: p.json<Record<string, string>>().nullable(),
    createdAt: p.datetime(3),
  },
});

/** A request with an `Idempotency-Key`, and its response. Of a response with a secret, only the id of what was made. */
export class KeyedRequest extends Schema.class {}
Schema.setClass(KeyedRequest);
