import type { Credential } from '@lethe/contracts';
import { requestParts, type SendableCredential } from '@lethe/oauth';

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
export type KeptProblem = 'kept_query_taken';

/** @param query that of the registered URL */
export function keptProblem(credential: Credential, query: string): KeptProblem | undefined {
  const taken = new URLSearchParams(query);
  const parameters = 'parameters' in credential ? credential.parameters : [];
  return parameters?.some(({ name }) => taken.has(name)) ? 'kept_query_taken' : undefined;
}

/** Converts a credential to parts of requests: the same that the verification sent. */
export function keptParts(credential: SendableCredential): KeptParts {
  const { authorization, headers, parameters } = requestParts(credential);
  return {
    headers: [
      ...(authorization === undefined ? [] : [['Authorization', authorization] as const]),
      ...headers.map(({ name, value }) => [name, value] as const),
    ],
    query: parameters.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&'),
  };
}
