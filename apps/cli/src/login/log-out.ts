import { CliError } from '../errors/cli.error.js';
import type { Fetch } from '../oauth/secure-fetch.js';
import { revoke } from '../oauth/token-requests.js';
import { type Login, type LoginDocument, NO_LOGINS } from '../token-store/login-record.js';
import type { LoginStore } from '../token-store/login-store.js';

/** What became of a login that ended. */
export interface LoggedOut {
  resource: string;
  revocation: Revocation;
}

/** Whether an authorization server ended a login; otherwise its tokens live until their end. */
export type Revocation = 'revoked' | 'unsupported' | 'failed';

/** Which logins to end. */
export interface LogoutScope {
  /** URL of a virtual server; undefined: all logins. */
  server: string | undefined;
  gateway: string | undefined;
  /** Also what was pinned, and the client that was registered. */
  forget: boolean;
}

/**
 * Ends logins: at their authorization servers, as far as they can be reached, and here in any case.
 * @throws CliError `not_logged_in`, and those of the store
 */
export async function logOut(scope: LogoutScope, store: LoginStore, fetch: Fetch): Promise<LoggedOut[]> {
  const document = await store.read();
  const resources = resourcesOf(document, scope);
  const logins = resources.flatMap((resource) => document.logins[resource] ?? []);
  // A file without logins still decides where a key is kept, and has what is remembered.
  const isKnown = scope.server === undefined ? document !== NO_LOGINS : resources.length > 0;
  if (logins.length === 0 && !(scope.forget && isKnown)) throw nothing(scope);
  const ended = await Promise.all(logins.map((login) => end(login, store, fetch)));
  await store.change((current) => without(current, scope, resources));
  return ended;
}

async function end(login: Login, store: LoginStore, fetch: Fetch): Promise<LoggedOut> {
  const { resource } = login;
  // Not during a refresh, whose new tokens would outlive this.
  return store.alone(resource, async () => {
    const latest = (await store.read()).logins[resource] ?? login;
    return { resource, revocation: await revocationOf(latest, fetch) };
  });
}

/** Ends the tokens of a login at its authorization server. */
export async function revocationOf(login: Login, fetch: Fetch): Promise<Revocation> {
  const outcome = await revoke(login, fetch).catch((error: unknown) => {
    if (error instanceof CliError && error.kind === 'cancelled') throw error;
    return undefined;
  });
  return outcome === undefined ? 'failed' : outcome ? 'revoked' : 'unsupported';
}

function resourcesOf({ pins, logins }: LoginDocument, { server, gateway }: LogoutScope): string[] {
  if (server === undefined) return Object.keys(logins);
  const own = Object.entries(pins[server] ?? {}).filter(([slug]) => gateway === undefined || slug === gateway);
  return [...new Set(own.map(([, { resource }]) => resource))];
}

function without(document: LoginDocument, scope: LogoutScope, resources: readonly string[]): LoginDocument {
  const logins = Object.fromEntries(Object.entries(document.logins).filter(([key]) => !resources.includes(key)));
  if (!scope.forget) return { ...document, logins };
  const { server, gateway } = scope;
  const issuers = new Set<string>();
  const pins = Object.fromEntries(
    Object.entries(document.pins).map(([url, of]) => {
      const kept = Object.entries(of).filter(([slug, { issuer }]) => {
        const isForgotten = server === undefined || (url === server && (gateway === undefined || slug === gateway));
        if (isForgotten) issuers.add(issuer);
        return !isForgotten;
      });
      return [url, Object.fromEntries(kept)];
    }),
  );
  const inUse = new Set(Object.values(logins).map(({ issuer }) => issuer));
  const clients = Object.entries(document.clients).filter(([issuer]) => !issuers.has(issuer) || inUse.has(issuer));
  return { ...document, logins, pins, clients: Object.fromEntries(clients) };
}

function nothing({ server, gateway }: LogoutScope): CliError {
  const whose = server === undefined ? '' : ` for ${gateway ?? 'this virtual server'}`;
  return new CliError('usage', 'not_logged_in', `There is no login${whose} on this machine`);
}
