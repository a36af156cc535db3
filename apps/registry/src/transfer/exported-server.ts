import type { ItemKind } from '@lethe/contracts';
import { fieldsOf } from '../rest/dto-fields.js';
import type { AssignedName } from '../servers/name-items.js';
import { CreateServerDto } from '../servers/server.dto.js';
import type { VirtualServer } from '../servers/server.entity.js';
import { type ServerView, toServerView } from '../servers/server.view.js';
import { asJson, type Exported, picked } from './document.js';
import { lastingNames } from './lasting-names.js';

/** All that a virtual server can be made with. */
export const SERVER_FIELDS: readonly string[] = fieldsOf(CreateServerDto);

/** A name that belongs to an item of a virtual server, in a document. */
export interface ExportedName {
  kind: ItemKind;
  exposed: string;
  gateway: string;
  own: string;
  chosen?: boolean;
}

/**
 * A virtual server as it is made, with gateways by slug, and with the names that would not be given again. Deleted gateways,
 * of which it still speaks, are left out.
 * @param slugs of the gateways that are there, by id
 */
export function exportedServer(server: VirtualServer, names: AssignedName[], slugs: Map<string, string>): Exported {
  const view = toServerView({
    server,
    slugs,
    names: [],
    members: [],
    tagsOf: () => [],
    warnings: [],
    curationWarnings: [],
  });
  const kept = names.filter(({ gatewayId }) => slugs.has(gatewayId));
  const lasting = lastingNames(kept, server, (id) => slugs.get(id) ?? '')
    .map((name) => toExportedName(name, slugs))
    .toSorted((a, b) => compare(`${a.kind} ${a.exposed}`, `${b.kind} ${b.exposed}`));
  const fields = picked({ ...view, ...withoutDeleted(view, new Set(slugs.values())) }, SERVER_FIELDS);
  return lasting.length === 0 ? fields : asJson({ ...fields, names: lasting });
}

/** Order by code units, which is the same everywhere. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function toExportedName({ kind, exposed, gatewayId, own, chosen }: AssignedName, slugs: Map<string, string>) {
  const name: ExportedName = { kind, exposed, gateway: slugs.get(gatewayId) ?? '', own };
  return chosen ? { ...name, chosen } : name;
}

function withoutDeleted(view: ServerView, there: ReadonlySet<string>): object {
  const isThere = ({ gateway }: { gateway?: string }): boolean => gateway === undefined || there.has(gateway);
  const uses = (view.credentials ?? []).filter(isThere);
  return {
    items: view.items.filter(isThere),
    include: view.include.filter(isThere),
    credentials: uses.length === 0 ? null : uses,
    shortForm: Object.fromEntries(Object.entries(view.shortForm).filter(([, owner]) => there.has(owner))),
    grants: view.grants?.map(({ gateways, ...grant }) => ({
      ...grant,
      ...(gateways && { gateways: gateways.filter((gateway) => there.has(gateway)) }),
    })),
  };
}
