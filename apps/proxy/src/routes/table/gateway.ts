import type { Era, EraFacts, JsonObject, ManifestGateway, UpstreamFacts } from '@lethe/contracts';
import { upstreamUrlProblem, type UpstreamPolicy } from '@lethe/mcp';
import { GatewayGate } from './gateway-gate.js';
import type { KeptUse } from './kept-gateways.js';
import type { PassthroughHeader } from './passthrough-headers.js';
import { type ToldOAuth, toldOAuth } from './told-oauth.js';

/** Why a gateway can't be called. Its items are not listed, and keep their names. */
export type ClosedReason = 'disabled' | 'not_covered' | 'url_forbidden';

/** Where requests to one gateway are sent. */
export interface UpstreamTarget {
  readonly origin: string;
  readonly hostname: string;
  readonly path: string;
  /** Query of the registered URL, without parameters that mappings write and without the question mark. */
  readonly query: string;
  readonly tlsCa: string | undefined;
}

/** One era in which a gateway's upstream is called. */
export interface GatewayEra {
  readonly era: Era;
  /** What the verification negotiated. */
  readonly protocolVersion: string;
  readonly isSessionful: boolean;
  /** What the upstream declared at its verification. */
  readonly capabilities: JsonObject;
  readonly listScope: EraFacts['listScope'];
}

/** One gateway of a virtual server, ready to be called. */
export interface Gateway {
  readonly id: string;
  readonly slug: string;
  /** Display name. */
  readonly name: string;
  readonly transport: UpstreamFacts['transport'];
  /** By the era of the client: the client's own, if the upstream speaks it, else the other one. */
  readonly servedIn: Readonly<Record<Era, GatewayEra>>;
  readonly isListed: boolean;
  /** Whether its tools' hints about themselves are believed. */
  readonly trustsHints: boolean;
  readonly configRevision: number;
  readonly target: UpstreamTarget;
  readonly passthroughHeaders: readonly PassthroughHeader[];
  /** How callers get tokens for it, where they can send one. */
  readonly oauth: ToldOAuth | undefined;
  readonly closed: ClosedReason | undefined;
  /** Whether calls may go to it now. */
  readonly gate: GatewayGate;
  /** How the virtual server uses the credential that is kept for it; undefined if it uses callers' own alone. */
  readonly kept: KeptUse | undefined;
}

/**
 * Builds a gateway.
 * @param isCovered whether a connector's receipt covers exactly this configuration
 */
export function toGateway(
  gateway: ManifestGateway,
  passthroughHeaders: readonly PassthroughHeader[],
  isCovered: boolean,
  policy: UpstreamPolicy,
  gate = new GatewayGate(gateway.slug),
  kept?: KeptUse,
): Gateway {
  const { facts } = gateway;
  return {
    id: gateway.id,
    slug: gateway.slug,
    name: gateway.name,
    transport: facts.transport,
    servedIn: servedIn(facts),
    // With `listing: live`, items that were found with another credential are not listed.
    isListed: gateway.listing === 'catalogue',
    trustsHints: gateway.trustHints === true,
    configRevision: gateway.configRevision,
    target: targetOf(gateway),
    passthroughHeaders,
    oauth: toldOAuth(gateway),
    closed: closedReason(gateway, isCovered, policy),
    gate,
    kept,
  };
}

function servedIn(facts: UpstreamFacts): Gateway['servedIn'] {
  const main = toGatewayEra(facts);
  const other = facts.otherEra ? toGatewayEra(facts.otherEra) : main;
  return main.era === 'legacy' ? { legacy: main, modern: other } : { legacy: other, modern: main };
}

function toGatewayEra({ era, protocolVersion, sessionful, capabilities, listScope }: EraFacts): GatewayEra {
  return { era, protocolVersion, isSessionful: sessionful, capabilities, listScope };
}

function closedReason(gateway: ManifestGateway, isCovered: boolean, policy: UpstreamPolicy): ClosedReason | undefined {
  if (!isCovered) return 'not_covered';
  if (upstreamUrlProblem(gateway.url, policy)) return 'url_forbidden';
  return gateway.enabled ? undefined : 'disabled';
}

function targetOf(gateway: ManifestGateway): UpstreamTarget {
  const url = URL.canParse(gateway.url) ? new URL(gateway.url) : new URL('http://invalid.invalid/');
  const written = new Set(gateway.mappings.flatMap(({ to }) => (to ? [to.query] : [])));
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !written.has(nameOf(pair)));
  return {
    origin: url.origin,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    path: url.pathname,
    query: kept.join('&'),
    tlsCa: gateway.tlsCa,
  };
}

function nameOf(pair: string): string {
  return [...new URLSearchParams(pair).keys()][0] ?? '';
}
