import { type Command, Option } from 'commander';
import { basicUser, headerName, queryName } from './argv-rules.js';
import { withRule } from './command-line/command-rules.js';
import type { VerifyFlags } from './commands/verify-gateway.js';
import { OAUTH_FLAGS, SECRET_METHODS, tokenUrlOf } from './credential/oauth-flags.js';
import { checkOneTimeLogin } from './commands/one-time-login.js';
import { SIGN_IN_FLAGS } from './commands/sign-in-choices.js';
import { withSignInFlags } from './sign-in-flags.js';

/** Flags of commands that verify: which credential is asked for, or none, and which connector's key is trusted. */
export function withCredentialFlags(command: Command, rule: (flags: VerifyFlags) => unknown): Command {
  const kinds = ['bearer', 'basic', 'header', 'query', 'credential', 'credentialStdin'] as const;
  const check = (flags: VerifyFlags): void => {
    rule(flags);
    checkOneTimeLogin(flags);
  };
  const ruled = withRule(command, check, [...kinds, 'oauth', 'credentialEnv', ...OAUTH_FLAGS, ...SIGN_IN_FLAGS]);
  const withKinds = withSecretKinds(ruled)
    .option('--oauth', 'the upstream needs an access token: sign in here; it is used once, revoked, and not kept')
    .option('--no-credential', 'the upstream needs no credential')
    .option(
      '--connector-fingerprint <fingerprint>',
      'trust this connector key, after you compared it over another channel',
    );
  return withSignInFlags(withOAuthFlags(withKinds), 'with --oauth: ');
}

/** Flags that select which secrets are asked for. */
export function withSecretKinds(command: Command): Command {
  return command
    .option('--bearer', 'the upstream needs a bearer token; may be combined with --header')
    .option('--basic <user>', 'the upstream needs a password for this user', basicUser)
    .option('--header <name>', 'the upstream needs a secret in this header; may be given several times', collectHeader)
    .option(
      '--query <name>',
      'the upstream needs a secret in this query parameter; may be given several times',
      collectQuery,
    )
    .option(
      '--credential-stdin',
      'read the secrets from standard input instead of asking: one line each, --bearer, --basic or the client secret first, then each --header, then each --query',
    );
}

/** Flags about OAuth client credentials. */
export function withOAuthFlags(command: Command): Command {
  return command
    .option('--oauth-client-id <id>', 'the upstream needs a token for these OAuth client credentials; with --token-url')
    .option('--token-url <url>', 'token endpoint of the authorization server', tokenUrlOf)
    .addOption(
      new Option('--oauth-method <method>', 'how the client secret is sent (default: client_secret_basic)').choices(
        SECRET_METHODS,
      ),
    )
    .option(
      '--oauth-private-key <file>',
      'PEM or JWK: signs an assertion (private_key_jwt) in place of a client secret',
    )
    .option('--oauth-key-id <kid>', 'name of the private key at the authorization server')
    .option('--oauth-issuer <url>', 'audience of the assertion (default: the token endpoint)')
    .option('--oauth-scope <scopes>', 'scopes to ask for, separated by spaces')
    .option('--oauth-audience <audience>', 'audience to ask for, where the authorization server takes one')
    .option('--oauth-resource <uri>', 'resource that the token is for (RFC 8707)');
}

function collectQuery(value: string, earlier: string[] = []): string[] {
  return [...earlier, queryName(value)];
}

function collectHeader(value: string, earlier: string[] = []): string[] {
  return [...earlier, headerName(value)];
}
