import { servedBy } from '../support/calls.js';
import type { Embedded } from '../support/embedded.js';

let registered = 0;

/** Registers upstreams that ask for no credential, each once, and opens a virtual server over all of them to anybody. */
export async function openServer(lethe: Embedded, upstreams: readonly { url: string }[]): Promise<string> {
  const gateways: string[] = [];
  for (const { url } of upstreams) {
    const name = `Conformance ${++registered}`;
    const { id, slug } = await lethe.admin.createGateway({ name, url, passthroughHeaders: [] });
    const verification = await lethe.admin.startVerification(id, { credential: 'none' });
    const { state, code } = await lethe.admin.finished(id, verification.id);
    if (state !== 'verified') throw new Error(`${name} is not verified: ${state} ${code ?? ''}`);
    gateways.push(slug);
  }
  const slug = `conformance-${registered}`;
  const include = gateways.map((gateway) => ({ gateway }));
  await lethe.admin.ask('POST', '/servers', { name: slug, slug, include, access: 'open', eras: 'both' });
  await servedBy(lethe.proxyUrl, slug);
  return `${lethe.proxyUrl}/servers/${slug}/mcp`;
}
