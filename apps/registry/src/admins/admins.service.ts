import { ADMIN_TOKEN_PREFIX } from '@lethe/contracts';
import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { newSecret, type NewSecret, Trust } from '@lethe/sealing';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type Actor, REGISTRY } from '../audit/trail/actor.js';
import type { AdminRole } from '@lethe/platform';
import { requireMatch } from '../rest/etag.js';
import { ReadBack } from '../rest/read-back.js';
import { futureTime } from '../rest/future-time.js';
import { oldestFirst } from '../rest/list-orders.js';
import type { Page, PageQuery } from '../rest/paging.js';
import { AdminMarks } from './admin-marks.service.js';
import { formerMac, isAdminGenuine, sealAdmin, tokenMac } from './admin-seal.js';
import { toAdminView } from './admin.view.js';
import type { ChangeAdminDto, CreateAdminDto } from './admin.dto.js';
import { Admin } from './admin.entity.js';

const ID = /^[0-9a-f]{16}$/;
const ORDERS = oldestFirst<Admin>('keyId');

type Token = Pick<NewSecret, 'id' | 'secret'>;

/**
 * Administrators with tokens of Lethe. PostgreSQL holds only authentication codes of tokens and rows; their key is stored
 * elsewhere. Each changing method is one transaction.
 */
