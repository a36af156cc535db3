import type { JsonObject } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import type { DecodedRequest, McpCall } from '../request/mcp-request.js';
import { shortClientInfo } from '../protocol/client-info.js';
import { serverInfoOf } from '../protocol/list-metadata.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { mapConcurrent } from '../upstream/map-concurrent.js';
import { legacyCapabilities, sessionClientCapabilities } from '../protocol/capabilities.js';
import { sealSession, type SessionClaims, sessionTtlSeconds } from '../sessions/session-token.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';

const SESSIONS_AT_ONCE = 8;
/** For a client that does not name itself. */
const NAMELESS = { name: 'client', version: '0' };

/** What a client gets for its `initialize`: the result, and the token that carries its sessions. */
export interface InitializeResponse {
  readonly resultJson: string;
  readonly token: string;
}

/** Answers `initialize`: visits the sessionful gateways, leaves out those that fail and says so. */
export class Initialize {
  constructor(
    private readonly upstreamSessions: UpstreamSessions,
    private readonly sealer: Sealer,
  ) {}

  /** @throws LetheError `credential_ambiguous`, `credential_malformed`, `session_too_large` */
  async respond(call: McpCall): Promise<InitializeResponse> {
    const { caller, version, message, headers } = call;
    const client = {
      clientInfo: shortClientInfo(message.params['clientInfo'], NAMELESS),
      clientCapabilities: sessionClientCapabilities(message.params['capabilities']),
    };
    const gateways = caller.server.gateways.filter((gateway) => gateway.era === 'legacy' && gateway.isSessionful);
    const credentials = gateways.map((gateway) => UpstreamCredentials.trySelect(headers, caller, gateway));
    const opened = await mapConcurrent(
      SESSIONS_AT_ONCE,
      credentials,
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
    credentials: UpstreamCredentials,
    slug: string,
    configRevision: number,
    version: string,
    client: Pick<SessionClaims, 'clientInfo' | 'clientCapabilities'>,
  ): Promise<[string, SessionClaims['upstream'][string]] | undefined> {
    try {
      const session = await this.upstreamSessions.open(
        credentials,
        version,
        client.clientInfo,
        client.clientCapabilities,
      );
      return session.id === undefined ? undefined : [slug, [session.id, session.version, configRevision]];
    } catch (error) {
      if (error instanceof LetheError) return undefined;
      throw error;
    }
  }
}

function resultOf({ caller, version }: DecodedRequest, leftOut: readonly string[]): JsonObject {
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
