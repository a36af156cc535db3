import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { Asking } from '../bridge/asking.js';
import { CredentialRepair } from '../bridge/credential-repair.js';
import { GatewayHeaders, type HeaderSources } from '../bridge/gateway-headers.js';
import { LetheConnection } from '../bridge/lethe-connection.js';
import { LoginOffers, type StartLogin } from '../bridge/login-offers.js';
import type { LoopbackEndpointParts } from '../bridge/loopback-endpoint.js';
import { MessageLines } from '../bridge/message-lines.js';
import { StdioBridge } from '../bridge/stdio-bridge.js';
import { CliError } from '../errors/cli.error.js';
import type { Endpoint } from '../mcp/endpoint.js';
import { directFetch } from '../mcp/direct-fetch.js';
import { readUpstreams } from '../mcp/upstreams.js';
import type { TokenWish } from '../refresher/access-tokens.js';
import type { SharedTokens } from '../refresher/shared-tokens.js';
import type { Terminal } from '../terminal/terminal.js';
import { type GivenCredential, GivenCredentials } from './given-credentials.js';
import { interruptible } from './interrupt.js';
import { callerKey, endpointFor, hasLogins, loginStore, openTokens } from './open-logins.js';
import { type CommonFlags, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe bridge`. */
export interface BridgeFlags extends CommonFlags {
  credential?: GivenCredential[];
  listen?: number;
}

/** Holds the secret that clients of a bridge that listens have to know; one is made if it is not set. */
const SECRET_VARIABLE = 'LETHE_BRIDGE_TOKEN';
const SECRET = /^[A-Za-z0-9._~+/=-]{32,256}$/;

/**
 * `lethe bridge <server>`: an MCP server on standard input and output, for any client that can start a program, or on a port of
 * loopback. It passes everything on to the virtual server, with the caller's key and a credential for each gateway.
 */
export async function runBridge(context: RunContext, server: string, flags: BridgeFlags): Promise<void> {
  // Several bridges may run for each client. What a call leaves is gone soon, so more room for it would only be kept.
  setFlagsFromString('--semi-space-growth-factor=1');
  const terminal = terminalFor(context, flags);
  const endpoint = await endpointFor(context, server, flags);
  const given = new GivenCredentials(flags.credential ?? [], context.settings);
  const tokens = new LazyTokens(context);
  const connection = new LetheConnection(endpoint.mcp);
  const headers = new GatewayHeaders(sourcesOf(context, { endpoint, given, tokens, terminal }));
  const lines = new MessageLines(context.streams.stdout);
  const asking = new Asking(new LoginOffers(startLogin(context)), (json) => lines.write(json));
  const repair = new CredentialRepair(headers, asking, context.settings.command);
  const parts = { server: endpoint.mcp, connection, headers, asking, repair };
  try {
    await interruptible(async (signal) => {
      if (flags.listen !== undefined) return listen(context, terminal, { ...parts, port: flags.listen }, signal);
      const log = (line: string): void => terminal.note(line);
      const bridge = new StdioBridge({ ...parts, lines, log });
      return bridge.run(context.streams.stdin, untilReaderGone(context, signal));
    });
  } finally {
    asking.close();
    await tokens.close();
  }
}

/** Serves clients on loopback until the signal. */
async function listen(
  { settings }: RunContext,
  terminal: Terminal,
  { port, ...parts }: Omit<LoopbackEndpointParts, 'secret'> & { port: number },
  signal: AbortSignal,
): Promise<void> {
  const given = settings.secret(SECRET_VARIABLE);
  if (given !== undefined && !SECRET.test(given)) {
    throw new CliError('usage', 'secret_malformed', `${SECRET_VARIABLE} must have 32 characters or more of A-Z, a-z, 0-9 and ._~+/=-`);
  }
  const { LoopbackEndpoint, newSecret } = await import('../bridge/loopback-endpoint.js');
  const secret = given ?? newSecret();
  const endpoint = new LoopbackEndpoint({ ...parts, secret });
  const url = await endpoint.listen(port);
  terminal.print(`Clients of this machine reach it at ${url}`);
  if (given === undefined) terminal.print(`with the header Authorization: Bearer ${secret}`);
  terminal.printJson({ url, ...(given === undefined && { headers: { Authorization: `Bearer ${secret}` } }) });
  if (!signal.aborted) await once(signal, 'abort');
  endpoint.close();
} // prettier-ignore

/** The person's tokens, opened for the first call that needs one. */
class LazyTokens {
  private opened: Promise<SharedTokens> | undefined;

  constructor(private readonly context: RunContext) {}

  get = async (wish: TokenWish) => {
    if (!(await hasLogins(this.context)))
      throw new CliError('usage', 'not_logged_in', `There is no login for ${wish.gateway}`);
    this.opened ??= openTokens(this.context);
    return (await this.opened).tokenFor(wish);
  };

  async close(): Promise<void> {
    await (await this.opened)?.close();
  }
}

interface Sources {
  endpoint: Endpoint;
  given: GivenCredentials;
  tokens: LazyTokens;
  terminal: Terminal;
}

function sourcesOf(context: RunContext, { endpoint, given, tokens, terminal }: Sources): HeaderSources {
  const key = callerKey(context);
  return {
    server: endpoint.mcp,
    key,
    readUpstreams: () => readUpstreams(endpoint, key),
    givenFor: (headers) => given.for(headers),
    tokenFor: tokens.get,
    onFailure: (gateway, { message, code }) => terminal.note(`No header for ${gateway}: ${message} (${code})`),
    now: Date.now,
  };
}

/** A login as `lethe login` makes it, whose page the client shows. */
function startLogin(context: RunContext): StartLogin {
  return async (target, screens, signal) => {
    const [{ logIn }, { secureFetch }] = await Promise.all([
      import('../login/log-in.js'),
      import('../oauth/secure-fetch.js'),
    ]);
    const store = await loginStore(context, { isPatient: false, signal });
    const isAlive = (): Promise<boolean> => Promise.resolve(false);
    // The person is asked also where another virtual server has this login: this one has not had it yet.
    const choices = { isDevice: false, mayShare: false, scope: target.scope };
    return logIn(target, choices, { store, fetch: secureFetch(directFetch, signal), screens, signal, isAlive });
  };
}

/** Also ends when nobody reads what is written. */
function untilReaderGone({ streams: { stdout } }: RunContext, signal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  for (const event of ['close', 'error']) stdout.once(event, () => gone.abort());
  return AbortSignal.any([signal, gone.signal]);
}
