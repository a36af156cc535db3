import {
  type ClientRegistration,
  type JsonObject,
  OAUTH_LIMITS,
  type OAuthFacts,
  type OAuthServerFacts,
} from '@lethe/contracts';
import { isScopeToken, tokenUrlProblem, urlSecretProblem } from '@lethe/mcp';

/** What the metadata of an authorization server say that clients can do there. */
export function abilitiesOf(document: JsonObject): Omit<OAuthServerFacts, 'issuer'> {
  const registration: ClientRegistration[] = [
    ...(document['client_id_metadata_document_supported'] === true ? (['metadata_document'] as const) : []),
    ...(isUrl(document['registration_endpoint']) ? (['dynamic'] as const) : []),
  ];
  const algorithms = document['dpop_signing_alg_values_supported'];
  return {
    registration,
    ...(isUrl(document['device_authorization_endpoint']) && { device: true as const }),
    ...(Array.isArray(algorithms) && algorithms.length > 0 && { dpop: true as const }),
  };
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && urlSecretProblem(value) === undefined;
}

/** A resource or issuer that facts can have: verbatim, as others compare it exactly. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) && urlSecretProblem(value) === undefined;
}

/**
 * The issuers that metadata name, without repetitions and without those that no client can use: an issuer is https, or http
 * on loopback, and has no query (RFC 8414, section 2).
 */
export function namedIssuers({ authorization_servers: named }: JsonObject): string[] {
  const issuers: unknown[] = Array.isArray(named) ? named : [];
  const isUsable = (issuer: string): boolean => tokenUrlProblem(issuer) === undefined && !issuer.includes('?');
  return [...new Set(issuers.filter(isIdentifier).filter(isUsable))].slice(0, OAUTH_LIMITS.maxServers);
}

/** The scope tokens of a list (RFC 6749, section 3.3); what is none is left out. */
export function scopeTokens(value: unknown): string[] {
  const tokens: unknown[] = Array.isArray(value) ? value : [];
  const isToken = (token: unknown): token is string => typeof token === 'string' && isScopeToken(token);
  return [...new Set(tokens.filter(isToken))].slice(0, OAUTH_LIMITS.maxScopes);
}

/** The facts; the scopes are left out where they would be too long for all that carry them. */
export function toFacts(
  resource: string,
  servers: OAuthServerFacts[],
  { scope, scopes }: { scope: string[]; scopes: string[] },
): OAuthFacts {
  const needed: OAuthFacts = { resource, servers };
  const asked: OAuthFacts = { ...needed, ...(scope.length > 0 && { scope: scope.join(' ') }) };
  const all: OAuthFacts = { ...asked, ...(scopes.length > 0 && { scopes }) };
  return [all, asked].find((facts) => JSON.stringify(facts).length <= OAUTH_LIMITS.maxBytes) ?? needed;
}
