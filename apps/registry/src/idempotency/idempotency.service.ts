import type { JsonValue } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { Injectable } from '@nestjs/common';
import { IdempotentRequest } from './idempotent-request.entity.js';

/** How long an answer is kept for its repetition. */
const KEPT_MS = 24 * 60 * 60 * 1_000;
/** A request that never got its answer (the replica died) gives its key free after this. */
const ABANDONED_MS = 60 * 1_000;

export interface KeyedRequest {
  administrator: string;
  key: string;
  fingerprint: string;
}

export interface StoredResponse {
  status: number;
  body: JsonValue;
}

/** Remembers the answers of requests that may be repeated (IETF draft-ietf-httpapi-idempotency-key-header). */
@Injectable()
export class IdempotencyService {
  constructor(private readonly database: Database) {}

  /**
   * Takes the key for this request, or gives the answer that it had before.
   * @throws LetheError `idempotency_mismatch` for another request, `idempotency_running` while the first one runs
   */
  begin({ administrator, key, fingerprint }: KeyedRequest, now: Date): Promise<StoredResponse | undefined> {
    return this.database.transaction(async (em) => {
      await em.nativeDelete(IdempotentRequest, { createdAt: { $lt: new Date(now.getTime() - KEPT_MS) } });
      const abandonedBefore = new Date(now.getTime() - ABANDONED_MS);
      await em.nativeDelete(IdempotentRequest, {
        administrator,
        key,
        status: null,
        createdAt: { $lt: abandonedBefore },
      });
      const known = await em.findOne(IdempotentRequest, { administrator, key });
      if (known === null) {
        em.create(IdempotentRequest, { administrator, key, fingerprint, createdAt: now });
        return undefined;
      }
      if (known.fingerprint !== fingerprint) throw new LetheError('idempotency_mismatch');
      const { status, body } = known;
      if (typeof status !== 'number') throw new LetheError('idempotency_running');
      return { status, body: body ?? null };
    });
  }

  async finish({ administrator, key }: KeyedRequest, answer: StoredResponse): Promise<void> {
    await this.database.transaction((em) => em.nativeUpdate(IdempotentRequest, { administrator, key }, answer));
  }

  /** A failed request did nothing: it may be tried again under its key. */
  async forget({ administrator, key }: KeyedRequest): Promise<void> {
    await this.database.transaction((em) => em.nativeDelete(IdempotentRequest, { administrator, key }));
  }
}
