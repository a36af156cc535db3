import { nameToSend, type NeededHeader, valueWith } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { loginHeadersOf } from '../login/login-headers.js';
import type { LoginTarget } from '../login/login-target.js';
import type { UpstreamOfServer } from '../mcp/upstreams.js';
import type { AccessToken, TokenWish } from '../refresher/access-tokens.js';

/** How long it counts which gateways there are and where they lead: a token goes nowhere else than it was made for. */
const UPSTREAMS_MS = 60_000;
/** How long a token is used before the refresher is asked again, at most. */
const TOKEN_MS = 30_000;

/** What the headers are made of. */
export interface HeaderSources {
  /** URL of the virtual server. */
  server: string;
  key: string | undefined;
  readUpstreams: () => Promise<UpstreamOfServer[]>;
  /** A credential that is not from a login; undefined if there is none. @throws CliError `gateway_unknown` */
  givenFor: (headers: readonly NeededHeader[]) => ReadonlyMap<NeededHeader, string>;
  tokenFor: (wish: TokenWish) => Promise<AccessToken>;
  /** Called when a login can't be used, once for each reason. */
  onFailure: (gateway: string, error: CliError) => void;
  now: () => number;
}

/** The headers of one request, with the token of each gateway whose login is in them. */
export interface RequestHeaders {
  readonly headers: Readonly<Record<string, string>>;
  readonly tokens: ReadonlyMap<string, string>;
}

interface LoginState {
  readonly target: LoginTarget;
  readonly header: NeededHeader;
  token?: string | undefined;
  error?: CliError | undefined;
  /** When to ask again. */
  until: number;
}

/** The headers that every request to a virtual server has: the caller's key, and a credential for each gateway. */
export class GatewayHeaders {
  private readonly logins = new Map<string, LoginState>();
  private readonly told = new Set<string>();
  private needed: readonly NeededHeader[] = [];
  private given: Record<string, string> = {};
  private upstreamsUntil = 0;
  private ready: RequestHeaders | undefined;
  private readyUntil = 0;
  private running: Promise<RequestHeaders> | undefined;

  constructor(private readonly sources: HeaderSources) {}

  /** @throws CliError if the proxies do not say which gateways there are */
  current(): Promise<RequestHeaders> | RequestHeaders {
    if (this.ready && this.sources.now() < this.readyUntil) return this.ready;
    this.running ??= this.renewAll().finally(() => (this.running = undefined));
    return this.running;
  }

  /** The login that a gateway's credential comes from; undefined if it comes from elsewhere. */
  targetOf(gateway: string): LoginTarget | undefined {
    return this.logins.get(gateway)?.target;
  }

  /** The variables from which the credential of a gateway is taken. */
  variablesOf(gateway: string): string[] {
    return this.needed.filter((header) => header.gateway === gateway).map(({ variable }) => variable);
  }

  /** Why there is no token for a gateway. */
  whyNot(gateway: string): CliError | undefined {
    return this.logins.get(gateway)?.error;
  }

  /**
   * Gets another token for a gateway than the one that was sent. Returns whether there is one.
   * @param sent the token that the upstream rejected; undefined if none was sent
   */
  async renew(gateway: string, sent: string | undefined): Promise<boolean> {
    const login = this.logins.get(gateway);
    if (!login) return false;
    // Another call may have got a new one meanwhile.
    if (login.token === undefined || login.token === sent) await this.ask(login, sent);
    this.readyUntil = 0;
    return login.token !== undefined && login.token !== sent;
  }

  private async renewAll(): Promise<RequestHeaders> {
    const { now, key } = this.sources;
    if (now() >= this.upstreamsUntil) await this.readUpstreams();
    const logins = [...this.logins.values()];
    await Promise.all(logins.filter(({ until }) => now() >= until).map((login) => this.ask(login)));
    const own: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    const headers = { ...own, ...this.given };
    const tokens = new Map<string, string>();
    for (const { header, token } of logins) {
      if (token === undefined) continue;
      headers[nameToSend(header)] = valueWith(header, token);
      tokens.set(header.gateway, token);
    }
    this.readyUntil = Math.min(this.upstreamsUntil, ...logins.map(({ until }) => until));
    this.ready = { headers, tokens };
    return this.ready;
  }

  private async readUpstreams(): Promise<void> {
    const { server, readUpstreams, givenFor, now } = this.sources;
    const upstreams = await readUpstreams();
    this.needed = upstreams.flatMap(({ headers }) => headers);
    const given = givenFor(this.needed);
    this.given = Object.fromEntries([...given].map(([header, value]) => [nameToSend(header), valueWith(header, value)]));
    const before = new Map(this.logins);
    this.logins.clear();
    for (const { header, origin } of loginHeadersOf(upstreams)) {
      const { gateway } = header;
      const known = before.get(gateway);
      if (given.has(header)) continue;
      // A gateway that leads elsewhere now is asked for anew, which the pin of the login then refuses.
      const state = known?.target.origin === origin ? known : { until: 0 };
      this.logins.set(gateway, { ...state, header, target: { server, gateway, origin } });
    }
    this.upstreamsUntil = now() + UPSTREAMS_MS;
  } // prettier-ignore

  private async ask(login: LoginState, sent?: string): Promise<void> {
    const { now, tokenFor } = this.sources;
    const rejected = sent === undefined ? undefined : await digestOf(sent);
    try {
      const { accessToken, expiresAt = Infinity } = await tokenFor({ ...login.target, rejected });
      login.token = accessToken;
      login.error = undefined;
      // The refresher renews it before its end; half of what is left is early enough to hear of that.
      login.until = now() + Math.min(TOKEN_MS, Math.max(0, (expiresAt - now()) / 2));
    } catch (error) {
      login.token = undefined;
      login.error = error instanceof CliError ? error : new CliError('unexpected', 'unexpected', 'The login can not be used');
      login.until = now() + TOKEN_MS;
      this.tell(login.target.gateway, login.error);
    }
  } // prettier-ignore

  private tell(gateway: string, error: CliError): void {
    const reason = `${gateway} ${error.code}`;
    if (this.told.has(reason)) return;
    this.told.add(reason);
    this.sources.onFailure(gateway, error);
  }
}

/** With what it takes to make digests, which most bridges never need. */
async function digestOf(token: string): Promise<string> {
  return (await import('../refresher/token-digest.js')).digestOf(token);
}