@Injectable()
export class AdminsService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly marks: AdminMarks,
  ) {}

  /**
   * Creates the first administrator if there is none. `tokenOf` is called in the transaction, so a token that it can't hand
   * over is no administrator's. Replicas that start at the same time create only one.
   */
  async makeFirst(tokenOf: () => Promise<Token>): Promise<void> {
    await this.database.transaction(async (em) => {
      await lockPublishing(em);
      if ((await em.count(Admin)) > 0) return;
      const token = await tokenOf();
      const admin = this.newAdmin(em, token, { name: 'first administrator', role: 'admin' }, REGISTRY);
      admin.mac = formerMac(this.trust.rowsMac(), admin, token.secret);
    });
  }

  /** Only the return value contains the token. @throws LetheError `invalid_request` for a time that has passed */
  async create(dto: CreateAdminDto, by: Actor): Promise<{ admin: Admin; token: string }> {
    const expiresAt = futureTime('expiresAt', dto.expiresAt);
    const made = newSecret(ADMIN_TOKEN_PREFIX);
    const admin = await this.database.transaction(async (em) =>
      Promise.resolve(this.newAdmin(em, made, { name: dto.name, role: dto.role, expiresAt }, by)),
    );
    return { admin, token: made.token };
  }

  list(query: PageQuery): Promise<Page<Admin>> {
    const { after, options } = ORDERS.pageOf(query);
    return this.database.read(async (em) => ORDERS.toPage(await em.find(Admin, after, options), query, (row) => row));
  }

  /** @throws LetheError `not_found` */
  find(id: string): Promise<Admin> {
    return this.database.read((em) => findAdmin(em, id));
  }

  /** @throws LetheError `not_found`, `precondition_failed`, `row_tampered`, `last_administrator`, `invalid_request` */
  change(id: string, dto: ChangeAdminDto, ifMatch?: string, readOnly = ReadBack.NONE): Promise<Admin> {
    return this.changed(id, ifMatch, async (admin) => {
      await readOnly.requireUnchanged(admin, () => toAdminView(admin), ifMatch);
      return setMembers(admin, dto);
    });
  }

  /**
   * Gives an administrator a new token, which only the return value contains. The one before stays valid for the overlap; the
   * one before that ends at once.
   * @throws LetheError `not_found`, `precondition_failed`, `row_tampered`
   */
  async rotate(id: string, overlapSeconds: number, ifMatch?: string): Promise<{ admin: Admin; token: string }> {
    const { secret } = newSecret(ADMIN_TOKEN_PREFIX);
    const admin = await this.changed(id, ifMatch, (row) => {
      row.previousTokenMac = overlapSeconds > 0 ? (row.tokenMac ?? null) : null;
      row.previousUntil = overlapSeconds > 0 ? new Date(Date.now() + overlapSeconds * 1_000) : null;
      row.tokenMac = tokenMac(this.trust.rowsMac(), { id, secret });
      return true;
    });
    return { admin, token: `${ADMIN_TOKEN_PREFIX}_${id}_${secret}` };
  }

  /** Anybody may delete a row that somebody else has changed. @throws LetheError as `change` */
  async remove(id: string, ifMatch?: string): Promise<void> {
    await this.database.transaction(async (em) => {
      await lockPublishing(em);
      const admin = await findAdmin(em, id, LockMode.PESSIMISTIC_WRITE);
      requireMatch(ifMatch, admin);
      await em.remove(admin).flush();
      await this.requireAdministrator(em);
    });
    await this.marks.advance(id, null);
  }

  /** @param change returns whether it has changed anything */
  private async changed(
    id: string,
    ifMatch: string | undefined,
    change: (row: Admin) => boolean | Promise<boolean>,
  ): Promise<Admin> {
    const rows = this.trust.rowsMac();
    const admin = await this.database.transaction(async (em) => {
      await lockPublishing(em);
      const row = await findAdmin(em, id, LockMode.PESSIMISTIC_WRITE);
      requireMatch(ifMatch, row);
      // A row of a release without roles is sealed when its token is used for the first time.
      if (!isAdminGenuine(rows, row) || !this.marks.allows(row))
        throw new LetheError('row_tampered', { table: 'admin' });
      if (!(await change(row))) return row;
      row.version += 1;
      // Releases without roles know nothing of the change, so they may not know the administrator.
      row.mac = '';
      sealAdmin(rows, row);
      await em.flush();
      await this.requireAdministrator(em);
      return row;
    });
    await this.marks.advance(id, admin.version);
    return admin;
  }

  /** One who can let others in again must stay, also after every token has expired. */
  private async requireAdministrator(em: EntityManager): Promise<void> {
    const left = await em.find(Admin, { role: 'admin', enabled: true, expiresAt: null });
    const rows = this.trust.rowsMac();
    if (!left.some((admin) => isAdminGenuine(rows, admin) && this.marks.allows(admin)))
      throw new LetheError('last_administrator');
  }

  private newAdmin(
    em: EntityManager,
    token: Token,
    what: { name: string; role: AdminRole; expiresAt?: Date | null | undefined },
    createdBy: Actor,
  ): Admin {
    const rows = this.trust.rowsMac();
    const admin = em.create(Admin, {
      id: token.id,
      name: what.name,
      role: what.role,
      enabled: true,
      expiresAt: what.expiresAt ?? null,
      tokenMac: tokenMac(rows, token),
      rowMac: '',
      mac: '',
      formerRole: 'admin',
      version: 1,
      createdBy,
      createdAt: new Date(),
    });
    sealAdmin(rows, admin);
    return admin;
  }
}

/** Sets what differs. @returns whether something did @throws LetheError `invalid_request` for a time that has passed */
function setMembers(admin: Admin, { name, role, enabled, expiresAt }: ChangeAdminDto): boolean {
  const isSameTime = expiresAt === undefined || timeOf(expiresAt) === timeOf(admin.expiresAt);
  const until = isSameTime ? admin.expiresAt : futureTime('expiresAt', expiresAt);
  const wanted = { name: name ?? admin.name, role: role ?? admin.role, enabled: enabled ?? admin.enabled };
  const isSame = admin.name === wanted.name && admin.role === wanted.role && admin.enabled === wanted.enabled;
  Object.assign(admin, wanted, { expiresAt: until ?? null });
  return !isSame || !isSameTime;
}

function timeOf(time: Date | string | null | undefined): number | undefined {
  return time ? new Date(time).getTime() : undefined;
}

async function findAdmin(em: EntityManager, id: string, lockMode = LockMode.NONE): Promise<Admin> {
  const admin = ID.test(id) ? await em.findOne(Admin, { id }, { lockMode }) : null;
  if (admin === null) throw new LetheError('not_found');
  return admin;
}
