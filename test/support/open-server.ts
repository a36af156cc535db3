import type { Admin } from './admin.js';
import { servedBy } from './calls.js';

/** Any Lethe: its admin API and where its virtual servers are. */
export interface AnyLethe {
  admin: Admin;
  proxyUrl: string;
}

/**
 * Registers an upstream, verifies it, and opens a virtual server over it alone to anybody.
 * @param token for an upstream that asks for one; callers send it as `X-Upstream-Authorization`
 * @returns the endpoint of the virtual server
 */
export async function openServerOver(
  { admin, proxyUrl }: AnyLethe,
  name: string,
  url: string,
  token?: string,
): Promise<string> {
  const mappings = token === undefined ? { passthroughHeaders: [] } : {};
  const { id, slug } = await admin.createGateway({ name, url, ...mappings });
  const { state, code } =
    token === undefined ? await verifiedOpenly(admin, id) : await admin.verify(id, { scheme: 'bearer', token });
  if (state !== 'verified') throw new Error(`${name} is not verified: ${state} ${code ?? ''}`);
  await admin.ask('POST', '/servers', { name, slug, include: [{ gateway: slug }], access: 'open' });
  await servedBy(proxyUrl, slug);
  return `${proxyUrl}/servers/${slug}/mcp`;
}

async function verifiedOpenly(admin: Admin, gateway: string) {
  const { id } = await admin.startVerification(gateway, { credential: 'none' });
  return admin.finished(gateway, id);
}
