import { Database } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { futureTime } from '../rest/future-time.js';
import type { CallerKey } from './caller-key.entity.js';
import { endOf } from './key-end.js';
import { KeyPublisher } from './key-publisher.service.js';
import { lockKey, successorOf } from './key-rows.js';
import { sealKey } from './key-seal.js';
import { OVERLAP_SECONDS, type RotateKeyDto } from './key.dto.js';
import { type IssuedKey, KeysService } from './keys.service.js';

/** Replaces keys of callers. */
@Injectable()
export class RotateKey {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly keys: KeysService,
    private readonly publisher: KeyPublisher,
  ) {}

  /**
   * Makes a key with the rights of another one, which ends after the overlap, or is revoked if there is none. Only the return
   * value contains the new key.
   * @throws LetheError `not_found`, `row_tampered`, `invalid_request`, `key_replaced`, `proxies_outdated`
   */
  rotate(id: string, { overlapSeconds = OVERLAP_SECONDS, expiresAt }: RotateKeyDto): Promise<IssuedKey> {
    const asked = futureTime('expiresAt', expiresAt);
    return this.database.transaction(async (em) => {
      const old = await lockKey(em, id);
      this.publisher.requireGenuine(old);
      await requireNoSuccessor(em, old);
      const now = new Date();
      const { name, servers, roles } = old;
      const until = asked === undefined ? sameLife(old, now) : asked;
      const issued = await this.keys.make(em, { name, servers, roles: roles ?? [], expiresAt: until, replaces: id });
      old.replacedBy = issued.key.id;
      if (overlapSeconds === 0) old.revokedAt = now;
      else this.endBefore(old, new Date(now.getTime() + overlapSeconds * 1_000));
      sealKey(this.trust.rowsMac(), old);
      await em.flush();
      await (overlapSeconds === 0 ? this.publisher.publishRevoked(em, old) : this.publisher.publish(em, old));
      return issued;
    });
  }

  private endBefore(key: CallerKey, end: Date): void {
    const known = endOf(key);
    if (known !== null && known <= end) return;
    this.publisher.requireEndsKnown();
    key.endsAt = end;
  }
}

/** An expiry as long after now as that of the old key was after its beginning. */
function sameLife({ expiresAt, createdAt }: CallerKey, now: Date): Date | null {
  return expiresAt ? new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime()) : null;
}

/** Two keys can't take the place of one: who has which could not be told. @throws LetheError `key_replaced` */
async function requireNoSuccessor(em: EntityManager, old: CallerKey): Promise<void> {
  const successor = await successorOf(em, old);
  if (successor) throw new LetheError('key_replaced', { id: successor.id });
}
