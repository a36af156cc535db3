import { CLIENT_METADATA_PATH, isObject, parseJson } from '@lethe/mcp';
import type { Fetch } from '../oauth/secure-fetch.js';

/**
 * The URL of the client metadata document that a Lethe serves, which is the id of `lethe login` at servers that take one;
 * undefined if it serves none.
 * @param base URL of the proxies, or of a virtual server there
 */
export async function clientOfLethe(base: string, fetch: Fetch): Promise<string | undefined> {
  const proxies = base.replace(/\/servers\/[^/]+\/mcp$/, '').replace(/\/+$/, '');
  try {
    const response = await fetch(`${proxies}${CLIENT_METADATA_PATH}`, { headers: { accept: 'application/json' } });
    const document = response.status === 200 ? parseJson(await response.text()) : undefined;
    const id = isObject(document) ? document['client_id'] : undefined;
    // Reached at an address of its own here, it may be another one for authorization servers.
    return typeof id === 'string' && /^https:/.test(id) && id.endsWith(CLIENT_METADATA_PATH) ? id : undefined;
  } catch {
    return undefined;
  }
}
