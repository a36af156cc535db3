import { type CatalogueItem, type ItemKind } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { Injectable } from '@nestjs/common';
import { StoredItem } from '../catalogue/catalogue-item.entity.js';
import { toItem } from '../catalogue/catalogue-store.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { contentTag } from '../rest/etag.js';
import { limitOf, positionOf, toPage } from '../rest/paging.js';
import { estimatedTokens, shownBytes } from '../servers/list-size.js';
import type { AssignedName } from '../servers/name-items.js';
import { ServerGateways } from '../servers/server-gateways.service.js';
import { TOOL_TOKENS } from '../servers/curation-warnings.js';
import type { ServerDetails } from '../servers/server.view.js';
import { ServersService } from '../servers/servers.service.js';
import { hintsReadOnly, visibleTo } from './roles.js';
import { rolesOf, type SizeQuery } from './size.dto.js';
import type { ServerSizeView, SizedGatewayView, SizedItemView } from './size.view.js';

/** An exposed item with its definition. */
interface Measured {
  name: AssignedName;
  item: CatalogueItem;
}

/** Measures what virtual servers show. */
@Injectable()
export class SizeService {
  constructor(
    private readonly database: Database,
    private readonly servers: ServersService,
    private readonly gateways: ServerGateways,
  ) {}

  /** @throws LetheError `not_found` */
  async measure(ref: string, query: SizeQuery): Promise<ServerSizeView> {
    const { kind = 'tool' } = query;
    const details = await this.servers.find(ref);
    const served = await this.gateways.servedBy(details.server);
    const open = served.map(({ gateway }) => gateway).filter(({ enabled }) => enabled);
    const isVisible = visibleTo(details, rolesOf(query));
    const sizes: SizedItemView[] = [];
    // One gateway after the other: all catalogues together may be long.
    for (const gateway of open) {
      const measured = await this.itemsOf(details, gateway, kind);
      const visible = measured.filter(({ name, item }) => isVisible(name, hintsReadOnly(item, gateway)));
      sizes.push(...visible.map((each) => toSize(details, gateway, each)));
    }
    return {
      ...{ kind, total: sizes.length, ...sumOf(sizes), limitTokens: TOOL_TOKENS },
      gateways: largestFirst(byGateway(sizes), ({ gateway }) => gateway),
      ...pageOf(sizes, query),
    };
  }

  private async itemsOf({ names }: ServerDetails, { id: gatewayId }: Gateway, kind: ItemKind): Promise<Measured[]> {
    const rows = await this.database.read((em) => em.find(StoredItem, { gatewayId, kind }));
    const items = new Map(rows.map((row) => [row.own, toItem(row)]));
    const current = names.filter((name) => name.current && name.kind === kind && name.gatewayId === gatewayId);
    return current.flatMap((name) => {
      const item = items.get(name.own);
      return item ? [{ name, item }] : [];
    });
  }
}

function toSize({ server, tagsOf }: ServerDetails, { slug }: Gateway, { name, item }: Measured): SizedItemView {
  const { kind, exposed, own, gatewayId } = name;
  const pick = server.items.find((each) => each.gateway === gatewayId && each.kind === kind && each.name === own);
  const bytes = shownBytes(item, { exposed, description: pick?.description });
  return { kind, exposed, gateway: slug, own, tags: tagsOf(name), bytes, estimatedTokens: estimatedTokens(bytes) };
}

function sumOf(sizes: readonly { bytes: number }[]): { bytes: number; estimatedTokens: number } {
  const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
  return { bytes, estimatedTokens: estimatedTokens(bytes) };
}

function byGateway(sizes: SizedItemView[]): SizedGatewayView[] {
  const groups = Map.groupBy(sizes, ({ gateway }) => gateway);
  return [...groups].map(([gateway, items]) => ({ gateway, items: items.length, ...sumOf(items) }));
}

function largestFirst<T extends { bytes: number }>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return all.toSorted((a, b) => b.bytes - a.bytes || (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The cursor has a digest of the name, which may be as long as a URI. */
function pageOf(sizes: SizedItemView[], query: SizeQuery): Pick<ServerSizeView, 'items' | 'nextCursor'> {
  const tagOf = ({ exposed }: SizedItemView): string => contentTag(exposed);
  const [bytes, tag] = positionOf(query, ['integer', 'text']) ?? [Number.POSITIVE_INFINITY, ''];
  const isAfter = (size: SizedItemView): boolean =>
    size.bytes < Number(bytes) || (size.bytes === Number(bytes) && tagOf(size) > String(tag));
  const rest = largestFirst(sizes, tagOf).filter(isAfter);
  return toPage(
    rest.slice(0, limitOf(query) + 1),
    query,
    (size) => [size.bytes, tagOf(size)],
    (size) => size,
  );
}
