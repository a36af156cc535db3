import type { CredentialHeader, CredentialParameter } from '@lethe/contracts';
import type { SendableCredential } from '@lethe/oauth';

/** The parts of requests that have a credential, and the values in them that must stay secret. */
export interface CredentialParts {
  headers: Record<string, string>;
  /** Query parameters: names and values. */
  parameters: CredentialParameter[];
  secrets: string[];
}

/** Converts a credential to parts of requests. Its form was checked when it was opened. */
export function credentialParts(credential: SendableCredential): CredentialParts {
  switch (credential.scheme) {
    case 'bearer':
      return withAuthorization(`Bearer ${credential.token}`, [credential.token], credential);
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64');
      return withAuthorization(`Basic ${pair}`, [credential.password, pair], credential);
    }
    case 'headers':
    case 'query':
      return fromLists(credential);
    case 'none':
      return { headers: {}, parameters: [], secrets: [] };
  }
}

interface Lists {
  headers?: CredentialHeader[];
  parameters?: CredentialParameter[];
}

function withAuthorization(authorization: string, secrets: string[], beside: Lists): CredentialParts {
  const others = fromLists(beside);
  return { ...others, headers: { authorization, ...others.headers }, secrets: [...secrets, ...others.secrets] };
}

function fromLists({ headers = [], parameters = [] }: Lists): CredentialParts {
  return {
    headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    parameters,
    secrets: [
      ...headers.filter(({ secret }) => secret !== false).flatMap(({ value }) => secretsOf(value)),
      ...parameters.map(({ value }) => value),
    ],
  };
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
