import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { nameToSend, type NeededHeader, valueWith } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { loginHeadersOf, withToken } from '../login/login-headers.js';
import type { LoginTarget } from '../login/login-target.js';
import type { UpstreamOfServer } from '../mcp/upstreams.js';
import type { AccessToken, TokenWish } from '../refresher/access-tokens.js';
import { BoundLogin, type SignedHeaders } from './bound-login.js';
import type { RequestUse } from './proof-counts.js';

/** How long it counts which gateways there are and where they lead: after that, a token goes nowhere else than it was made for. */
const UPSTREAMS_MS = 60_000;
/** How long a token is used before the refresher is asked again, at most. */
const TOKEN_MS = 30_000;
/** How long the requests for all gateways wait for the next token of one, whose authorization server may hang. */
const PATIENCE_MS = 2_000;

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
  /** The nonce of each gateway in whose proofs there is one. */
  readonly nonces?: ReadonlyMap<string, string | undefined>;
}

interface LoginState {
  target: LoginTarget;
  header: NeededHeader;
  token?: string | undefined;
  error?: CliError | undefined;
  /** When to ask again. */
  until: number;
}

/** The headers that every request to a virtual server has: the caller's key, and a credential for each gateway. */
export class GatewayHeaders {
  private readonly logins = new Map<string, LoginState>();
  /** Those whose tokens are bound to a key. */
  private readonly bound = new Map<string, BoundLogin>();
  private readonly told = new Set<string>();
  private needed: readonly NeededHeader[] = [];
  private given: Record<string, string> = {};
  private upstreamsUntil = 0;
  private ready: RequestHeaders | undefined;
  private readyUntil = 0;
  private renewedAt = 0;
  private running: Promise<RequestHeaders> | undefined;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly sources: HeaderSources,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /**
   * @param use what they are for: each request to an upstream needs a proof, where tokens are bound to a key
   * @throws CliError if the proxies do not say which gateways there are
   */
  current(use: RequestUse): Promise<RequestHeaders> | RequestHeaders {
    const common = this.common();
    return this.bound.size === 0 && !(common instanceof Promise) ? common : this.withProofs(common, use);
  }

  /** Takes over what upstreams want in the next proofs. Returns whether one has refused what was sent for the lack of it. */
  learn({ headers }: IncomingMessage, sent: RequestHeaders): boolean {
    let isRefused = false;
    for (const [gateway, login] of this.bound) if (login.learn(headers, sent.nonces?.get(gateway))) isRefused = true;
    return isRefused;
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
    // The gateway may lead elsewhere since: no other token should go there.
    await (this.reading ??= this.readUpstreams().finally(() => (this.reading = undefined)));
    const login = this.logins.get(gateway);
    if (!login) return false;
    // Another call may have got a new one meanwhile.
    if (login.token === undefined || login.token === sent) await this.ask(login, sent);
    this.readyUntil = 0;
    return login.token !== undefined && login.token !== sent;
  }

  /**
   * Asks for the token of a gateway anew: the person may have logged in since. Returns whether it is another one than was sent,
   * of which nothing was wrong.
   */
  async reread(gateway: string, sent: string | undefined): Promise<boolean> {
    const login = this.logins.get(gateway);
    if (!login) return false;
    await this.ask(login);
    this.readyUntil = 0;
    return login.token !== undefined && login.token !== sent;
  }

  private common(): Promise<RequestHeaders> | RequestHeaders {
    const at = this.sources.now();
    if (this.ready && at >= this.renewedAt && at < this.readyUntil) return this.ready;
    this.running ??= this.renewAll().finally(() => (this.running = undefined));
    return this.running;
  }

