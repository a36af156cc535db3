import type { CliSettings } from '../settings/cli-settings.config.js';
import { findProxyUrl } from './find-registry.js';
import { statusResponse } from './inspection-responses.js';
import type { RegistryClient } from './registry-client.js';
import { withoutSlash } from './registry-url.js';

/** Where clients reach the proxies, without a trailing slash: what is known here, else what the registry says. */
export async function proxyUrlOf(settings: CliSettings, client: RegistryClient): Promise<string | undefined> {
  return (await findProxyUrl(settings, client.address)) ?? (await toldUrl(client));
}

/** A registry that does not tell it keeps nobody from a result. */
async function toldUrl(client: RegistryClient): Promise<string | undefined> {
  const status = await client.request(statusResponse, 'GET', '/status').catch(() => undefined);
  return status?.publicUrl ? withoutSlash(status.publicUrl) : undefined;
}
