import { isOfResource } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { OAuthRefusal, shownUrl } from '../oauth/oauth-failure.js';
import type { Fetch } from '../oauth/secure-fetch.js';
import { isBound, type Login, type LoginDocument, type LoginTokens, pinOf } from '../token-store/login-record.js';
import type { LoginStore } from '../token-store/login-store.js';
import { ProofSigner, type ProofWish } from './proof-signer.js';
import { digestOf } from './token-digest.js';

/** A token is renewed when this part of its life is over. */
const RENEW_AFTER = 0.8;
/** A clock that was set back by more: then nobody knows when a token ends. */
const CLOCK_MS = 60_000;

/** Whose token is wanted. */
export interface TokenWish {
  /** URL of the virtual server. */
  server: string;
  /** Slug. */
  gateway: string;
  /** Where the proxies say that the gateway leads to now. */
  origin: string;
  /** `digestOf` a token that the upstream did not take. */
  rejected?: string | undefined;
  /** Whether the token has to be bound to a key (RFC 9449). */
  isBound?: boolean | undefined;
  /** What to sign for it. */
  proofs?: ProofWish | undefined;
}

/** A token to send. */
export interface AccessToken {
  accessToken: string;
  /** In milliseconds since 1970; undefined if the server did not say. */
  expiresAt?: number | undefined;
  /** In the order of the methods that were wanted. */
  proofs?: string[] | undefined;
}

/** The access tokens of a person, refreshed in time. Of all processes of the person, one has this. */
export class AccessTokens {
  private readonly running = new Map<string, Promise<LoginTokens>>();
  /** Refresh tokens that their server has refused. */
  private readonly refused = new Set<string>();
  private readonly signer = new ProofSigner();

