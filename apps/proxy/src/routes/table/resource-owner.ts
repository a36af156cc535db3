import type { Gateway } from './gateway.js';
import type { VirtualServer } from './virtual-server.js';

/** A longer URI has no owner. */
const MAX_URI = 8_192;
/** How many URIs above a URI are looked up. */
const MAX_ABOVE = 32;

/**
 * The gateway that may say that a resource was updated: the one that would be asked for it, else the one with the resource
 * above it, as `file:///a` is above `file:///a/b`.
 * https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions
 */
export function updateOwner(server: VirtualServer, uri: string): Gateway | undefined {
  if (uri.length > MAX_URI) return undefined;
  const owner = server.resourceAt(uri)?.gateway ?? ownerAbove(server, uri);
  return owner && !server.hides(uri, owner) ? owner : undefined;
}

function ownerAbove({ items }: VirtualServer, uri: string): Gateway | undefined {
  let end = uri.length;
  for (let looked = 0; looked < MAX_ABOVE; looked += 1) {
    end = Math.max(...['/', '?', '#'].map((border) => uri.lastIndexOf(border, end - 1)));
    if (end <= 0) return undefined;
    const above = items.resource.get(uri.slice(0, end)) ?? items.resource.get(uri.slice(0, end + 1));
    if (above) return above.gateway;
  }
  return undefined;
}
