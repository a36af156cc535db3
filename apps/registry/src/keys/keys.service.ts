import { BUCKETS, CALLER_KEY_PREFIX, type CallerEntry } from '@lethe/contracts';
import { Database, lockPublishing, nextRevision, recordSnapshot } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { callerKeyMac, callerRolesMac, newSecret, Trust } from '@lethe/sealing';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { isId } from '../rows/reference.js';
import { allOf } from '../rest/filters.js';
import { oldestFirst } from '../rest/list-orders.js';
import type { Page, PageQuery } from '../rest/paging.js';
import { TamperLog } from '../rows/tamper-log.service.js';
import { VirtualServer } from '../servers/server.entity.js';
import { CallerKey } from './caller-key.entity.js';
import type { ChangeKeyDto, IssueKeyDto } from './key.dto.js';

const ORDERS = oldestFirst<CallerKey>('keyId');

const epochSeconds = (date: Date | null | undefined): number | null =>
  date ? Math.floor(date.getTime() / 1000) : null;

function rowContent({ id, name, servers, expiresAt, mac, roles, rolesMac }: CallerKey): object {
  // Left out where there are none: codes of rows from before these columns stay valid.
  return { id, name, servers, exp: epochSeconds(expiresAt), mac, ...(roles && { roles, rolesMac }) };
}

/** Keys of callers. Each changing method is one transaction, which also publishes the change. */
@Injectable()
export class KeysService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly tamper: TamperLog,
  ) {}

  /**
   * Creates a key. Only the return value contains it.
   * @throws LetheError `invalid_request` for a server that does not exist, or a time that has passed
   */
  issue(dto: IssueKeyDto): Promise<{ key: CallerKey; token: string }> {
    const expiresAt = dto.expiresAt === undefined ? null : new Date(dto.expiresAt);
    if (expiresAt && !(expiresAt.getTime() > Date.now())) {
      throw new LetheError('invalid_request', { errors: [{ field: 'expiresAt', rule: 'in_future' }] });
    }
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const servers = dto.servers === '*' ? dto.servers : await serverIds(em, dto.servers);
      const { id, secret, token } = newSecret(CALLER_KEY_PREFIX);
      const scope = { keyId: id, secret, servers, exp: epochSeconds(expiresAt) };
      const mac = callerKeyMac(this.trust.rowsMac(), scope);
      const key = em.create(CallerKey, {
        ...{ id, name: dto.name, servers, roles: null, rolesMac: null, expiresAt, revokedAt: null },
        ...{ mac, rowMac: '', createdAt: new Date() },
      });
      this.setRoles(key, dto.roles ?? []);
      await em.flush();
      await this.publish(em, key, false);
      return { key, token };
    });
  }

  list(query: PageQuery): Promise<Page<CallerKey>> {
    const { after, options } = ORDERS.pageOf(query);
    const wanted = allOf({ revokedAt: null }, after);
    return this.database.read(async (em) =>
      ORDERS.toPage(await em.find(CallerKey, wanted, options), query, (row) => row),
    );
  }

  /** @throws LetheError `not_found`, `row_tampered` */
  change(id: string, { roles }: ChangeKeyDto): Promise<CallerKey> {
    return this.database.transaction(async (em) => {
      const key = await lockKey(em, id);
      this.requireGenuine(key);
      if (roles === undefined || isSame(roles, key.roles ?? [])) return key;
      this.setRoles(key, roles);
      await em.flush();
      await this.publish(em, key, false);
      return key;
    });
  }

  /** @throws LetheError `not_found` */
  async find(id: string): Promise<CallerKey> {
    requireKeyId(id);
    const key = await this.database.read((em) => em.findOne(CallerKey, { id, revokedAt: null }));
    if (key === null) throw new LetheError('not_found');
    return key;
  }

  /** @throws LetheError `not_found` */
  async revoke(id: string): Promise<void> {
    await this.database.transaction(async (em) => {
      const key = await lockKey(em, id);
      key.revokedAt = new Date();
      await em.flush();
      await this.publish(em, key, true);
    });
  }

  /** Publishes a key only if its row is genuine; a revocation always, because it allows nothing. */
  private async publish(em: EntityManager, key: CallerKey, revoked: boolean): Promise<void> {
    if (!revoked) this.requireGenuine(key);
    const isGenuine = this.isGenuine(key);
    if (!isGenuine) this.tamper.report('caller_key', key.id);
    const revision = await nextRevision(em);
    const scope = isGenuine ? scopeOf(key) : { servers: [], exp: 0 };
    const entry: CallerEntry = { keyId: key.id, mac: key.mac, ...scope, revoked, revision };
    const value = await this.trust.registrySigner().sign('caller', entry, new Date());
    await recordSnapshot(em, { bucket: BUCKETS.callers, key: key.id, value, revision });
  }

  /** Sets the roles, and the row's authentication code. */
  private setRoles(key: CallerKey, roles: string[]): void {
    const { id: keyId, mac } = key;
    key.roles = roles.length === 0 ? null : roles;
    key.rolesMac = roles.length === 0 ? null : callerRolesMac(this.trust.rowsMac(), { keyId, mac, roles });
    key.rowMac = this.trust.rowsMac().tag('row:caller-key', rowContent(key));
  }

  private isGenuine(key: CallerKey): boolean {
    return this.trust.rowsMac().matches('row:caller-key', rowContent(key), key.rowMac);
  }

  private requireGenuine(key: CallerKey): void {
    if (this.isGenuine(key)) return;
    this.tamper.report('caller_key', key.id);
    throw new LetheError('row_tampered', { table: 'caller_key' });
  }
}

type Scope = Pick<CallerEntry, 'servers' | 'exp' | 'roles' | 'rolesMac'>;

function scopeOf({ servers, expiresAt, roles, rolesMac }: CallerKey): Scope {
  const held = roles && typeof rolesMac === 'string' && { roles, rolesMac };
  return { servers, exp: epochSeconds(expiresAt), ...held };
}

async function lockKey(em: EntityManager, id: string): Promise<CallerKey> {
  requireKeyId(id);
  await lockPublishing(em);
  const key = await em.findOne(CallerKey, { id, revokedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (key === null) throw new LetheError('not_found');
  return key;
}

function isSame(some: string[], others: string[]): boolean {
  return some.toSorted().join() === others.toSorted().join();
}

function requireKeyId(id: string): void {
  if (!/^[0-9a-f]{16}$/.test(id)) throw new LetheError('not_found');
}

async function serverIds(em: EntityManager, refs: string[]): Promise<string[]> {
  const ids = new Set<string>();
  for (const ref of refs) {
    const by = isId(ref) ? { id: ref.toLowerCase() } : { liveSlug: ref };
    const server = await em.findOne(VirtualServer, { ...by, deletedAt: null });
    if (!server) throw new LetheError('invalid_request', { errors: [{ field: 'servers', rule: 'server_unknown' }] });
    ids.add(server.id);
  }
  return [...ids];
}
