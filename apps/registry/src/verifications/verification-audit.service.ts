import type { RowChange } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { REGISTRY } from '../audit/trail/actor.js';
import type { AuditedKind, AuditedView, Cause } from '../audit/trail/audited-kind.js';
import { changesOf } from '../changes/change-records.js';
import { VerificationChange } from '../changes/verification-change.entity.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { Verification } from './verification.entity.js';
import { toVerificationView } from './verification.view.js';

/** Slot, deadline and parts that have arrived show nowhere. */
const SHOWN = new Set(['state', 'code', 'httpStatus', 'review', 'digest', 'counts', 'failure']);

/** Verifications in the audit log: begun, used, ended, and held for a review. */
@Injectable()
export class VerificationAudit implements AuditedKind {
  readonly kind = 'verification';

  targetOf({ entity, kind, changed }: RowChange): string | undefined {
    if (entity instanceof VerificationChange) return entity.vid;
    if (!(entity instanceof Verification)) return undefined;
    return kind === 'update' && !changed.some((name) => SHOWN.has(name)) ? undefined : entity.id;
  }

  async view(em: EntityManager, id: string): Promise<AuditedView | undefined> {
    const verification = await em.findOne(Verification, { id });
    if (verification === null) return undefined;
    const gateway = await em.findOne(Gateway, { id: verification.gatewayId });
    const { deadline: _deadline, receipt: _receipt, diff, review, ...shown } = toVerificationView(verification);
    const changes = diff && {
      added: diff.added.length,
      changed: diff.changed.length,
      removed: diff.removed.length,
    };
    const decided = countsOf((await changesOf(em, id)).map(({ status }) => status));
    const content = { ...shown, ...(changes && { changes }), ...(review && { review: review.why }), decided };
    return { slug: gateway?.slug ?? null, content };
  }

  /** The connector's result, or the sweeper: on behalf of who has opened it. */
  async causeOf(em: EntityManager, id: string): Promise<Cause | undefined> {
    const verification = await em.findOne(Verification, { id });
    if (verification === null) return undefined;
    const { openedBy, state, review } = verification;
    return { actor: openedBy ?? REGISTRY, operation: `verification.${review ? 'held' : state}` };
  }
}

/** How many changes have each status. */
function countsOf(statuses: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
