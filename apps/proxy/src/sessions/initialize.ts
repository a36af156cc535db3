import type { JsonObject } from '@lethe/contracts';
import { clientInfoFrom, type RpcRequest } from '@lethe/mcp';
import { LetheError, mapConcurrent } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import type { Caller } from '../callers/caller.js';
import type { Call } from '../exchange/call.js';
import type { HeaderView } from '../exchange/header-view.js';
import { serverInfoOf } from '../lists/server-face.js';
import { Grant } from '../passthrough/grant.js';
import { Lent } from '../passthrough/lent.js';
import type { GatewayRoute } from '../routes/gateway-route.js';
import { legacyCapabilities } from './legacy-capabilities.js';
import { offeredCapabilities } from './offered.js';
import { sealSession, type SessionClaims, sessionTtlSeconds } from './session-token.js';
import type { Visits } from './visits.js';

const VISITS_AT_ONCE = 8;
/** A client that does not say who it is. */
const UNNAMED = { name: 'client', version: '0' };

/** What a client gets for its `initialize`: the result, and the token that carries its sessions. */
export interface Initialized {
  readonly resultJson: string;
  readonly token: string;
}

/** Answers `initialize`: visits the sessionful gateways, leaves out those that fail and says so (design 4.2). */
export class Initialize {
  constructor(
    private readonly visits: Visits,
    private readonly sealer: Sealer,
  ) {}

  /** @throws LetheError `credential_ambiguous`, `credential_malformed`, `session_too_large` */
  async answer(call: Call, request: RpcRequest, headers: HeaderView): Promise<Initialized> {
    const { caller, version } = call;
    const client = {
      clientInfo: clientInfoFrom(request.params['clientInfo'], UNNAMED),
      clientCapabilities: offeredCapabilities(request.params['capabilities']),
    };
    const gateways = caller.server.gateways.filter((gateway) => gateway.era === 'legacy' && gateway.isSessionful);
    const lent = gateways.map((gateway) => lend(headers, caller, gateway));
    const opened = await mapConcurrent(
      VISITS_AT_ONCE,
      lent,
      async (each, at) =>
        each && this.open(each, gateways[at]?.slug ?? '', gateways[at]?.configRevision ?? 0, version, client),
    );
    const upstream = Object.fromEntries(opened.filter((entry) => entry !== undefined));
    const leftOut = gateways.map(({ slug }) => slug).filter((slug) => !Object.hasOwn(upstream, slug));
    const iat = Math.floor(Date.now() / 1000);
    const exp = iat + sessionTtlSeconds(caller);
    const claims = { v: 1, iat, exp, protocolVersion: version, ...client, upstream } as const;
    return {
      resultJson: JSON.stringify(resultOf(call, leftOut)),
      token: sealSession(this.sealer, claims, caller),
    };
  }

  private async open(
    lent: Lent,
    slug: string,
    configRevision: number,
    version: string,
    client: Pick<SessionClaims, 'clientInfo' | 'clientCapabilities'>,
  ): Promise<[string, SessionClaims['upstream'][string]] | undefined> {
    try {
      const session = await this.visits.open(lent, version, client.clientInfo, client.clientCapabilities);
      return session.id === undefined ? undefined : [slug, [session.id, session.version, configRevision]];
    } catch (error) {
      if (error instanceof LetheError) return undefined;
      throw error;
    }
  }
}

/** Undefined for a gateway that is closed or whose credential is not there; what is wrong with a sent one is told. */
function lend(headers: HeaderView, caller: Caller, gateway: GatewayRoute): Lent | undefined {
  try {
    return Lent.fromHeaders(headers, Grant.forGateway(caller, gateway));
  } catch (error) {
    const isLeftOut =
      error instanceof LetheError && (error.code === 'gateway_unavailable' || error.code === 'credential_required');
    if (isLeftOut) return undefined;
    throw error;
  }
}

function resultOf({ caller, version }: Call, leftOut: readonly string[]): JsonObject {
  const { server } = caller;
  const notice = leftOut.length === 0 ? undefined : `Not reached when this session began: ${leftOut.join(', ')}.`;
  const instructions = [server.manifest.instructions, notice].filter((text) => text !== undefined && text !== '');
  return {
    protocolVersion: version,
    capabilities: legacyCapabilities(server),
    serverInfo: serverInfoOf(server),
    ...(instructions.length > 0 && { instructions: instructions.join('\n\n') }),
  };
}
