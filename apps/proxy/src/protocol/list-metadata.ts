import type { JsonObject } from '@lethe/contracts';
import type { ListMetadata } from './era-rules.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** How long clients may cache a list, and so how late they may notice a change. */
const TTL_MS = 60_000;

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

/** For modern clients, as legacy lists have no metadata. Lists may be cached publicly only if every caller of an open server gets the same lists. */
export function listMetadata(server: VirtualServer): ListMetadata {
  const isPublic =
    server.manifest.access === 'open' &&
    server.gateways.every(({ servedIn, isListed }) => servedIn.modern.listScope !== 'private' && isListed);
  return {
    serverInfo: serverInfoOf(server),
    cacheScope: isPublic ? 'public' : 'private',
    ttlMs: TTL_MS,
  };
}
