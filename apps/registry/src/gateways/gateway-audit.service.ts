import type { RowChange } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { AuditedKind, AuditedView } from '../audit/trail/audited-kind.js';
import { GatewayConfig } from './gateway-config.entity.js';
import { GatewayDetailsQuery } from './gateway-details.service.js';
import { Gateway } from './gateway.entity.js';
import { toGatewayView } from './gateway.view.js';
import { KeptCredential } from './kept-credential.entity.js';
import type { KeptView } from './kept.view.js';

/** A verification that begins, which has an entry of its own, and what proxies see of upstreams change only these. */
const NOT_SHOWN = new Set(['lastAttempt', 'driftSuspectedAt', 'driftSuspectedBy']);

function withoutSeen({ rejectedAt: _rejectedAt, ...kept }: KeptView): object {
  return kept;
}

/** Gateways and their configurations in the audit log. */
@Injectable()
export class GatewayAudit implements AuditedKind {
  readonly kind = 'gateway';

  constructor(private readonly details: GatewayDetailsQuery) {}

  targetOf({ entity, kind, changed }: RowChange): string | undefined {
    if (entity instanceof GatewayConfig || entity instanceof KeptCredential) return entity.gatewayId;
    if (!(entity instanceof Gateway)) return undefined;
    return kind === 'update' && changed.every((name) => NOT_SHOWN.has(name)) ? undefined : entity.id;
  }

  async view(em: EntityManager, id: string): Promise<AuditedView | undefined> {
    const gateway = await em.findOne(Gateway, { id, deletedAt: null });
    const [details] = gateway === null ? [] : await this.details.load(em, [gateway]);
    if (details === undefined) return undefined;
    const { lastVerification: _last, updatedAt: _updatedAt, ...shown } = toGatewayView(details);
    const { liveness: _liveness, driftSuspected: _driftSuspected, ...content } = shown;
    return { slug: content.slug, content: { ...content, kept: content.kept && withoutSeen(content.kept) } };
  }
}
