import { CALLER_KEY_PREFIX } from '@lethe/contracts';
import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { newSecret, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { futureTime } from '../rest/future-time.js';
import { isId } from '../rows/reference.js';
import { allOf } from '../rest/filters.js';
import { oldestFirst } from '../rest/list-orders.js';
import type { Page } from '../rest/paging.js';
import { requireMatch } from '../rest/etag.js';
import { ReadBack } from '../rest/read-back.js';
import { VirtualServer } from '../servers/server.entity.js';
import { CallerKey } from './caller-key.entity.js';
import { endOf, hasKeyEnded } from './key-end.js';
import { KeyPublisher } from './key-publisher.service.js';
import { findKey, lockKey, rotatedWith } from './key-rows.js';
import { isKeyGenuine, sealKey, secretMac, setRoles } from './key-seal.js';
import { keyVersion } from './key-version.js';
import { toKeyView } from './key.view.js';
import type { ChangeKeyDto, IssueKeyDto, KeysQuery } from './key.dto.js';
import { keysWhere } from './keys-where.js';

const ORDERS = oldestFirst<CallerKey>('keyId');

/** A key, with its text. */
export interface IssuedKey {
  key: CallerKey;
  token: string;
}

/** Keys of callers. Each changing method is one transaction, which also publishes the change. */
@Injectable()
export class KeysService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly publisher: KeyPublisher,
  ) {}

  /**
   * Creates a key. Only the return value contains it.
   * @throws LetheError `invalid_request` for a server that does not exist, or a time that has passed
   */
  issue(dto: IssueKeyDto): Promise<IssuedKey> {
    const expiresAt = futureTime('expiresAt', dto.expiresAt) ?? null;
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const servers = dto.servers === '*' ? dto.servers : await serverIds(em, dto.servers);
      return this.make(em, { name: dto.name, servers, roles: dto.roles ?? [], expiresAt });
    });
  }

  /** @throws LetheError `invalid_request` for a server that does not exist */
  list(query: KeysQuery): Promise<Page<CallerKey>> {
    const { after, options } = ORDERS.pageOf(query);
    return this.database.read(async (em) => {
      const [server] = query.server === undefined ? [] : await serverIds(em, [query.server], 'server');
      const wanted = allOf({ revokedAt: null }, after, ...keysWhere(query, server, new Date()));
      return ORDERS.toPage(await em.find(CallerKey, wanted, options), query, (row) => row);
    });
  }

  /** @throws LetheError `not_found`, `precondition_failed`, `row_tampered`, `invalid_request`, `proxies_outdated` */
  change(
    id: string,
    { name, roles, expiresAt }: ChangeKeyDto,
    ifMatch?: string,
    readOnly = ReadBack.NONE,
  ): Promise<CallerKey> {
    return this.database.transaction(async (em) => {
      const key = await lockKey(em, id);
      const version = { version: keyVersion(key) };
      requireMatch(ifMatch, version);
      await readOnly.requireUnchanged(version, () => toKeyView(key), ifMatch);
      this.publisher.requireGenuine(key);
      const published = new Set<CallerKey>();
      if (name !== undefined) key.name = name;
      if (expiresAt !== undefined && this.setEnd(key, expiresAt)) published.add(key);
      const withRoles =
        roles === undefined ? [] : await rotatedWith(em, key, (one) => this.publisher.requireGenuine(one));
      for (const each of withRoles.filter((one) => !isSame(roles ?? [], one.roles ?? []))) {
        setRoles(this.trust.rowsMac(), each, roles ?? []);
        published.add(each);
      }
      for (const each of new Set([key, ...published])) sealKey(this.trust.rowsMac(), each);
      await em.flush();
      for (const each of published) await this.publisher.publish(em, each);
      return key;
    });
  }

  /** @throws LetheError `not_found` */
  find(id: string): Promise<CallerKey> {
    return this.database.read((em) => findKey(em, id));
  }

  /** @throws LetheError `not_found`, `precondition_failed` */
  async revoke(id: string, ifMatch?: string): Promise<void> {
    await this.database.transaction(async (em) => {
      const key = await lockKey(em, id);
      requireMatch(ifMatch, { version: keyVersion(key) });
      const isGenuine = isKeyGenuine(this.trust.rowsMac(), key);
      key.revokedAt = new Date();
      if (isGenuine) sealKey(this.trust.rowsMac(), key);
      await em.flush();
      await this.publisher.publishRevoked(em, key);
    });
  }

  /** Creates a key within a transaction. */
  async make(
    em: EntityManager,
    what: { name: string; servers: string[] | '*'; roles: string[]; expiresAt: Date | null; replaces?: string },
  ): Promise<IssuedKey> {
    const rows = this.trust.rowsMac();
    const { name, servers, roles, expiresAt, replaces = null } = what;
    const { id, secret, token } = newSecret(CALLER_KEY_PREFIX);
    const mac = secretMac(rows, { id, servers, expiresAt }, secret);
    const made = { id, name, servers, expiresAt, replaces, mac, rowMac: '', createdAt: new Date() };
    const key = em.create(CallerKey, made);
    setRoles(rows, key, roles);
    sealKey(rows, key);
    await em.flush();
    await this.publisher.publish(em, key);
    return { key, token };
  }

  /**
   * Sets when a key ends. Proxies know the expiry that it was made with by a code that covers the secret, which is not stored:
   * so it may only end earlier.
   * @returns whether that is a change
   */
  private setEnd(key: CallerKey, text: string | null): boolean {
    const first = key.expiresAt ?? null;
    const asked = text === null ? first : new Date(text);
    if (asked?.getTime() === endOf(key)?.getTime()) return false;
    if (hasKeyEnded(key, new Date())) throw brokenRule('has_expired');
    futureTime('expiresAt', asked?.toISOString());
    if (first !== null && asked !== null && asked > first) throw brokenRule('first_expiry');
    key.endsAt = asked?.getTime() === first?.getTime() ? null : asked;
    if (key.endsAt) this.publisher.requireEndsKnown();
    return true;
  }
}

function brokenRule(rule: string): LetheError {
  return new LetheError('invalid_request', { errors: [{ field: 'expiresAt', rule }] });
}

function isSame(some: string[], others: string[]): boolean {
  return some.toSorted().join() === others.toSorted().join();
}

async function serverIds(em: EntityManager, refs: string[], field = 'servers'): Promise<string[]> {
  const ids = new Set<string>();
  for (const ref of refs) {
    const by = isId(ref) ? { id: ref.toLowerCase() } : { liveSlug: ref };
    const server = await em.findOne(VirtualServer, { ...by, deletedAt: null });
    if (!server) throw new LetheError('invalid_request', { errors: [{ field, rule: 'server_unknown' }] });
    ids.add(server.id);
  }
  return [...ids];
}