  private async withProofs(common: Promise<RequestHeaders> | RequestHeaders, use: RequestUse): Promise<RequestHeaders> {
    const { headers, tokens } = await common;
    if (this.bound.size === 0) return { headers, tokens };
    const signed = (await Promise.all([...this.bound.values()].map((login) => this.sign(login, use)))).flat();
    return {
      headers: Object.fromEntries([headers, ...signed.map((one) => one.headers)].flatMap((one) => Object.entries(one))),
      tokens: new Map([...tokens, ...signed.map(({ gateway, token }) => [gateway, token] as const)]),
      nonces: new Map(signed.map(({ gateway, nonce }) => [gateway, nonce])),
    };
  }

  /** Nothing for a gateway whose login can't be used, which the others do without. */
  private async sign(bound: BoundLogin, use: RequestUse): Promise<SignedHeaders[]> {
    const login = this.logins.get(bound.gateway);
    if (login?.token === undefined) return [];
    try {
      return [await bound.sign(this.sources.tokenFor, use)];
    } catch (error) {
      this.failed(login, error);
      return [];
    }
  }

  private async renewAll(): Promise<RequestHeaders> {
    const { now, key } = this.sources;
    const isSetBack = now() < this.renewedAt;
    this.renewedAt = now();
    // The clock was set back: nobody knows how old anything is.
    if (isSetBack || now() >= this.upstreamsUntil) await this.readUpstreams();
    const logins = [...this.logins.values()];
    const due = logins.filter(({ until }) => isSetBack || now() >= until);
    await Promise.all(due.map((login) => this.askInTime(login)));
    const own: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    const headers = { ...own, ...this.given };
    const tokens = new Map<string, string>();
    for (const { header, token } of logins) {
      if (token === undefined || this.bound.has(header.gateway)) continue;
      Object.assign(headers, withToken(header, token));
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
    const boundBefore = new Map(this.bound);
    this.logins.clear();
    this.bound.clear();
    for (const wanted of loginHeadersOf(upstreams)) {
      const { header, origin, oauth, isBound } = wanted;
      const { gateway } = header;
      const known = before.get(gateway);
      if (given.has(header)) continue;
      // A gateway that leads elsewhere now is asked for anew, which the pin of the login then refuses.
      const isSame = known?.target.origin === origin && known.target.isBound === isBound;
      const target = { server, gateway, origin, oauth, isBound };
      // The same object, as somebody may be waiting for its token.
      this.logins.set(gateway, Object.assign(isSame ? known : { until: 0 }, { header, target }));
      if (isBound) this.bound.set(gateway, BoundLogin.of(wanted, target, boundBefore.get(gateway)));
    }
    this.upstreamsUntil = now() + UPSTREAMS_MS;
  } // prettier-ignore

  /** Only the first token is waited for. Later, who calls the gateway finds out what its token is worth, and waits in `renew`. */
  private async askInTime(login: LoginState): Promise<void> {
    const isFirst = login.token === undefined && login.error === undefined;
    const asked = this.ask(login);
    if (isFirst) return asked;
    const late = pause(this.patienceMs, 'late', { ref: false });
    if ((await Promise.race([asked, late])) !== 'late') return;
    login.until = this.sources.now() + TOKEN_MS;
    void asked.then(() => (this.readyUntil = 0));
  }

  private async ask(login: LoginState, sent?: string): Promise<void> {
    const { now, tokenFor } = this.sources;
    const rejected = sent === undefined ? undefined : await digestOf(sent);
    const { server, gateway, origin, isBound } = login.target;
    try {
      const { accessToken, expiresAt = Infinity } = await tokenFor({ server, gateway, origin, isBound, rejected });
      login.token = accessToken;
      login.error = undefined;
      // The refresher renews it before its end; half of what is left is early enough to hear of that.
      login.until = now() + Math.min(TOKEN_MS, Math.max(0, (expiresAt - now()) / 2));
    } catch (error) {
      this.failed(login, error);
    }
  }

  private failed(login: LoginState, error: unknown): void {
    login.token = undefined;
    login.error = error instanceof CliError ? error : new CliError('unexpected', 'unexpected', 'The login can not be used');
    login.until = this.sources.now() + TOKEN_MS;
    this.tell(login.target.gateway, login.error);
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
