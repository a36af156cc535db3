import { CLIENT_METADATA_PATH, isObject, parseJson } from '@lethe/mcp';
import type { Fetch } from '../oauth/secure-fetch.js';

/**
 * The URL of the client metadata document that a Lethe serves, which is the id of `lethe login` at servers that take one;
 * undefined if it serves none.
 * @param server URL of a virtual server
 */
export async function clientOfLethe(server: string, fetch: Fetch): Promise<string | undefined> {
  const base = server.replace(/\/servers\/[^/]+\/mcp$/, '');
  try {
    const response = await fetch(`${base}${CLIENT_METADATA_PATH}`, { headers: { accept: 'application/json' } });
    const document = response.status === 200 ? parseJson(await response.text()) : undefined;
    const id = isObject(document) ? document['client_id'] : undefined;
    // Reached at an address of its own here, it may be another one for authorization servers.
    return typeof id === 'string' && /^https:/.test(id) && id.endsWith(CLIENT_METADATA_PATH) ? id : undefined;
  } catch {
    return undefined;
  }
}