  constructor(
    private readonly store: LoginStore,
    private readonly fetch: Fetch,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws CliError `not_logged_in`, `upstream_moved`, `login_ended`, and those of requests and of the store */
  async tokenFor(wish: TokenWish): Promise<AccessToken> {
    const { rejected } = wish;
    const login = loginOf(await this.store.read(), wish);
    const tokens = this.isGood(login.tokens, rejected) ? login.tokens : await this.renewed(login, rejected);
    const { accessToken, expiresAt } = tokens;
    const proofs = await this.proofsFor(login, accessToken, wish);
    return { accessToken, expiresAt, ...(proofs && { proofs }) };
  }

  /** Only for the upstream that the person has logged in to: proofs for other places of its origin are nobody's business. */
  private async proofsFor(
    { dpopKey, resource }: Login,
    accessToken: string,
    { gateway, proofs }: TokenWish,
  ): Promise<string[] | undefined> {
    if (!dpopKey || !proofs) return undefined;
    if (!isOfResource(proofs.url, resource)) throw moved(gateway, resource, proofs.url);
    return this.signer.sign(dpopKey, accessToken, proofs);
  }

  /** One refresh for all that wait for it. */
  private async renewed(login: Login, rejected: string | undefined): Promise<LoginTokens> {
    const { resource } = login;
    const running = this.running.get(resource) ?? this.renew(login, rejected);
    this.running.set(resource, running);
    try {
      const tokens = await running;
      // It was for another one's rejection, and is what this one's upstream rejects.
      const isRejected = rejected !== undefined && digestOf(tokens.accessToken) === rejected;
      return isRejected ? await this.renew({ ...login, tokens }, rejected) : tokens;
    } finally {
      if (this.running.get(resource) === running) this.running.delete(resource);
    }
  }

  private async renew(login: Login, rejected: string | undefined): Promise<LoginTokens> {
    return this.store.alone(login.resource, async () => {
      // Another process may have done it, or the person has logged in anew.
      const current = (await this.store.read()).logins[login.resource]?.tokens;
      if (!current) throw ended(login);
      if (current.accessToken !== login.tokens.accessToken && this.isUsable(current, rejected)) return current;
      const { refreshToken } = current;
      if (refreshToken === undefined || this.refused.has(digestOf(refreshToken))) return this.still(current, rejected, login);
      try {
        // A refresh token that was used is worth nothing, so its successor has to find its place: not on a full disk.
        await this.store.change((document) => document);
        // The OAuth library is large, and most processes ask for a token that is there.
        const { refresh } = await import('../oauth/token-requests.js');
        const tokens = await refresh({ ...login, tokens: current }, refreshToken, this.fetch, this.now());
        await this.store.change((document) => withTokens(document, login.resource, refreshToken, tokens));
        return tokens;
      } catch (error) {
        const isOver = error instanceof OAuthRefusal && error.oauthCode === 'invalid_grant';
        if (isOver) this.refused.add(digestOf(refreshToken));
        if (isOver || this.isUsable(current, rejected)) return this.still(current, rejected, login);
        throw error;
      }
    });
  } // prettier-ignore

  /** What is left without a refresh: a token is good until its own end, whatever became of its refresh token. */
  private still(tokens: LoginTokens, rejected: string | undefined, login: Login): LoginTokens {
    if (this.isUsable(tokens, rejected)) return tokens;
    throw ended(login);
  }

  private isUsable({ accessToken, expiresAt }: LoginTokens, rejected: string | undefined): boolean {
    return (expiresAt ?? Infinity) > this.now() && (rejected === undefined || digestOf(accessToken) !== rejected);
  }

  private isGood(tokens: LoginTokens, rejected: string | undefined): boolean {
    const { obtainedAt, expiresAt = Infinity } = tokens;
    if (!this.isUsable(tokens, rejected) || this.now() < obtainedAt - CLOCK_MS) return false;
    return expiresAt === Infinity || this.now() < obtainedAt + (expiresAt - obtainedAt) * RENEW_AFTER;
  }
}

/**
 * The login that belongs to a gateway of a virtual server.
 * @throws CliError `not_logged_in`, `upstream_moved`
 */
function loginOf(document: LoginDocument, { server, gateway, origin, isBound: wantsBound = false }: TokenWish): Login {
  const pin = pinOf(document, server, gateway);
  const login = pin && document.logins[pin.resource];
  const withoutLogin = (text: string): CliError =>
    new CliError('usage', 'not_logged_in', text, [`Log in: lethe login ${server} ${gateway}`]);
  if (!pin || !login) throw withoutLogin(`There is no login for ${gateway}`);
  if (new URL(pin.resource).origin !== origin) throw moved(gateway, pin.resource, origin);
  if (isBound(login) === wantsBound) return login;
  const [has, wants] = wantsBound ? ['not bound', 'bound'] : ['bound', 'not bound'];
  throw withoutLogin(`Your login for ${gateway} is ${has} to a key, and the gateway takes tokens that are ${wants}`);
} // prettier-ignore

function moved(gateway: string, from: string, to: string): CliError {
  return new CliError('untrusted', 'upstream_moved', `${gateway} leads to another upstream now; no token was sent`, [
    `logged in for: ${shownUrl(from)}`,
    `leads to: ${shownUrl(to)}`,
    'If you know why: lethe logout <server> <gateway> --forget, then log in again.',
  ]);
}

function ended({ issuer, resource }: Login): CliError {
  return new CliError('refused', 'login_ended', `The login at ${shownUrl(resource)} has ended`, [
    `issuer: ${shownUrl(issuer)}`,
    'Log in again: lethe login <server> <gateway>',
  ]);
}

/** Only in place of those that were refreshed: who logged in meanwhile has newer ones. */
function withTokens(document: LoginDocument, resource: string, used: string, tokens: LoginTokens): LoginDocument {
  const login = document.logins[resource];
  if (login?.tokens.refreshToken !== used) return document;
  return { ...document, logins: { ...document.logins, [resource]: { ...login, tokens } } };
}
