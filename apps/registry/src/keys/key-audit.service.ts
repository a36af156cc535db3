import type { RowChange } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { AuditedKind, AuditedView } from '../audit/trail/audited-kind.js';
import { CallerKey } from './caller-key.entity.js';
import { toKeyView } from './key.view.js';

/** Callers' keys in the audit log. */
@Injectable()
export class KeyAudit implements AuditedKind {
  readonly kind = 'key';

  targetOf({ entity }: RowChange): string | undefined {
    return entity instanceof CallerKey ? entity.id : undefined;
  }

  async view(em: EntityManager, id: string): Promise<AuditedView | undefined> {
    const key = await em.findOne(CallerKey, { id, revokedAt: null });
    if (key === null) return undefined;
    const { state: _state, lastUsedAt: _lastUsedAt, lastServerId: _lastServerId, ...content } = toKeyView(key);
    return { slug: null, content };
  }
}
