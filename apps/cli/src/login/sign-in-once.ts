import { CliError } from '../errors/cli.error.js';
import { discoverResource, discoverServer } from '../oauth/discovery.js';
import { shownUrl } from '../oauth/oauth-failure.js';
import { takesDocuments } from '../oauth/registration.js';
import { fetchFor } from '../oauth/secure-fetch.js';
import type { Login } from '../token-store/login-record.js';
import { clientOfLethe } from './client-of-lethe.js';
import {
  assertSecretIsFor,
  givenClient,
  type LoginChoices,
  type LoginParts,
  type LoginScreens,
  scopeOf,
  signIn,
} from './log-in.js';
import { firstIssuer, isSameUrl } from './pinned-issuer.js';

/** An upstream as a connector has seen it, without a credential. */
export interface SeenUpstream {
  /** Of its MCP endpoint. */
  url: string;
  resource: string;
  issuers: readonly string[];
}

/** Who this Lethe is to authorization servers. */
export interface KnownClients {
  /** The client by which people log in for the gateway. */
  ofGateway: { issuer: string; clientId: string } | undefined;
  /** URL of the proxies, which may serve a client metadata document. */
  proxyUrl: string | undefined;
}

/** What a login takes place with that is used once. */
export interface OnceParts extends Pick<LoginParts, 'fetch' | 'signal'> {
  clients: KnownClients;
  screens: Omit<LoginScreens, 'firstUse'>;
  /** Told before the person signs in. */
  onAbout: (login: { resource: string; issuer: string }) => void;
}

/**
 * Has the person sign in for an upstream, and keeps nothing. What the upstream says here has to be what it says to the connector.
 * @throws CliError of discovery, registration and the flow; `issuer_differs`, `resource_differs`, `upstream_unreachable`
 */
export async function signInOnce(
  seen: SeenUpstream,
  choices: Omit<LoginChoices, 'mayShare' | 'upstream'>,
  { onAbout, clients: { ofGateway, proxyUrl }, ...parts }: OnceParts,
): Promise<Login> {
  const { origin } = new URL(seen.url);
  const fetch = fetchFor(origin, parts.fetch);
  const read = await discoverResource({ origin, url: seen.url }, fetch).catch(explained);
  if (!isSameUrl(read.resource, seen.resource)) throw differs('resource', seen.resource, read.resource);
  const issuers = read.issuers.filter((issuer) => seen.issuers.some((one) => isSameUrl(one, issuer)));
  if (issuers.length === 0) throw differs('issuer', seen.issuers, read.issuers);
  const issuer = firstIssuer('it', issuers, choices.issuer);
  const isOfGateway = ofGateway?.issuer === issuer;
  assertSecretIsFor(issuer, choices, isOfGateway);
  onAbout({ resource: read.resource, issuer });
  const server = await discoverServer(issuer, fetch);
  const scope = scopeOf(server, read, choices.scope);
  const given = givenClient(choices, isOfGateway ? ofGateway.clientId : undefined, undefined);
  const isRead = proxyUrl !== undefined && takesDocuments(server);
  const document = isRead ? await clientOfLethe(proxyUrl, parts.fetch) : undefined;
  const asked = { server, resource: read, scope, given, document, known: undefined, dpopKey: undefined };
  const { tokens, client } = await signIn(asked, choices, { ...parts, fetch });
  return { resource: read.resource, issuer, client, tokens };
}

function explained(error: unknown): never {
  if (!(error instanceof CliError) || error.code !== 'authorization_unreachable') throw error;
  const text = 'The connector reaches this upstream, and this machine does not: nobody can sign in for it here';
  throw new CliError('unreachable', 'upstream_unreachable', text, [
    'Run it on a machine that reaches the upstream, or give a token that you have from elsewhere: --bearer',
  ]);
}

function differs(what: 'issuer' | 'resource', there: string | readonly string[], here: string | readonly string[]): CliError {
  const shown = (urls: string | readonly string[]): string => [urls].flat().map(shownUrl).join(', ') || 'none';
  const name = what === 'issuer' ? 'authorization server' : 'resource';
  const text = `The upstream names another ${name} to this machine than to the connector; nothing was opened or sent`;
  return new CliError('untrusted', `${what}_differs`, text, [
    `to the connector: ${shown(there)}`,
    `to this machine: ${shown(here)}`,
    'Another server may answer at this name here or there. Find out which of them is right.',
  ]);
} // prettier-ignore
