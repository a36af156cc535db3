import { CliError } from '../errors/cli.error.js';
import type { GatewayResponse } from '../registry/responses.js';

/** Flags about the client by which people log in for a gateway. Its id is public. */
export interface LoginClientFlags {
  loginClientId?: string;
  loginIssuer?: string;
}

/**
 * The field that these flags set. Of a client that there is, they may change one part.
 * @throws CliError `command_line` if a part is missing
 */
export function loginClientOf(
  { loginClientId, loginIssuer }: LoginClientFlags,
  now?: GatewayResponse['oauthClient'],
): { oauthClient?: { issuer: string; clientId: string } } {
  if (loginClientId === undefined && loginIssuer === undefined) return {};
  const [clientId, issuer] = [loginClientId ?? now?.clientId, loginIssuer ?? now?.issuer];
  if (clientId === undefined || issuer === undefined) {
    throw new CliError('usage', 'command_line', '--login-client-id and --login-issuer belong together', [
      'The id is known to one authorization server. To see those of an upstream: lethe show <gateway>',
    ]);
  }
  return { oauthClient: { issuer, clientId } };
}
