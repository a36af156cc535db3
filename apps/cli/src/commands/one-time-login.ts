import type { Credential } from '@lethe/contracts';
import { type CredentialFlags, type CredentialKind, isFromLogin } from '../credential/credential-kind.js';
import { obtainCredential } from '../credential/obtain-credential.js';
import { CliError } from '../errors/cli.error.js';
import type { Revocation } from '../login/log-out.js';
import { directFetch } from '../mcp/direct-fetch.js';
import { proxyUrlOf } from '../registry/find-proxies.js';
import { probeResponse } from '../registry/inspection-responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Login } from '../token-store/login-record.js';
import type { Terminal } from '../terminal/terminal.js';
import { interruptible } from './interrupt.js';
import { loginScreens } from './login-screens.js';
import type { RunContext } from './run-context.js';
import { checkSignInFlags, clientSecretOf, SIGN_IN_FLAGS, signInChoices, type SignInFlags } from './sign-in-choices.js';

type Flags = CredentialFlags & Omit<SignInFlags, 'credentialStdin'> & { credentialEnv?: string };

/** A credential for one verification. */
export interface CredentialWish {
  client: RegistryClient;
  terminal: Terminal;
  kind: CredentialKind;
  /** Canonical URL of the upstream. */
  url: string;
  /** Whom the credential is for, as shown before the first question. */
  recipient: string;
  /** The client by which people log in for the gateway. */
  oauthClient?: { issuer: string; clientId: string } | null | undefined;
  flags: Flags;
}

/**
 * Rules about the flags of a login whose token is used once.
 * @throws CliError `flags_conflict`
 */
export function checkOneTimeLogin(flags: Flags): void {
  const { oauth, browser, header = [], query = [] } = flags;
  const isFromStdin = flags.credentialStdin === true || flags.credentialEnv !== undefined;
  const isAboutLogin = SIGN_IN_FLAGS.some((name) => name !== 'browser' && flags[name] !== undefined);
  if (oauth !== true) {
    if (!isAboutLogin && browser !== false) return;
    throw conflict('These flags are about signing in, with --oauth; client credentials have --oauth-client-id, --oauth-scope and so on'); // prettier-ignore
  }
  checkSignInFlags(flags);
  if (isFromStdin && header.length + query.length > 0) {
    throw conflict('With --oauth, the secrets of --header and --query are asked for, and not read from elsewhere');
  }
}

/**
 * Runs work with the credential. One that comes from a login on this machine is revoked after it, whatever became of the work,
 * and is in no file.
 */
export async function withCredential<T>(
  context: RunContext,
  { kind, recipient, flags, ...wish }: CredentialWish,
  work: (credential: Credential) => Promise<T>,
): Promise<T> {
  const { terminal } = wish;
  const isFromStdin = flags.credentialStdin === true || flags.credentialEnv !== undefined;
  if (!isFromLogin(kind)) return work(await obtainCredential(terminal, { kind, recipient, isFromStdin }));
  const login = await signIn(context, { ...wish, flags });
  try {
    const { accessToken } = login.tokens;
    return await work(await obtainCredential(terminal, { kind, recipient, isFromStdin: false, accessToken }));
  } finally {
    await end(login, terminal);
  }
}

async function signIn(
  context: RunContext,
  { client, terminal, url, oauthClient, flags }: Omit<CredentialWish, 'kind' | 'recipient'>,
): Promise<Login> {
  const { authorization } = await client.request(probeResponse, 'POST', '/probes', { body: { url } });
  if (authorization?.resource === undefined) throw withoutMetadata();
  const isFromStdin = flags.credentialStdin === true || flags.credentialEnv !== undefined;
  const secret = await clientSecretOf(terminal, { ...flags, credentialStdin: isFromStdin });
  const [{ signInOnce }, { secureFetch }] = await Promise.all([
    import('../login/sign-in-once.js'),
    import('../oauth/secure-fetch.js'),
  ]);
  const { resource, servers } = authorization;
  const clients = { ofGateway: oauthClient ?? undefined, proxyUrl: await proxyUrlOf(context.settings, client) };
  // Whether a server is the issuer that it is named as is checked here.
  const seen = { url, resource, issuers: servers.map(({ issuer }) => issuer) };
  return interruptible((signal) =>
    signInOnce(seen, signInChoices(flags, secret), {
      ...{ fetch: secureFetch(directFetch, signal), signal, clients },
      screens: loginScreens(terminal, flags.browser === false ? undefined : context.settings.browser),
      onAbout: (about) =>
        terminal.note(`A token for ${about.resource}, from ${about.issuer}: used for this verification alone, then revoked.`),
    }),
  );
} // prettier-ignore

const OUTCOMES: Record<Revocation, string> = {
  revoked: 'The tokens of this login were revoked; none of them is on this machine.',
  unsupported: 'Warning: that server can not revoke tokens: those of this login live until their end. None is on this machine.',
  failed: 'Warning: that server did not confirm that the tokens of this login are revoked: they may live until their end. None is on this machine.',
}; // prettier-ignore

/** Not ended by Ctrl-C: the tokens would live on. */
async function end(login: Login, terminal: Terminal): Promise<void> {
  const [{ revocationOf }, { secureFetch }] = await Promise.all([
    import('../login/log-out.js'),
    import('../oauth/secure-fetch.js'),
  ]);
  terminal.note(OUTCOMES[await interruptible(() => revocationOf(login, secureFetch(directFetch)))]);
}

function withoutMetadata(): CliError {
  const text = 'The upstream does not say which authorization server its tokens are from (RFC 9728)';
  return new CliError('refused', 'no_resource_metadata', text, ['Give a token that you have from elsewhere: --bearer']);
}

function conflict(text: string): CliError {
  return new CliError('usage', 'flags_conflict', text);
}
