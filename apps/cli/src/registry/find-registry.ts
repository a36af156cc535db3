import { join } from 'node:path';
import type { CliSettings } from '../settings/cli-settings.config.js';
import { CliError } from '../errors/cli.error.js';
import { givenToken, homeToken } from './admin-token.js';
import { readHomeRuntime } from './home-runtime.js';
import type { RegistryAddress } from './registry-client.js';
import { isSameAddress, refusePlainHttp, registryUrl, withoutSlash } from './registry-url.js';

/** Flags that select the registry. */
export interface RegistryFlags {
  url?: string;
  tokenFile?: string;
  /** Whether a token may go to another machine over plain http. */
  insecureHttp?: boolean;
}

/**
 * Finds the registry's URL (`--url`, LETHE_URL, then what runs with the data directory) and the token for it
 * (`--token-file`, LETHE_TOKEN, then the first administrator's). The latter goes only to the registry of the data directory.
 * @throws CliError `registry_unknown`, `registry_url`, `runtime_malformed`, `insecure_http`, `token_unknown`, `token_file`
 */
export async function findRegistry(settings: CliSettings, flags: RegistryFlags): Promise<RegistryAddress> {
  const typed = flags.url ?? settings.registryUrl;
  const url = typed === undefined ? undefined : registryUrl(typed);
  const token = await givenToken(settings, flags.tokenFile);
  if (url !== undefined && token !== undefined) {
    if (flags.insecureHttp !== true) refusePlainHttp(url);
    return { url, token };
  }
  const runtime = await readHomeRuntime(settings);
  // Never the typed name of the same port: on this machine, another user may listen to the port at another address.
  const own = runtime && registryUrl(runtime.registryUrl);
  if (own === undefined) throw url === undefined ? nothingRuns(settings) : noTokenFor(settings);
  if (url !== undefined && !isSameAddress(url, own)) throw noTokenFor(settings);
  return { url: own, token: token ?? (await homeToken(settings)) };
}

/** The URL at which MCP clients reach the proxies of this registry; undefined when it is not known here. */
export async function findProxyUrl(settings: CliSettings, registry: RegistryAddress): Promise<string | undefined> {
  if (settings.publicUrl !== undefined) return withoutSlash(settings.publicUrl);
  const { registryUrl: own, proxyUrl } = (await readHomeRuntime(settings)) ?? {};
  const isSame = own !== undefined && isSameAddress(own, registry.url);
  return isSame && proxyUrl !== undefined ? withoutSlash(proxyUrl) : undefined;
}

function nothingRuns({ home }: CliSettings): CliError {
  return new CliError('usage', 'registry_unknown', `No Lethe runs with the data directory ${home}`, [
    'Start one there with npm start, or set LETHE_HOME to the directory of a running one.',
    'For one that runs elsewhere: --url <url>, and --token-file <path> or LETHE_TOKEN.',
  ]);
}

function noTokenFor({ home }: CliSettings): CliError {
  return new CliError('usage', 'token_unknown', 'There is no administrator token for this registry; nothing was sent', [
    'Give one with --token-file <path> or LETHE_TOKEN.',
    `The token in ${join(home, 'admin-token')} is only for the Lethe that runs with this directory.`,
  ]);
}
