import type { Era } from '@lethe/contracts';
import { isLegalHeaderValue, MAX_CREDENTIAL_BYTES, unexpandedVariable } from '@lethe/mcp';
import { type ErrorCode, LetheError } from '@lethe/platform';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { PassthroughHeader } from '../routes/table/passthrough-headers.js';
import type { Caller } from '../auth/authenticator.js';
import type { Gateway, GatewayEra } from '../routes/table/gateway.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import { DpopProofs } from './dpop-proofs.js';
import { headerFacts, loginFacts } from './header-facts.js';
import { type KeptCredential, keptFor } from './kept-choice.js';

/** RFC 6750, RFC 7617 and RFC 9449; the scheme's name is case-insensitive (RFC 9110, section 11.1). */
const SCHEMES = {
  bearer: /^Bearer [\x21-\x7e]+$/i,
  basic: /^Basic [\x21-\x7e]+$/i,
  dpop: /^DPoP [\x21-\x7e]+$/i,
} as const;

/** Errors that exclude one gateway instead of failing a request that concerns several. */
const EXCLUDES_GATEWAY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'gateway_unavailable',
  'credential_required',
  'kept_not_granted',
]);

const NOTHING: readonly [] = [];

/**
 * The caller's own credentials for one gateway, for one request and its response. Each value is exactly what the caller
 * sent for this gateway, byte for byte. Or, where the virtual server says so, the credential that is kept for the gateway.
 */
export class UpstreamCredentials {
  /** Whether it is the one that is kept for the gateway, and not the caller's. */
  readonly isKept: boolean;

  private constructor(
    readonly access: UpstreamAccess,
    private readonly ownHeaders: readonly (readonly [name: string, value: string])[],
    private readonly ownQuery: string,
    /** The one that is kept for the gateway, in the place of the caller's. */
    readonly kept: KeptCredential | undefined,
    /** Each for one request to the upstream; undefined where the caller sent none. */
    readonly proofs: DpopProofs | undefined,
  ) {
    this.isKept = kept !== undefined;
  }

  /** @throws LetheError `gateway_unavailable` if a kept one has ended since it was selected */
  get headers(): readonly (readonly [name: string, value: string])[] {
    return this.kept ? this.kept.parts().headers : this.ownHeaders;
  }

  /**
   * To append to the URL's query, already encoded; empty for none.
   * @throws LetheError as `headers`
   */
  get query(): string {
    return this.kept ? this.kept.parts().query : this.ownQuery;
  }

  /** Aborts when no further request can be sent with them, for what stays open. */
  get ended(): AbortSignal | undefined {
    return this.kept ? this.kept.ended : this.proofs?.ended;
  }

  /** Whether the caller sent nothing for this gateway. */
  get isEmpty(): boolean {
    return !this.isKept && !this.proofs && this.ownHeaders.length === 0 && this.ownQuery === '';
  }

  /** Whether the caller sent the header of a mapping of this gateway. */
  has({ mapping }: PassthroughHeader): boolean {
    const { header, to } = mapping;
    if (this.proofs?.source.mapping === mapping) return true;
    if (!to) return this.ownHeaders.some(([name]) => name === header);
    return this.ownQuery.split('&').some((pair) => pair.startsWith(`${encodeURIComponent(to.query)}=`));
  }

  /**
   * Selects the headers of a request that the gateway's mappings name.
   * @throws LetheError `credential_required`, `credential_ambiguous`, `credential_malformed`, `header_too_large`; they
   * name headers, never values; `kept_credential_only`, `kept_not_granted`, `gateway_unavailable` where a kept one is used
   */
  static select(headers: RequestHeaders, access: UpstreamAccess): UpstreamCredentials {
    const { kept: use } = access.gateway;
    const kept = use && keptFor(use, headers, access);
    if (kept) return new UpstreamCredentials(access, NOTHING, '', kept, undefined);
    const selected: [string, string][] = [];
    const query: string[] = [];
    let proofs: DpopProofs | undefined;
    for (const source of access.gateway.passthroughHeaders) {
      const value = valueOf(source, headers, access);
      if (value === undefined) continue;
      const { header, to } = source.mapping;
      if (source.hasProofs) proofs = DpopProofs.of(headers, source, value, access.gateway.slug);
      else if (to) query.push(`${encodeURIComponent(to.query)}=${encodeURIComponent(value)}`);
      else selected.push([header, value]);
    }
    return new UpstreamCredentials(access, selected, query.join('&'), undefined, proofs);
  }

