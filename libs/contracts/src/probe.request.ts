import { IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import type { Era, Transport, UpstreamFacts } from './catalogue.js';
import { COMPACT_JWS } from './compact-jose.js';
import type { ClientRegistration } from './oauth.js';
import { SUBJECTS } from './subjects.js';

/** How long a probe may take, network and bus included. */
export const PROBE_TIMEOUT_MS = 10_000;

/** What to look at, without a credential; signed by the registry. */
export interface ProbeOrder {
  /** Canonical URL that may be registered. */
  url: string;
  transport: Transport;
  /** Epoch seconds. */
  exp: number;
}

/** One era that an upstream answers in. */
export interface ProbedEra {
  era: Era;
  protocolVersions: string[];
  /** Whether it keeps sessions; absent in the modern era, which has none. */
  sessionful?: boolean;
}

/** An authorization server that an upstream names (RFC 9728), or that stands at its origin, and what it says of itself (RFC 8414). */
export interface ProbedAuthorizationServer {
  issuer: string;
  /** Its document was read, and names exactly this issuer. */
  isConfirmed: boolean;
  /** How a client can become known there without help; absent if its document was not read. */
  registration?: ClientRegistration[];
  /** Whether it has the device flow (RFC 8628). */
  device?: true;
  /** Whether it binds tokens to a key (RFC 9449). */
  dpop?: true;
  authorizationEndpoint?: string;
  tokenEndpoint?: string;
  registrationEndpoint?: string;
  /** Methods of PKCE (RFC 7636). */
  pkce?: string[];
  grantTypes?: string[];
  scopes?: string[];
}

/** What an upstream says about authorization. */
export interface ProbedAuthorization {
  /** Where its protected resource metadata (RFC 9728) is; absent if it has none. */
  resourceMetadata?: string;
  resource?: string;
  scopes?: string[];
  servers: ProbedAuthorizationServer[];
}

/** What a 401 asks for. */
export interface ProbedChallenge {
  /** Registered authentication schemes. */
  schemes: string[];
  realm?: string;
  scope?: string;
  resourceMetadata?: string;
}

/** What answers at a URL without a credential; signed by the connector. Texts of the upstream are cut and cleaned. */
export interface ProbeReport {
  url: string;
  /** `open`: it needs no credential to begin. `not_mcp`: something else answers. */
  outcome: 'open' | 'credential_required' | 'redirected' | 'not_mcp' | 'unreachable';
  /** Why it is unreachable, or what it did instead. */
  why?: string;
  httpStatus?: number;
  eras: ProbedEra[];
  transport?: UpstreamFacts['transport'];
  serverName?: string;
  challenge?: ProbedChallenge;
  tls?: { protocol: string; issuer: string; expiresAt: string };
  /** The origin that it redirects to; redirects are not followed. */
  redirectsTo?: string;
  /** The URL to register instead, if that is certainly the same server. */
  registerUrl?: string;
  authorization?: ProbedAuthorization;
  requests: number;
  durationMs: number;
}

/** The report, or why there is none. */
export class ProbeUpstreamReply {
  @IsIn(['answered', 'busy', 'order_refused'])
  status!: 'answered' | 'busy' | 'order_refused';

  /** `ProbeReport`, signed by the connector. */
  @IsOptional()
  @Matches(COMPACT_JWS)
  report?: string;
}

/** Looks at a URL without a credential. */
export class ProbeUpstream {
  static readonly subject = SUBJECTS.probe;
  static readonly queue = 'lethe-connectors';
  static readonly reply = ProbeUpstreamReply;

  /** `ProbeOrder`, signed by the registry. */
  @Matches(COMPACT_JWS)
  @MaxLength(16 * 1024)
  order!: string;
}
