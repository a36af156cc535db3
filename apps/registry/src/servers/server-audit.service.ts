import type { RowChange } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { AuditedKind, AuditedView } from '../audit/trail/audited-kind.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { namedGateways } from './composition.js';
import { VirtualServer } from './server.entity.js';
import { toServerView } from './server.view.js';

/** What publishing writes: it follows from the gateways, whose changes have entries of their own. */
const DERIVED = new Set(['leftOut', 'revision', 'mac', 'toolBytes']);

/** What administrators decided about virtual servers, in the audit log. */
@Injectable()
export class ServerAudit implements AuditedKind {
  readonly kind = 'server';

  targetOf({ entity, kind, changed }: RowChange): string | undefined {
    if (!(entity instanceof VirtualServer)) return undefined;
    return kind === 'update' && changed.every((name) => DERIVED.has(name)) ? undefined : entity.id;
  }

  async view(em: EntityManager, id: string): Promise<AuditedView | undefined> {
    const server = await em.findOne(VirtualServer, { id, deletedAt: null });
    if (server === null) return undefined;
    const gateways = await em.find(Gateway, { id: { $in: namedGateways(server) } });
    const slugs = new Map(gateways.map((gateway) => [gateway.id, gateway.slug]));
    const view = toServerView({
      server,
      names: [],
      members: [],
      slugs,
      tagsOf: () => [],
      warnings: [],
      curationWarnings: [],
    });
    const {
      exposed: _exposed,
      gateways: _gateways,
      leftOut: _leftOut,
      warnings: _warnings,
      curationWarnings: _curation,
      ...decided
    } = view;
    const { revision: _revision, updatedAt: _updatedAt, ...content } = decided;
    return { slug: content.slug, content };
  }
}
