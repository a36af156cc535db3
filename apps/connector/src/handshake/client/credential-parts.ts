import type { CredentialParameter } from '@lethe/contracts';
import { requestParts, type SendableCredential } from '@lethe/oauth';

/** The parts of requests that have a credential, and the values in them that must stay secret. */
export interface CredentialParts {
  headers: Record<string, string>;
  /** Query parameters: names and values. */
  parameters: CredentialParameter[];
  secrets: string[];
}

/** Converts a credential to parts of requests, and says what of it is secret. */
export function credentialParts(credential: SendableCredential): CredentialParts {
  const { authorization, headers, parameters } = requestParts(credential);
  return {
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    },
    parameters: [...parameters],
    secrets: [
      ...(authorization === undefined ? [] : ownSecrets(credential, authorization)),
      ...headers.filter(({ secret }) => secret !== false).flatMap(({ value }) => secretsOf(value)),
      ...parameters.map(({ value }) => value),
    ],
  };
}

/** What was given as a secret, and the pair that has it. */
function ownSecrets(credential: SendableCredential, authorization: string): string[] {
  if (credential.scheme === 'bearer') return [credential.token];
  return credential.scheme === 'basic' ? [credential.password, authorization.slice('Basic '.length)] : [];
}

/** Without the scheme, as in `Bearer abc`: it is not secret, and upstreams may print it in their documentation. */
function secretsOf(value: string): string[] {
  const secret = value.replace(/^(bearer|basic|token|apikey|dpop)\s+/i, '');
  return /^basic\s/i.test(value) ? [secret, ...passwordOf(secret)] : [secret];
}

/** The password of a pair (RFC 7617), none if it is not one. */
function passwordOf(pair: string): string[] {
  const text = Buffer.from(pair, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? [] : [text.slice(colon + 1)];
}
