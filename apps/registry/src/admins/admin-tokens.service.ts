import { ADMIN_TOKEN_PREFIX } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { readSecret, Trust } from '@lethe/sealing';
import { LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { TamperLog } from '../rows/tamper-log.service.js';
import { AdminMarks } from './admin-marks.service.js';
import type { AdminIdentity } from './admin-identity.js';
import { hasFormerToken, hasToken, isAdminGenuine, sealAdmin, tokenMac } from './admin-seal.js';
import { Admin } from './admin.entity.js';
import { LastUses } from './last-uses.service.js';

/** Why a token of Lethe lets nobody in. That one is off or has expired is told only to who holds it. */
export type AdminTokenProblem = 'administrator_unknown' | 'administrator_disabled' | 'administrator_expired';

/** Knows administrators by their tokens. */
@Injectable()
export class AdminTokens {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly tamper: TamperLog,
    private readonly uses: LastUses,
    private readonly marks: AdminMarks,
  ) {}

  async identify(token: string, now: Date): Promise<AdminIdentity | AdminTokenProblem> {
    const presented = readSecret(ADMIN_TOKEN_PREFIX, token);
    if (presented === undefined) return 'administrator_unknown';
    const found = await this.database.read((em) => em.findOne(Admin, { id: presented.id }));
    const admin = found && isOfEarlierRelease(found) ? await this.sealed(presented) : found;
    if (!admin) return 'administrator_unknown';
    const rows = this.trust.rowsMac();
    if (!isAdminGenuine(rows, admin) || !this.marks.allows(admin)) {
      this.tamper.report('admin', admin.id);
      return 'administrator_unknown';
    }
    if (!hasToken(rows, admin, presented.secret, now)) return 'administrator_unknown';
    const { id, name, role, enabled, expiresAt = null } = admin;
    if (!enabled) return 'administrator_disabled';
    if (expiresAt !== null && expiresAt <= now) return 'administrator_expired';
    this.uses.note(id, now);
    return { kind: 'administrator', id, name, role, expiresAt };
  }

  /** Only who presents the token of a row without these codes can show that the row is genuine. */
  private sealed(presented: { id: string; secret: string }): Promise<Admin | null> {
    return this.database.transaction(async (em) => {
      const rows = this.trust.rowsMac();
      const admin = await em.findOne(Admin, { id: presented.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!admin || !isOfEarlierRelease(admin)) return admin;
      if (!hasFormerToken(rows, admin, presented.secret)) return null;
      // What an earlier release knows nothing of is as it was for it.
      Object.assign(admin, { role: 'admin', enabled: true, expiresAt: null, version: 1 });
      admin.tokenMac = tokenMac(rows, presented);
      sealAdmin(rows, admin);
      return admin;
    });
  }
}

function isOfEarlierRelease({ tokenMac: code, rowMac }: Admin): boolean {
  return typeof code !== 'string' && typeof rowMac !== 'string';
}
