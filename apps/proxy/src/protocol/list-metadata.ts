import type { JsonObject } from '@lethe/contracts';
import type { ListMetadata } from './era-rules.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/**
 * How long clients may cache a list. Many of them never listen for changes, so it is also how late they notice one; a list
 * is answered from memory, so that it costs little to ask again.
 */
const TTL_MS = 5_000;

/** The identity of a virtual server; its version is the revision of the manifest. */
export function serverInfoOf({ manifest }: VirtualServer): JsonObject {
  return { name: manifest.slug, title: manifest.name, version: String(manifest.revision) };
}

const SERVER_INFO_JSON = new WeakMap<VirtualServer, string>();

/** The JSON of `serverInfoOf`, cached for each revision of a virtual server. */
export function serverInfoJson(server: VirtualServer): string {
  const cached = SERVER_INFO_JSON.get(server);
  if (cached !== undefined) return cached;
  const json = JSON.stringify(serverInfoOf(server));
  SERVER_INFO_JSON.set(server, json);
  return json;
}

/** Lists may be cached publicly only if every caller of an open server gets the same lists. */
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
