import type { ItemKind } from '@lethe/contracts';
import { nearestWord, UriTemplate } from '@lethe/mcp';
import type { AssignedName } from '../servers/name-items.js';
import type { ServerDetails } from '../servers/server.view.js';
import type { ExplainReason } from './reasons.js';

/** An item of a virtual server, found by the name or URI that a client uses. */
export interface FoundItem {
  kind: ItemKind;
  /** The name or URI that the client uses. */
  exposed: string;
  own: string;
  gatewayId: string;
  /** A resource that is in no list: by the template that matches it, or by the only gateway with resources. */
  by: 'name' | 'template' | 'only_gateway';
}

/** What is read of a virtual server. */
interface SearchedServer {
  server: Pick<ServerDetails['server'], 'items' | 'leftOut'>;
  names: readonly AssignedName[];
}

/** The item, or why there is none. */
export type ItemSearch = { item: FoundItem } | { reason: ExplainReason; gatewayId?: string; nearest?: string };

/** Finds an item as proxies do. */
export function findItem(details: SearchedServer, kind: ItemKind, name: string): ItemSearch {
  const current = details.names.filter((each) => each.current);
  const named = current.find((each) => each.kind === kind && each.exposed === name);
  if (named) return { item: toFound(named, name, 'name') };
  const unlisted = kind === 'resource' ? ownerOfUri(current, name) : undefined;
  return unlisted ? { item: { ...unlisted, kind } } : whyMissing(details, kind, name);
}

function ownerOfUri(current: readonly AssignedName[], uri: string): FoundItem | undefined {
  const having = current.filter(({ kind }) => kind === 'resource' || kind === 'resourceTemplate');
  const [first] = having;
  const isOnly = having.every(({ gatewayId }) => gatewayId === first?.gatewayId);
  if (first && isOnly) return { ...toFound(first, uri, 'only_gateway'), own: uri };
  const matching = having.find((each) => each.kind === 'resourceTemplate' && new UriTemplate(each.own).matches(uri));
  return matching && { ...toFound(matching, uri, 'template'), own: uri };
}

function toFound({ kind, own, gatewayId }: AssignedName, exposed: string, by: FoundItem['by']): FoundItem {
  return { kind, exposed, own, gatewayId, by };
}

function whyMissing({ server, names }: SearchedServer, kind: ItemKind, name: string): ItemSearch {
  const before = names.find((each) => each.kind === kind && each.exposed === name);
  const picks = server.items.filter((pick) => pick.kind === kind);
  const pick = before
    ? picks.find((each) => each.gateway === before.gatewayId && each.name === before.own)
    : picks.find((each) => (each.as ?? each.name) === name || each.name === name);
  const gatewayId = before?.gatewayId ?? pick?.gateway;
  if (pick?.enabled === false) return { reason: 'item_off', gatewayId };
  const left = server.leftOut.find((each) =>
    each.own === undefined ? each.gateway === gatewayId : each.kind === kind && each.own === (before?.own ?? name),
  );
  if (left && left.reason !== 'item_unknown') return { reason: left.reason, gatewayId: left.gateway };
  if (before) return { reason: 'item_gone', gatewayId };
  const nearest = nearestWord(
    name,
    names.flatMap((each) => (each.current && each.kind === kind ? [each.exposed] : [])),
  );
  return { reason: 'item_unknown', ...(nearest !== undefined && { nearest }) };
}
