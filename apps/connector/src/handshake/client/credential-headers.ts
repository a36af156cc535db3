import type { Credential, CredentialHeader } from '@lethe/contracts';

/** The headers with a credential, and the values in them that must stay secret. */
export interface CredentialHeaders {
  headers: Record<string, string>;
  secrets: string[];
}

/** Converts a credential to headers. Its form was checked when it was opened. */
export function credentialHeaders(credential: Credential): CredentialHeaders {
  switch (credential.scheme) {
    case 'bearer':
      return withAuthorization(`Bearer ${credential.token}`, [credential.token], credential.headers);
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64');
      return withAuthorization(`Basic ${pair}`, [credential.password, pair], credential.headers);
    }
    case 'headers':
      return fromList(credential.headers);
    case 'none':
      return { headers: {}, secrets: [] };
  }
}

function withAuthorization(
  authorization: string,
  secrets: string[],
  beside: CredentialHeader[] = [],
): CredentialHeaders {
  const others = fromList(beside);
  return { headers: { authorization, ...others.headers }, secrets: [...secrets, ...others.secrets] };
}

function fromList(headers: CredentialHeader[]): CredentialHeaders {
  return {
    headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    secrets: headers.filter(({ secret }) => secret !== false).map(({ value }) => withoutScheme(value)),
  };
}

/** Removes the scheme, as in `Bearer abc`: it is not secret, and upstreams may print it in their documentation. */
function withoutScheme(value: string): string {
  return value.replace(/^(bearer|basic|token|apikey|dpop)\s+/i, '');
}
