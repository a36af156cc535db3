import type { Credential, CredentialHeader, CredentialParameter } from '@lethe/contracts';

/** What a kept credential adds to each request. */
export interface KeptParts {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** To append to the URL's query, already encoded; empty for none. */
  readonly query: string;
}

/**
 * Why a credential can't be kept, although it can be used to verify. `kept_query_taken`: the registered URL has a query
 * parameter of the same name.
 */
export type KeptProblem = 'scheme_unsupported' | 'kept_query_taken';

interface Lists {
  headers?: CredentialHeader[];
  parameters?: CredentialParameter[];
}

/**
 * Converts a credential to parts of requests: the same that the verification sent. Its form was checked when it was opened.
 * @param query that of the registered URL
 */
export function keptParts(credential: Credential, query: string): KeptParts | KeptProblem {
  switch (credential.scheme) {
    case 'bearer':
      return partsOf(credential, query, `Bearer ${credential.token}`);
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64');
      return partsOf(credential, query, `Basic ${pair}`);
    }
    case 'headers':
    case 'query':
      return partsOf(credential, query);
    case 'oauth_client_credentials':
    case 'none':
      return 'scheme_unsupported';
  }
}

function partsOf(
  { headers = [], parameters = [] }: Lists,
  query: string,
  authorization?: string,
): KeptParts | KeptProblem {
  const taken = new URLSearchParams(query);
  if (parameters.some(({ name }) => taken.has(name))) return 'kept_query_taken';
  return {
    headers: [
      ...(authorization === undefined ? [] : [['Authorization', authorization] as const]),
      ...headers.map(({ name, value }) => [name, value] as const),
    ],
    query: parameters.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&'),
  };
}
