import type { CliSettings } from '../settings/cli-settings.config.js';
import { findProxyUrl } from './find-registry.js';
import { type StatusResponse, statusResponse } from './inspection-responses.js';
import type { RegistryClient } from './registry-client.js';
import { withoutSlash } from './registry-url.js';

/** Where clients reach the proxies, without a trailing slash: what is known here, else what the registry says. */
export async function proxyUrlOf(settings: CliSettings, client: RegistryClient): Promise<string | undefined> {
  return (await findProxyUrl(settings, client.address)) ?? (await toldUrl(client));
}

/** Where administrators find the console of the registry, at the address by which this machine reaches it. */
export async function consoleUrlOf(client: RegistryClient): Promise<string | undefined> {
  const status = await statusOf(client);
  return status?.hasConsole ? `${withoutSlash(client.address.url)}/console/` : undefined;
}

async function toldUrl(client: RegistryClient): Promise<string | undefined> {
  const status = await statusOf(client);
  return status?.publicUrl ? withoutSlash(status.publicUrl) : undefined;
}

/** A registry that does not tell it keeps nobody from a result. */
async function statusOf(client: RegistryClient): Promise<StatusResponse | undefined> {
  return client.request(statusResponse, 'GET', '/status').catch(() => undefined);
}
