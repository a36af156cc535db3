import type { OAuthTokens } from '@modelcontextprotocol/client';
import { CliError } from '../errors/cli.error.js';
import { signInByCode } from '../oauth/code-flow.js';
import { signInByDevice } from '../oauth/device-flow.js';
import { type AuthorizationServer, discoverServer, type ProtectedResource } from '../oauth/discovery.js';
import { assertBound, newDpopKey } from '../oauth/dpop-key.js';
import { OAuthRefusal, shownUrl } from '../oauth/oauth-failure.js';
import { RedirectListener } from '../oauth/redirect-listener.js';
import { clientByDocument } from '../oauth/document-client.js';
import { type GivenClient, takesDocuments, unionOf } from '../oauth/registration.js';
import { type Fetch, fetchFor, isSecureFor } from '../oauth/secure-fetch.js';
import { keptTokens } from '../oauth/token-requests.js';
import {
  type DpopKey,
  isBound,
  type KnownClient,
  type Login,
  type LoginDocument,
} from '../token-store/login-record.js';
import type { LoginStore } from '../token-store/login-store.js';
import { clientOfLethe } from './client-of-lethe.js';
import type { LoginTarget } from './login-target.js';
import { chooseIssuer } from './pinned-issuer.js';
import { clientToldBy, readResource } from './verified-resource.js';

/** What the person chose for a login. */
export interface LoginChoices {
  isDevice: boolean;
  /** URL of the upstream's MCP endpoint, where its origin does not say enough. */
  upstream?: string | undefined;
  issuer?: string | undefined;
  scope?: string | undefined;
  clientId?: string | undefined;
  /** Of `clientId`, or of the client that Lethe names. */
  clientSecret?: string | undefined;
  clientMetadataUrl?: string | undefined;
  callbackPort?: number | undefined;
  /** Whether a login at the same upstream that is there already, for another virtual server, does as well. */
  mayShare: boolean;
}

/** How to bring the person to a page. */
export interface LoginScreens {
  /** @param login `isVerified`: Lethe has verified that the issuer belongs to the upstream */
  firstUse(login: { gateway: string; resource: string; issuer: string; isVerified: boolean }): void;
  page(url: string, ended: AbortSignal): Promise<string | undefined>;
  code(shown: { url: string; code: string; completeUrl: string | undefined }): void;
}

/** What a login takes place with. */
export interface LoginParts {
  store: LoginStore;
  /** Limited and ended by `signal`. */
  fetch: Fetch;
  screens: LoginScreens;
  signal: AbortSignal;
  /** Whether there is a token for a gateway whose login is there. */
  isAlive: (target: LoginTarget) => Promise<boolean>;
}

/** How a login ended well. */
export interface LoggedIn {
  login: Login;
  /** Whether it was there already. */
  isShared: boolean;
}

/**
 * Logs the person in at the upstream of a gateway, and keeps the tokens.
 * @throws CliError of discovery, registration, the flow and the store; `issuer_changed`
 */
export async function logIn(target: LoginTarget, choices: LoginChoices, parts: LoginParts): Promise<LoggedIn> {
  const { store, screens } = parts;
  const fetch = fetchFor(target.origin, parts.fetch);
  assertLeadsThere(target, choices.upstream);
  // Written before anybody signs in: a keychain that is locked or missing should be known by then.
  const kept = await store.change((current) => current);
  const resource = await readResource(target, choices.upstream, fetch);
  const { issuer, isPinned } = chooseIssuer(kept, target, resource, choices.issuer);
  assertSecretIsFor(issuer, choices, isPinned);
  const there = kept.logins[resource.resource];
  if (there && choices.mayShare && isBound(there) === (target.isBound === true)) {
    await store.change((current) => withPin(current, target, there));
    if (await parts.isAlive(target)) return { login: there, isShared: true };
  }
  const isVerified = target.oauth !== undefined;
  if (!isPinned) screens.firstUse({ gateway: target.gateway, resource: resource.resource, issuer, isVerified });
  const server = await discoverServer(issuer, fetch);
  const scope = scopeOf(server, resource, unionOf(there?.scope, there?.tokens.scope, choices.scope));
  const known = kept.clients[issuer];
  const given = givenClient(choices, clientToldBy(target, issuer), known);
  const document = takesDocuments(server) ? await clientOfLethe(target.server, parts.fetch) : undefined;
  const dpopKey = target.isBound === true ? await newDpopKey() : undefined;
  const asked = { server, resource, scope, known, given, document, dpopKey };
  const { tokens, client } = await signIn(asked, choices, { ...parts, fetch }).catch(async (error: unknown) => {
    // A server may forget clients that registered themselves; the next login registers a new one.
    if (isUnknownClient(error)) await store.change((current) => withoutClient(current, issuer));
    throw error;
  });
  const more = { ...(scope !== undefined && { scope }), ...(dpopKey && { dpopKey }) };
  const login = { resource: resource.resource, issuer, client, tokens, ...more };
  await store.change((current) => withPin(withLogin(current, login), target, login));
  return { login, isShared: false };
}

/** What the person signs in for. */
export interface SignIn {
  server: AuthorizationServer;
  resource: ProtectedResource;
  scope: string | undefined;
  known: KnownClient | undefined;
  given: GivenClient | undefined;
  /** URL of the client metadata document that this Lethe serves. */
  document?: string | undefined;
  dpopKey: DpopKey | undefined;
}

