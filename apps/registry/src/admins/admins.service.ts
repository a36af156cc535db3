import { ADMIN_TOKEN_PREFIX } from '@lethe/contracts';
import { Database, lockPublishing } from '@lethe/persistence';
import { type NewSecret, readSecret, Trust } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';
import { adminMacContent } from './admin-mac.js';
import { Admin } from './admin.entity.js';

/** An authenticated administrator. */
export interface AdminIdentity {
  id: string;
  name: string;
  role: 'admin';
}

/**
 * Administrators and their tokens. PostgreSQL holds only an authentication code of each token; its key is stored
 * elsewhere.
 */
@Injectable()
export class AdminsService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
  ) {}

  /** The administrator whose token this is; undefined when the token is not valid. */
  async identify(token: string): Promise<AdminIdentity | undefined> {
    const presented = readSecret(ADMIN_TOKEN_PREFIX, token);
    if (presented === undefined) return undefined;
    const admin = await this.database.read((em) => em.findOne(Admin, { id: presented.id }));
    if (admin === null) return undefined;
    const content = adminMacContent(admin, presented.secret);
    if (!this.trust.rowsMac().matches('admin', content, admin.mac)) return undefined;
    return { id: admin.id, name: admin.name, role: admin.role };
  }

  /**
   * Creates the first administrator if there is none. `tokenOf` is called in the transaction, so a token that it can't hand
   * over is no administrator's. Replicas that start at the same time create only one.
   */
  async makeFirst(tokenOf: () => Promise<Pick<NewSecret, 'id' | 'secret'>>): Promise<void> {
    await this.database.transaction(async (em) => {
      await lockPublishing(em);
      if ((await em.count(Admin)) > 0) return;
      const { id, secret } = await tokenOf();
      const admin = { id, name: 'first administrator', role: 'admin' as const };
      const mac = this.trust.rowsMac().tag('admin', adminMacContent(admin, secret));
      em.create(Admin, { ...admin, mac, createdAt: new Date() });
    });
  }
}
