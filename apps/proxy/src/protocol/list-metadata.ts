import type { ListMetadata } from './era-rules.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { serverInfoOf } from './server-identity.js';

/**
 * How long clients may cache a list. Many of them never listen for changes, so it is also how late they notice one; a list
 * is answered from memory, so that it costs little to ask again.
 */
const TTL_MS = 5_000;

const SERVER_INFO_JSON = new WeakMap<VirtualServer, string>();

/** The JSON of `serverInfoOf` for results to modern clients, cached for each revision of a virtual server. */
export function serverInfoJson(server: VirtualServer): string {
  const cached = SERVER_INFO_JSON.get(server);
  if (cached !== undefined) return cached;
  const json = JSON.stringify(serverInfoOf(server, 'modern'));
  SERVER_INFO_JSON.set(server, json);
  return json;
}

/** For modern clients, as legacy lists have no metadata. Lists may be cached publicly only if every caller of an open server gets the same lists; with grants they may not, because they change for some callers alone. */
export function listMetadata(server: VirtualServer): ListMetadata {
  const isPublic =
    server.manifest.access === 'open' &&
    !server.isRestricted &&
    server.gateways.every(({ servedIn, isListed }) => servedIn.modern.listScope !== 'private' && isListed);
  return {
    serverInfo: serverInfoOf(server, 'modern'),
    cacheScope: isPublic ? 'public' : 'private',
    ttlMs: TTL_MS,
  };
}
