import { itemKey, type ItemKind } from '@lethe/contracts';
import { Settings } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Gateway } from '../gateways/gateway.entity.js';
import { itemTagger } from '../gateways/item-tags.js';
import { assignedNames } from './assigned-names.js';
import { compose, membersOf } from './composition.js';
import { gatewaysOf } from './credential-uses.js';
import { headerWarnings } from './header-budget.js';
import { passthroughHeaders } from './server-members.js';
import type { VirtualServer } from './server.entity.js';
import type { ServerDetails } from './server.view.js';
import { gatewayWarnings, sizeWarnings } from './curation-warnings.js';

/** Reads virtual servers together with their names and gateways. */
@Injectable()
export class ServerDetailsQuery {
  constructor(
    private readonly trust: Trust,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  async load(em: EntityManager, server: VirtualServer): Promise<ServerDetails> {
    const names = await assignedNames(em, server.id);
    const composed = await compose(em, this.trust.rowsMac(), server);
    const members = membersOf(composed);
    const named = [...gatewaysOf(server), ...names.map(({ gatewayId }) => gatewayId)];
    const ids = new Set([...members, ...composed.unsealed, ...named]);
    const gateways = await em.find(Gateway, { id: { $in: [...ids] } });
    const headers = await passthroughHeaders(
      em,
      gateways.filter(({ id }) => members.includes(id)),
    );
    return {
      server,
      names,
      members: members.filter((member) => gateways.some(({ id, deletedAt }) => id === member && !deletedAt)),
      slugs: new Map(gateways.map(({ id, slug }) => [id, slug])),
      tagsOf: tagsIn(server, gateways),
      warnings: headerWarnings(headers, server.access, this.settings),
      curationWarnings: [...gatewayWarnings(composed, gateways), ...sizeWarnings(server.toolBytes)],
    };
  }
}

/** The tags that the server gives an item, or else those that its gateway does. */
function tagsIn({ items }: VirtualServer, gateways: readonly Gateway[]): ServerDetails['tagsOf'] {
  const taggers = new Map(gateways.map(({ id, itemTags }) => [id, itemTagger(itemTags)]));
  const chosen = new Map(
    items.flatMap((pick) => (pick.tags ? [[keyOf(pick.gateway, pick.kind, pick.name), pick.tags]] : [])),
  );
  return ({ gatewayId, kind, own }) =>
    chosen.get(keyOf(gatewayId, kind, own)) ?? taggers.get(gatewayId)?.({ kind, own }) ?? [];
}

function keyOf(gatewayId: string, kind: ItemKind, own: string): string {
  return `${gatewayId} ${itemKey({ kind, own })}`;
}
