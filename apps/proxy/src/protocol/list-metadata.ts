import type { JsonObject } from '@lethe/contracts';
import type { ListMetadata } from './era-rules.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** How long a list may be kept; a change of the virtual server shows at the latest after this. */
const TTL_MS = 60_000;

/** A virtual server's own identity; the revision tells two states of it apart. */
export function serverInfoOf({ manifest }: VirtualServer): JsonObject {
  return { name: manifest.slug, title: manifest.name, version: String(manifest.revision) };
}

const WRITTEN = new WeakMap<VirtualServer, string>();

/** The JSON of `serverInfoOf`, written once for each state of a virtual server. */
export function serverInfoJson(server: VirtualServer): string {
  const known = WRITTEN.get(server);
  if (known !== undefined) return known;
  const json = JSON.stringify(serverInfoOf(server));
  WRITTEN.set(server, json);
  return json;
}

/** What caches may do with the lists (design 4.3). */
export function listMetadata(server: VirtualServer): ListMetadata {
  const isPublic =
    server.manifest.access === 'open' &&
    server.gateways.every(({ listScope, isListed }) => listScope !== 'private' && isListed);
  return {
    serverInfo: serverInfoOf(server),
    cacheScope: isPublic ? 'public' : 'private',
    ttlMs: TTL_MS,
  };
}
