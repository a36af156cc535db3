import { access } from 'node:fs/promises';
import { KEY_VARIABLE } from '@lethe/mcp';
import { directFetch } from '../mcp/direct-fetch.js';
import { type Endpoint, endpointOf } from '../mcp/endpoint.js';
import { findProxyUrl } from '../registry/find-registry.js';
import { readHomeRuntime } from '../registry/home-runtime.js';
import type { SharedTokens } from '../refresher/shared-tokens.js';
import { refusePlainHttp } from '../registry/registry-url.js';
import type { LoginStore, StoreKind } from '../token-store/login-store.js';
import { interruptible } from './interrupt.js';
import type { CommonFlags, RunContext } from './run-context.js';

/** A program that waits for headers gives up soon. */
const KEYCHAIN_TIMEOUT_MS = 3_000;
/** A person may have to type a password. */
const UNLOCK_TIMEOUT_MS = 60_000;

/** The endpoint of a virtual server, to which no key goes in clear over a network. @throws CliError */
export async function endpointFor(context: RunContext, server: string, flags: CommonFlags): Promise<Endpoint> {
  const endpoint = endpointOf(server, await proxyUrl(context));
  if (flags.insecureHttp !== true) refusePlainHttp(endpoint.mcp);
  return endpoint;
}

/** The caller's key, if one is set. */
export function callerKey({ settings }: RunContext): string | undefined {
  return settings.secret(KEY_VARIABLE);
}

/** Who waits for the store of logins. */
export interface StoreWait {
  /** Whether a person is there to unlock a keychain. */
  isPatient: boolean;
  kind?: StoreKind | undefined;
  /** Ends a call into the keychain. */
  signal?: AbortSignal;
}

/** The store of this person's logins. */
export async function loginStore(
  { settings }: RunContext,
  { isPatient, kind, signal }: StoreWait,
): Promise<LoginStore> {
  const { openStore } = await import('../token-store/open-store.js');
  const keychainTimeoutMs = isPatient ? UNLOCK_TIMEOUT_MS : KEYCHAIN_TIMEOUT_MS;
  return openStore({ folder: settings.loginsFolder, kind, keychainTimeoutMs, signal });
}

/** Whether this person has ever logged in: who has not is asked for no keychain, and most of the program is not loaded. */
export function hasLogins({ settings }: RunContext): Promise<boolean> {
  return access(settings.loginsFolder).then(
    () => true,
    () => false,
  );
}

/** The access tokens of this person; whoever opens them closes them. */
export async function openTokens(context: RunContext): Promise<SharedTokens> {
  // The OAuth library is large: only commands with logins load it.
  const [refresher, { secureFetch }] = await Promise.all([
    import('../refresher/shared-tokens.js'),
    import('../oauth/secure-fetch.js'),
  ]);
  return new refresher.SharedTokens({
    folder: context.settings.loginsFolder,
    openStore: () => loginStore(context, { isPatient: false }),
    fetch: secureFetch(directFetch),
  });
}

/**
 * Runs work with the access tokens of this person, and then stops answering others. Ctrl-C does not end a refresh: its new
 * tokens would be lost, and the old ones with them.
 */
export async function withTokens<T>(context: RunContext, work: (tokens: SharedTokens) => Promise<T>): Promise<T> {
  const tokens = await openTokens(context);
  return interruptible(async () => {
    try {
      return await work(tokens);
    } finally {
      await tokens.close();
    }
  });
}

/** Without a registry: what runs here, or what LETHE_PUBLIC_URL names. */
async function proxyUrl({ settings }: RunContext): Promise<string | undefined> {
  const runtime = await readHomeRuntime(settings);
  if (runtime === undefined) return settings.publicUrl;
  return findProxyUrl(settings, { url: runtime.registryUrl, token: '' });
}
