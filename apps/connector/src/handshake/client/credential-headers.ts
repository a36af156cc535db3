import type { Credential } from '@lethe/contracts';

/** The headers with a credential, and the values in them that must stay secret. */
export interface CredentialHeaders {
  headers: Record<string, string>;
  secrets: string[];
}

/** Converts a credential to headers. Its form was checked when it was opened. */
export function credentialHeaders(credential: Credential): CredentialHeaders {
  switch (credential.scheme) {
    case 'bearer':
      return { headers: { authorization: `Bearer ${credential.token}` }, secrets: [credential.token] };
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64');
      return { headers: { authorization: `Basic ${pair}` }, secrets: [credential.password, pair] };
    }
    case 'headers':
      return {
        headers: Object.fromEntries(credential.headers.map(({ name, value }) => [name.toLowerCase(), value])),
        secrets: credential.headers.filter(({ secret }) => secret !== false).map(({ value }) => withoutScheme(value)),
      };
    case 'none':
      return { headers: {}, secrets: [] };
  }
}

/** Removes the scheme, as in `Bearer abc`: it is not secret, and upstreams may print it in their documentation. */
function withoutScheme(value: string): string {
  return value.replace(/^(bearer|basic|token|apikey|dpop)\s+/i, '');
}
