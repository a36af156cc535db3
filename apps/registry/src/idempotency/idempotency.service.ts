import { AsyncLocalStorage } from 'node:async_hooks';
import type { JsonValue } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { ERRORS, LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { IdempotentRequest } from './idempotent-request.entity.js';
import { KeyedRequest } from './keyed-request.entity.js';

/** How long a response is kept for repeated requests. */
const KEPT_MS = 24 * 60 * 60 * 1_000;
/** After this time the key of a request that never finished, because its replica died, is free again. */
const ABANDONED_MS = 60 * 1_000;

/** A request, identified by administrator and `Idempotency-Key`. */
export interface RepeatableRequest {
  administrator: string;
  /** SHA-256 of the key. */
  keyDigest: string;
  fingerprint: string;
}

/** The response to the first request with a key. */
export interface StoredResponse {
  status: number;
  body: JsonValue;
  headers: Record<string, string>;
}

/** Stands in place of the response from the commit of the change until the response is stored. Only a crash leaves it there. */
const LOST: StoredResponse = { status: ERRORS.answer_lost.status, body: { code: 'answer_lost' }, headers: {} };

/** Remembers the responses to requests with an `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header). */
@Injectable()
export class IdempotencyService {
  private readonly running = new AsyncLocalStorage<RepeatableRequest>();

  constructor(private readonly database: Database) {
    database.onBeforeCommit((em) => this.noteDone(em));
  }

  /** Does what the request asks for. Its first commit also says that it is done: after it, no crash makes it be done again. */
  carryOut<T>(request: RepeatableRequest, work: () => Promise<T>): Promise<T> {
    return this.running.run(request, work);
  }

  /**
   * Claims the key for this request, or returns the response that the first request got.
   * @throws LetheError `idempotency_mismatch` when the key was used for another request, `idempotency_running` while
   * the first request runs, `answer_lost` if it was done but the process ended before its response was stored
   */
  async begin(request: RepeatableRequest, now: Date): Promise<StoredResponse | undefined> {
    try {
      return await this.claim(request, now);
    } catch (error) {
      // Another request has claimed it at the same time, and is known from now on.
      if (error instanceof LetheError && error.code === 'conflict') return this.claim(request, now);
      throw error;
    }
  }

  private claim(request: RepeatableRequest, now: Date): Promise<StoredResponse | undefined> {
    const { administrator, keyDigest, fingerprint } = request;
    return this.database.transaction(async (em) => {
      const createdAt = { $lt: new Date(now.getTime() - KEPT_MS) };
      await em.nativeDelete(KeyedRequest, { createdAt });
      await em.nativeDelete(IdempotentRequest, { createdAt });
      const abandonedBefore = new Date(now.getTime() - ABANDONED_MS);
      const by = { administrator, keyDigest };
      await em.nativeDelete(KeyedRequest, { ...by, status: null, createdAt: { $lt: abandonedBefore } });
      const known = await em.findOne(KeyedRequest, by);
      if (known === null) {
        em.create(KeyedRequest, { ...by, fingerprint, createdAt: now });
        return undefined;
      }
      if (known.fingerprint !== fingerprint) throw new LetheError('idempotency_mismatch');
      const { status, body, headers } = known;
      if (typeof status !== 'number') throw new LetheError('idempotency_running');
      if (status === LOST.status) throw new LetheError('answer_lost');
      return { status, body: body ?? null, headers: headers ?? {} };
    });
  }

  private async noteDone(em: EntityManager): Promise<void> {
    const request = this.running.getStore();
    if (!request) return;
    const { administrator, keyDigest } = request;
    await em.nativeUpdate(KeyedRequest, { administrator, keyDigest, status: null }, LOST);
  }

  async finish({ administrator, keyDigest }: RepeatableRequest, response: StoredResponse): Promise<void> {
    await this.database.transaction((em) => em.nativeUpdate(KeyedRequest, { administrator, keyDigest }, response));
  }

  /** Frees the key of a failed request: it changed nothing and may be tried again. */
  async forget({ administrator, keyDigest }: RepeatableRequest): Promise<void> {
    await this.database.transaction((em) => em.nativeDelete(KeyedRequest, { administrator, keyDigest }));
  }
}
