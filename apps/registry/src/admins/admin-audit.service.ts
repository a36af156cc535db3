import type { RowChange } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { AuditedKind, AuditedView } from '../audit/trail/audited-kind.js';
import { Admin } from './admin.entity.js';
import { toAdminView } from './admin.view.js';

/** Administrators in the audit log. */
@Injectable()
export class AdminAudit implements AuditedKind {
  readonly kind = 'administrator';

  targetOf({ entity }: RowChange): string | undefined {
    return entity instanceof Admin ? entity.id : undefined;
  }

  async view(em: EntityManager, id: string): Promise<AuditedView | undefined> {
    const admin = await em.findOne(Admin, { id });
    if (admin === null) return undefined;
    const { lastUsedAt: _lastUsedAt, ...view } = toAdminView(admin);
    // A rotation changes nothing else that is shown.
    return { slug: null, content: { ...view, version: admin.version } };
  }
}
