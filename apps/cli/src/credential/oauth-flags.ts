import { type ClientCredentials, TOKEN_AUTH_METHODS } from '@lethe/contracts';
import { canonicalUrl, tokenUrlProblem, URL_PROBLEMS } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';

/** The parts of OAuth client credentials that are not secret. */
export type OAuthClient = Omit<ClientCredentials, 'clientSecret' | 'privateKey' | 'headers' | 'parameters'>;

/** OAuth client credentials to be asked for. */
export interface OAuthPart {
  scheme: 'oauth';
  client: OAuthClient;
  /** File with the private key. Without it, the client secret is asked for. */
  keyFile?: string;
}

/** The parsed flags about OAuth client credentials. */
export interface OAuthFlags {
  oauthClientId?: string;
  tokenUrl?: string;
  oauthMethod?: (typeof SECRET_METHODS)[number];
  oauthPrivateKey?: string;
  oauthKeyId?: string;
  oauthIssuer?: string;
  oauthScope?: string;
  oauthAudience?: string;
  oauthResource?: string;
}

/** How a client secret is sent. A private key has one method only. */
export const SECRET_METHODS = TOKEN_AUTH_METHODS.filter((method) => method !== 'private_key_jwt');

/** Names of the flags, for the rule about all of them. */
export const OAUTH_FLAGS = [
  ...(['oauthClientId', 'tokenUrl', 'oauthMethod', 'oauthPrivateKey', 'oauthKeyId', 'oauthIssuer'] as const),
  ...(['oauthScope', 'oauthAudience', 'oauthResource'] as const),
];

/**
 * The client that the flags describe; undefined if there is none of them.
 * @throws CliError `credential_kind` for flags that can not be combined
 */
export function oauthPart(flags: OAuthFlags): OAuthPart | undefined {
  if (OAUTH_FLAGS.every((name) => flags[name] === undefined)) return undefined;
  const { oauthClientId: clientId, tokenUrl, oauthMethod: method, oauthPrivateKey: keyFile } = flags;
  if (clientId === undefined || tokenUrl === undefined) {
    throw unusable('OAuth client credentials need --oauth-client-id and --token-url');
  }
  if (keyFile !== undefined && method !== undefined) {
    throw unusable('--oauth-method is about a client secret; --oauth-private-key takes its place');
  }
  const ofKey = flags.oauthKeyId ?? flags.oauthIssuer;
  if (keyFile === undefined && ofKey !== undefined) {
    throw unusable('--oauth-key-id and --oauth-issuer are about --oauth-private-key');
  }
  const optional = {
    ...{ method, keyId: flags.oauthKeyId, issuer: flags.oauthIssuer, scope: flags.oauthScope },
    ...{ audience: flags.oauthAudience, resource: flags.oauthResource },
  };
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  const client: OAuthClient = { scheme: 'oauth_client_credentials', tokenUrl, clientId, ...known };
  return { scheme: 'oauth', client, ...(keyFile !== undefined && { keyFile }) };
}

/**
 * Checks the URL of a token endpoint and returns its canonical form.
 * @throws CliError with the code of the problem
 */
export function tokenUrlOf(text: string): string {
  const problem = tokenUrlProblem(text);
  if (problem === undefined) return canonicalUrl(text);
  throw new CliError('usage', problem, 'This URL may not be that of a token endpoint; nothing was sent', [
    URL_PROBLEMS[problem],
  ]);
}

function unusable(rule: string): CliError {
  return new CliError('usage', 'credential_kind', rule);
}
