import type { JsonObject } from '@lethe/contracts';
import type { ListMetadata } from './era-rules.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** How long a list may be cached: a change of the virtual server is visible after this time at the latest. */
const TTL_MS = 60_000;

/** The identity of a virtual server; the revision tells two of its states apart. */
export function serverInfoOf({ manifest }: VirtualServer): JsonObject {
  return { name: manifest.slug, title: manifest.name, version: String(manifest.revision) };
}

const WRITTEN = new WeakMap<VirtualServer, string>();

/** The JSON of `serverInfoOf`, written once for each revision of a virtual server. */
export function serverInfoJson(server: VirtualServer): string {
  const known = WRITTEN.get(server);
  if (known !== undefined) return known;
  const json = JSON.stringify(serverInfoOf(server));
  WRITTEN.set(server, json);
  return json;
}

/** What caches may do with the lists of a virtual server. */
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
