import { BUCKETS, type CallerEntry } from '@lethe/contracts';
import { nextRevision, recordSnapshot } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { LiveProxies } from '../proxies/live-proxies.service.js';
import { TamperLog } from '../rows/tamper-log.service.js';
import type { CallerKey } from './caller-key.entity.js';
import { epochSeconds } from './key-end.js';
import { isKeyGenuine } from './key-seal.js';

/** Publishes keys to the proxies, in the transaction of their change. */
@Injectable()
export class KeyPublisher {
  constructor(
    private readonly trust: Trust,
    private readonly tamper: TamperLog,
    private readonly proxies: LiveProxies,
  ) {}

  /** @throws LetheError `row_tampered` for a row that somebody else has changed */
  async publish(em: EntityManager, key: CallerKey): Promise<void> {
    this.requireGenuine(key);
    await this.record(em, key, scopeOf(key), false);
  }

  /** Publishes that a key is revoked, also that of a row which somebody else has changed: it allows nothing. */
  async publishRevoked(em: EntityManager, key: CallerKey): Promise<void> {
    const isGenuine = this.isGenuine(key);
    await this.record(em, key, isGenuine ? scopeOf(key) : { servers: [], exp: 0 }, true);
  }

  /** @throws LetheError `row_tampered` */
  requireGenuine(key: CallerKey): void {
    if (!this.isGenuine(key)) throw new LetheError('row_tampered', { table: 'caller_key' });
  }

  /** A proxy of an earlier release would let the key in until its expiry. @throws LetheError `proxies_outdated` */
  requireEndsKnown(): void {
    const proxies = this.proxies.outdated();
    if (proxies.length > 0) throw new LetheError('proxies_outdated', { proxies });
  }

  private async record(em: EntityManager, key: CallerKey, scope: Scope, revoked: boolean): Promise<void> {
    const revision = await nextRevision(em);
    const entry: CallerEntry = { keyId: key.id, mac: key.mac, ...scope, revoked, revision };
    const value = await this.trust.registrySigner().sign('caller', entry, new Date());
    await recordSnapshot(em, { bucket: BUCKETS.callers, key: key.id, value, revision });
  }

  private isGenuine(key: CallerKey): boolean {
    const isGenuine = isKeyGenuine(this.trust.rowsMac(), key);
    if (!isGenuine) this.tamper.report('caller_key', key.id);
    return isGenuine;
  }
}

type Scope = Pick<CallerEntry, 'servers' | 'exp' | 'endsAt' | 'roles' | 'rolesMac'>;

function scopeOf({ servers, expiresAt, endsAt, roles, rolesMac }: CallerKey): Scope {
  const end = epochSeconds(endsAt);
  const held = roles && typeof rolesMac === 'string' && { roles, rolesMac };
  return { servers, exp: epochSeconds(expiresAt), ...(end !== null && { endsAt: end }), ...held };
}