/** Has the person sign in. Keeps nothing. @throws CliError of registration and of the flow */
export async function signIn(
  { server, resource: { resource, scopesSupported }, scope, known, given, document, dpopKey }: SignIn,
  { isDevice, clientMetadataUrl: metadataUrl, callbackPort }: Omit<LoginChoices, 'mayShare'>,
  { fetch, screens, signal }: Pick<LoginParts, 'fetch' | 'signal'> & { screens: Omit<LoginScreens, 'firstUse'> },
): Promise<{ tokens: Login['tokens']; client: KnownClient }> {
  const listener = isDevice ? undefined : await RedirectListener.listen(callbackPort ?? known?.port ?? 0);
  try {
    const widest = unionOf(scope, scopesSupported.join(' '));
    const sources = { given, metadataUrl, known, port: listener?.port, scope: widest };
    const client = await clientByDocument(server, sources, document, fetch);
    const flow = { server, client, resource, scope, signal, dpopKey };
    const got: OAuthTokens = listener
      ? await signInByCode({ ...flow, listener, show: (url, ended) => screens.page(url, ended) }, fetch)
      : await signInByDevice({ ...flow, show: (shown) => screens.code(shown) }, fetch);
    if (dpopKey) assertBound(got.token_type, server.issuer);
    return { client, tokens: keptTokens(got, Date.now()) };
  } finally {
    listener?.close();
  }
}

/**
 * The client that somebody registered: the person's own, or the one that Lethe names.
 * @throws CliError `flags_conflict` for the secret of no client
 */
export function givenClient(
  { clientId, clientSecret }: Pick<LoginChoices, 'clientId' | 'clientSecret'>,
  told: string | undefined,
  known: KnownClient | undefined,
): GivenClient | undefined {
  const own = clientId ?? told;
  if (own === undefined && clientSecret !== undefined) {
    const text = 'There is no client id that the secret could be of: give it with --client-id <id>';
    throw new CliError('usage', 'flags_conflict', text);
  }
  if (own === undefined) return undefined;
  // The secret of the client that Lethe names is asked for once.
  const secret = clientSecret ?? (clientId === undefined && known?.clientId === own ? known.clientSecret : undefined);
  return { clientId: own, clientSecret: secret };
}

/** What the upstream wants, what earlier logins had and what the person adds; and a refresh token, where one has to ask for it. */
export function scopeOf(
  { metadata }: AuthorizationServer,
  { scope }: ProtectedResource,
  more: string | undefined,
): string | undefined {
  const offline = metadata.scopes_supported?.includes('offline_access') ? 'offline_access' : undefined;
  const wanted = unionOf(scope, more);
  return wanted === undefined ? undefined : unionOf(wanted, offline);
}

function withLogin(document: LoginDocument, login: Login): LoginDocument {
  return {
    ...document,
    logins: { ...document.logins, [login.resource]: login },
    clients: { ...document.clients, [login.issuer]: login.client },
  };
}

function isUnknownClient(error: unknown): boolean {
  return error instanceof OAuthRefusal && ['invalid_client', 'unauthorized_client'].includes(error.oauthCode ?? '');
}

function withoutClient(document: LoginDocument, issuer: string): LoginDocument {
  const clients = Object.entries(document.clients).filter(([key]) => key !== issuer);
  return { ...document, clients: Object.fromEntries(clients) };
}

function withPin(document: LoginDocument, { server, gateway }: LoginTarget, login: Login): LoginDocument {
  const { resource, issuer } = login;
  const pins = { ...document.pins[server], [gateway]: { resource, issuer } };
  return { ...document, pins: { ...document.pins, [server]: pins } };
}

/** @throws CliError `upstream_insecure`, `upstream_other_origin` */
function assertLeadsThere(target: LoginTarget, upstream: string | undefined): void {
  if (!isSecureFor(target.server, target.origin)) throw elsewhere(target);
  if (upstream !== undefined && new URL(upstream).origin !== target.origin) throw otherOrigin(target);
}

/** A Lethe elsewhere has no business with the ports of this machine, nor with what is not encrypted. */
function elsewhere({ gateway, origin }: LoginTarget): CliError {
  const text = `${gateway} leads to an address that nobody can log in for from here; nobody was asked`;
  return new CliError('untrusted', 'upstream_insecure', text, [`${gateway} leads to: ${shownUrl(origin)}`]);
}

/**
 * The upstream names the server, and could name its own, as could whoever runs Lethe: a secret goes to one that its owner has named.
 * @throws CliError `issuer_needed`
 */
export function assertSecretIsFor(
  issuer: string,
  { clientSecret, issuer: wished }: Pick<LoginChoices, 'clientSecret' | 'issuer'>,
  isKnown: boolean,
): void {
  if (clientSecret === undefined || isKnown || wished !== undefined) return;
  throw new CliError('usage', 'issuer_needed', 'A client secret is for one authorization server, so name it: --issuer <url>', [
    `The upstream names: ${shownUrl(issuer)}`,
    'Is that where the client was registered? The secret was sent to nobody.',
  ]);
} // prettier-ignore

function otherOrigin({ gateway, origin }: LoginTarget): CliError {
  const text = `--upstream is not where ${gateway} leads to; nobody was asked`;
  return new CliError('untrusted', 'upstream_other_origin', text, [`${gateway} leads to: ${origin}`]);
}
