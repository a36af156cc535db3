import { InsecureTokenEndpointError, OAuthError } from '@modelcontextprotocol/client';
import { CliError } from '../errors/cli.error.js';
import { insecure, refusal } from './oauth-failure.js';

/** What a request of the protocol's library failed with. Its own text may quote the answer, so it is not shown. */
export function oauthFailure(error: unknown, asked: string): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof InsecureTokenEndpointError) return insecure();
  return refusal(error instanceof OAuthError ? error.code : undefined, asked);
}
