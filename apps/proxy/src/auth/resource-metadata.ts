import type { ServerManifest } from '@lethe/contracts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** URL of a virtual server's metadata. The path follows the well-known prefix (RFC 9728, section 3.1). */
export function resourceMetadataUrl(base: string, slug: string): string {
  return `${new URL(base).origin}${WELL_KNOWN}/servers/${slug}/mcp`;
}

/** RFC 9728 metadata of a virtual server whose callers send JWTs; undefined for other virtual servers. */
export function resourceMetadata({ access, slug, name }: ServerManifest, base: string): object | undefined {
  if (typeof access !== 'object') return undefined;
  return {
    resource: `${new URL(base).origin}/servers/${slug}/mcp`,
    authorization_servers: [access.issuer],
    bearer_methods_supported: ['header'],
    resource_name: name,
  };
}