  /**
   * As `select`, for anything but a call of an item.
   * @param era the client's
   * @throws LetheError as `select`; `gateway_unavailable`
   */
  static forGateway(headers: RequestHeaders, caller: Caller, gateway: Gateway, era: Era): UpstreamCredentials {
    return UpstreamCredentials.select(headers, UpstreamAccess.forGateway(caller, gateway, gateway.servedIn[era]));
  }

  /**
   * As `forGateway`, for a request that concerns several gateways. Undefined if this gateway is closed or a required
   * credential is missing. A credential that was sent and can't be used is always an error.
   * @throws LetheError `credential_ambiguous`, `credential_malformed`, `header_too_large`
   */
  static trySelect(
    headers: RequestHeaders,
    caller: Caller,
    gateway: Gateway,
    era: Era,
  ): UpstreamCredentials | undefined {
    const selected = UpstreamCredentials.selectOrReason(headers, caller, gateway, era);
    return selected instanceof LetheError ? undefined : selected;
  }

  /**
   * As `trySelect`, with the reason instead of undefined: `gateway_unavailable` or `credential_required`.
   * @throws LetheError as `trySelect`
   */
  static selectOrReason(
    headers: RequestHeaders,
    caller: Caller,
    gateway: Gateway,
    era: Era,
  ): UpstreamCredentials | LetheError {
    try {
      return UpstreamCredentials.forGateway(headers, caller, gateway, era);
    } catch (error) {
      if (error instanceof LetheError && EXCLUDES_GATEWAY.has(error.code)) return error;
      throw error;
    }
  }
}

function valueOf(source: PassthroughHeader, headers: RequestHeaders, access: UpstreamAccess): string | undefined {
  const gateway = access.gateway.slug;
  const exact = headers.get(source.exact);
  const short = source.short === undefined ? undefined : headers.get(source.short);
  if (short !== undefined && source.shortForm === 'without_owner') {
    throw new LetheError('credential_ambiguous', {
      gateway,
      header: source.shortName,
      use: access.caller.server.exactNamesFor(source.mapping.header),
    });
  }
  if (exact !== undefined && short !== undefined) {
    throw new LetheError('credential_malformed', { gateway, header: source.exactName, rule: 'given_twice' });
  }
  const value = exact ?? short;
  if (value === undefined) return missing(source, access);
  assertForm(source, value, gateway);
  return value;
}

function missing(source: PassthroughHeader, { gateway }: UpstreamAccess): undefined {
  if (!source.mapping.required) return undefined;
  const facts = { ...headerFacts(source), ...loginFacts(gateway) };
  throw new LetheError('credential_required', { gateway: gateway.slug, ...facts });
}

function assertForm(source: PassthroughHeader, value: string, gateway: string): void {
  const header = source.exactName;
  if (value.length > MAX_CREDENTIAL_BYTES) throw new LetheError('header_too_large', { gateway, header });
  if (value === '') throw new LetheError('credential_malformed', { gateway, header, rule: 'empty' });
  if (!isLegalHeaderValue(value)) throw new LetheError('credential_malformed', { gateway, header, rule: 'not_ascii' });
  const notation = unexpandedVariable(value);
  if (notation !== undefined) {
    throw new LetheError('credential_malformed', { gateway, header, rule: 'unexpanded_variable', notation });
  }
  const { scheme } = source.mapping;
  if (scheme && !SCHEMES[scheme].test(value)) {
    throw new LetheError('credential_malformed', { gateway, header, rule: 'scheme', scheme });
  }
}

/** Proof that one caller may reach one gateway. Credentials are selected only for such a proof. */
export class UpstreamAccess {
  private constructor(
    readonly caller: Caller,
    readonly gateway: Gateway,
    /** The era in which the gateway is called. */
    readonly served: GatewayEra,
    /** Undefined for anything but a call of an item. */
    readonly item: ExposedItem | undefined,
  ) {}

  /**
   * Access for a call of an item.
   * @param era the client's
   * @throws LetheError `item_unknown` when the item is not of the caller's virtual server, `gateway_unavailable`
   */
  static forItem(caller: Caller, route: ExposedItem, era: Era): UpstreamAccess {
    return UpstreamAccess.forGateway(caller, route.gateway, route.servedIn(era), route);
  }

  /**
   * Access for anything but a call of an item, such as opening and ending sessions.
   * @throws LetheError `item_unknown`, `gateway_unavailable`
   */
  static forGateway(caller: Caller, gateway: Gateway, served: GatewayEra, item?: ExposedItem): UpstreamAccess {
    if (!caller.server.gateways.includes(gateway)) throw new LetheError('item_unknown');
    if (gateway.closed) throw new LetheError('gateway_unavailable', { gateway: gateway.slug, why: gateway.closed });
    return new UpstreamAccess(caller, gateway, served, item);
  }
}
