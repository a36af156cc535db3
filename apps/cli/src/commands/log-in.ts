import { CliError } from '../errors/cli.error.js';
import type { LoggedIn, LoginParts } from '../login/log-in.js';
import { type LoginHeader, loginHeadersOf } from '../login/login-headers.js';
import type { LoginTarget } from '../login/login-target.js';
import { directFetch } from '../mcp/direct-fetch.js';
import { readUpstreams } from '../mcp/upstreams.js';
import type { Login } from '../token-store/login-record.js';
import type { StoreKind } from '../token-store/login-store.js';
import type { Terminal } from '../terminal/terminal.js';
import { interruptible } from './interrupt.js';
import { loginScreens } from './login-screens.js';
import { callerKey, endpointFor, loginStore, withTokens } from './open-logins.js';
import { type CommonFlags, type RunContext, terminalFor } from './run-context.js';
import { checkSignInFlags, clientSecretOf, signInChoices, type SignInFlags } from './sign-in-choices.js';

/** Flags of `lethe login`. */
export interface LoginFlags extends CommonFlags, SignInFlags {
  upstream?: string;
  store?: StoreKind;
}

/** `lethe login <server> [gateway]`: gets the person's own token of an upstream, by OAuth on this machine. */
export async function logInTo(
  context: RunContext,
  server: string,
  gateway: string | undefined,
  flags: LoginFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  checkSignInFlags(flags);
  const endpoint = await endpointFor(context, server, flags);
  const upstreams = await readUpstreams(endpoint, callerKey(context));
  const targets = targetsOf(endpoint.mcp, loginHeadersOf(upstreams), gateway);
  if (targets.length > 1) refuseFlagsOfOne(flags);
  const secret = await clientSecretOf(terminal, flags);
  const mayShare = gateway === undefined && flags.scope === undefined;
  const choices = { ...signInChoices(flags, secret), upstream: flags.upstream, mayShare };
  const { logIn } = await import('../login/log-in.js');
  const { secureFetch } = await import('../oauth/secure-fetch.js');
  await interruptible(async (signal) => {
    const store = await loginStore(context, { isPatient: true, kind: flags.store, signal });
    const screens = loginScreens(terminal, flags.browser === false ? undefined : context.settings.browser);
    const isAlive = (target: LoginTarget): Promise<boolean> => hasToken(context, target);
    const parts: LoginParts = { store, fetch: secureFetch(directFetch, signal), screens, signal, isAlive };
    const logins: object[] = [];
    await whileServed(context, terminal, parts, async () => {
      // One after the other: each may open a page.
      for (const target of targets) {
        const done = await logIn(target, choices, parts);
        printLogin(terminal, target, done);
        logins.push(viewOf(target, done.login));
      }
      terminal.printJson({ logins });
    });
  });
}

/** Runs work. Where its tokens are in no file, gives them to other commands until Ctrl-C. */
async function whileServed(
  context: RunContext,
  terminal: Terminal,
  { store, fetch, signal }: LoginParts,
  work: () => Promise<void>,
): Promise<void> {
  if (store.kind !== 'memory') return work();
  const { serveMemory } = await import('../refresher/shared-tokens.js');
  const server = await serveMemory(context.settings.loginsFolder, store, fetch);
  try {
    await work();
    terminal.note('The tokens are in the memory of this command only, which gives them to lethe headers until Ctrl-C.');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    await server.close();
  }
}

/** A client id or a secret is for one authorization server alone. */
function refuseFlagsOfOne({ clientId, askClientSecret, credentialStdin, upstream, issuer }: LoginFlags): void {
  const isOfOne =
    (clientId ?? upstream ?? issuer) !== undefined || askClientSecret === true || credentialStdin === true;
  if (!isOfOne) return;
  const text = 'A client, --upstream and --issuer are for one gateway: lethe login <server> <gateway>';
  throw new CliError('usage', 'flags_conflict', text);
}

async function hasToken(context: RunContext, target: LoginTarget): Promise<boolean> {
  try {
    await withTokens(context, (tokens) => tokens.tokenFor(target));
    return true;
  } catch (error) {
    if (error instanceof CliError && error.code === 'login_ended') return false;
    throw error;
  }
}

function targetsOf(server: string, headers: readonly LoginHeader[], wished: string | undefined): LoginTarget[] {
  const all = headers.map(({ header: { gateway }, origin, oauth, isBound }) => ({
    server,
    gateway,
    origin,
    oauth,
    isBound,
  }));
  const targets = all.filter(({ gateway }) => wished === undefined || gateway === wished);
  if (targets.length > 0) return targets;
  const known = all.map(({ gateway }) => gateway).join(', ');
  const what = wished === undefined ? 'No gateway of this virtual server' : 'No gateway of that name here';
  throw new CliError('usage', 'gateway_unknown', `${what} takes an access token (Authorization: Bearer or DPoP)`, [
    ...(known === '' ? [] : [`Those that do: ${known}`]),
  ]);
}

function printLogin(terminal: Terminal, { gateway }: LoginTarget, { login, isShared }: LoggedIn): void {
  const { resource, issuer, tokens } = login;
  const until = tokens.refreshToken === undefined && tokens.expiresAt !== undefined ? `, until ${new Date(tokens.expiresAt).toISOString()}` : ''; // prettier-ignore
  const what = isShared ? 'has a login that you have already,' : 'logged in';
  terminal.print(`${gateway}: ${what} at ${issuer} for ${resource}${until}`);
}

function viewOf({ gateway }: LoginTarget, { resource, issuer, scope, tokens, client }: Login): object {
  const { expiresAt, refreshToken } = tokens;
  return {
    ...{ gateway, resource, issuer, registration: client.registration },
    ...(scope !== undefined && { scope }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
    isRefreshed: refreshToken !== undefined,
  };
}
