import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Packed } from '../../support/packages.js';

/** A registry on this machine. */
export interface LocalRegistry {
  url: string;
  close(): void;
}

/**
 * Serves these packages as the npm registry does, and sends clients to `upstream` for all others.
 * The fields are those that npm's documentation of package metadata lists; `_hasShrinkwrap` is set by the registry.
 */
export async function startRegistry(packages: readonly Packed[], upstream: string): Promise<LocalRegistry> {
  const files = new Map<string, () => { type: string; body: Buffer }>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    const file = files.get(path)?.();
    if (file) response.writeHead(200, { 'content-type': file.type }).end(file.body);
    else response.writeHead(302, { location: new URL(`.${request.url ?? '/'}`, upstream).href }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  for (const packed of packages) {
    const { name } = packed.manifest;
    const body = readFileSync(packed.tarball);
    const metadata = Buffer.from(JSON.stringify(metadataOf(packed, body, `${url}${name}/-/package.tgz`)));
    files.set(`/${name}`, () => ({ type: 'application/json', body: metadata }));
    files.set(`/${name}/-/package.tgz`, () => ({ type: 'application/octet-stream', body }));
  }
  return { url, close: () => void server.close() };
}

function metadataOf({ manifest, files }: Packed, body: Buffer, tarball: string): object {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(body).digest('base64')}`;
  const _hasShrinkwrap = files.includes('npm-shrinkwrap.json');
  const versions = { [version]: { ...manifest, _hasShrinkwrap, dist: { tarball, integrity } } };
  return { name, 'dist-tags': { latest: version }, versions };
}
