import type { Credential } from '@lethe/contracts';

/** What a credential becomes on the wire, and which values nobody may get to see again. */
export interface CredentialInUse {
  headers: Record<string, string>;
  secrets: string[];
}

/** The headers that carry a credential (its form was checked when it was opened), and the secrets in it. */
export function useCredential(credential: Credential): CredentialInUse {
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

/** `Bearer abc` and the like: the scheme is no secret, and an upstream may well print it. */
function withoutScheme(value: string): string {
  return value.replace(/^(bearer|basic|token|apikey|dpop)\s+/i, '');
}
