import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliSettings } from '../settings/cli-settings.config.js';
import { CliError } from '../errors/cli.error.js';
import { runtimeFile } from './responses.js';
import type { RegistryAddress } from './registry-client.js';

/** Flags that select the registry. */
export interface RegistryFlags {
  url?: string;
  tokenFile?: string;
}

/**
 * Finds the registry's URL (`--url`, LETHE_URL, then the runtime file) and token (`--token-file`, LETHE_TOKEN, then the
 * first administrator's).
 * @throws CliError `registry_unknown`, `registry_url`, `runtime_malformed`, `token_unknown`
 */
export async function findRegistry(settings: CliSettings, flags: RegistryFlags): Promise<RegistryAddress> {
  const url = flags.url ?? settings.registryUrl ?? (await readRuntime(settings))?.registryUrl;
  if (url === undefined) {
    throw new CliError('usage', 'registry_unknown', 'No registry is known', [
      `Start one with npm start, or set --url or LETHE_URL (${join(settings.home, 'runtime.json')} does not exist).`,
    ]);
  }
  return { url: registryUrl(url), token: await findToken(settings, flags) };
}

/** The URL at which MCP clients reach the proxies of this registry; undefined when it is not known here. */
export async function findProxyUrl(settings: CliSettings, registry: RegistryAddress): Promise<string | undefined> {
  if (settings.publicUrl !== undefined) return withoutSlash(settings.publicUrl);
  const runtime = await readRuntime(settings);
  const isSame = runtime !== undefined && withoutSlash(runtime.registryUrl) === registry.url;
  return isSame && runtime.proxyUrl !== undefined ? withoutSlash(runtime.proxyUrl) : undefined;
}

async function findToken(settings: CliSettings, { tokenFile }: RegistryFlags): Promise<string> {
  const inHome = join(settings.home, 'admin-token');
  const token = tokenFile === undefined ? settings.token : await readText(tokenFile);
  const found = (token ?? (await readText(inHome)))?.trim();
  if (found !== undefined && /^[\x21-\x7e]+$/.test(found)) return found;
  throw new CliError('usage', 'token_unknown', 'There is no administrator token, or it is not valid', [
    `Set --token-file or LETHE_TOKEN, or provide ${inHome}.`,
  ]);
}

function registryUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isHttp = parsed?.protocol === 'https:' || parsed?.protocol === 'http:';
  if (
    !parsed ||
    !isHttp ||
    parsed.username !== '' ||
    parsed.password !== '' ||
    parsed.search !== '' ||
    parsed.hash !== ''
  ) {
    throw new CliError(
      'usage',
      'registry_url',
      "The registry's URL must be http or https, with no credentials, query or fragment",
    );
  }
  return withoutSlash(parsed.href);
}

async function readRuntime({ home }: CliSettings): Promise<{ registryUrl: string; proxyUrl?: string } | undefined> {
  const text = await readText(join(home, 'runtime.json'));
  if (text === undefined) return undefined;
  try {
    return runtimeFile.parse(JSON.parse(text));
  } catch {
    throw new CliError('usage', 'runtime_malformed', `${join(home, 'runtime.json')} is malformed`);
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
